/* Durations in buckets that are at most 1/256 of their value wide, as an HDR histogram has them. */
#include <stdint.h>

enum { SUB_BITS = 8, SUB = 1 << SUB_BITS, BUCKETS = (64 - SUB_BITS + 1) * SUB };

struct histogram {
    uint64_t counts[BUCKETS];
    uint64_t total;
    uint64_t max;
};

/* Below SUB each value has its own bucket; above, each power of two has SUB of them. */
static inline unsigned bucket_of(uint64_t value)
{
    if (value < SUB)
        return (unsigned)value;
    unsigned shift = 63u - (unsigned)__builtin_clzll(value) - SUB_BITS;
    return (shift + 1) * SUB + (unsigned)(value >> shift) - SUB;
}

static inline uint64_t middle_of(unsigned bucket)
{
    if (bucket < SUB)
        return bucket;
    unsigned shift = bucket / SUB - 1;
    return ((uint64_t)(SUB + bucket % SUB) << shift) + ((1ull << shift) >> 1);
}

static inline void record(struct histogram *histogram, uint64_t value)
{
    histogram->counts[bucket_of(value)]++;
    histogram->total++;
    if (value > histogram->max)
        histogram->max = value;
}

/* The value that a share of all values does not exceed; 0 if there are none. */
static inline uint64_t quantile(const struct histogram *histogram, double share)
{
    double wanted = share * (double)histogram->total;
    uint64_t seen = 0;
    for (unsigned bucket = 0; bucket < BUCKETS && histogram->total > 0; bucket++) {
        seen += histogram->counts[bucket];
        if (seen > 0 && (double)seen >= wanted) {
            uint64_t value = middle_of(bucket);
            return value < histogram->max ? value : histogram->max;
        }
    }
    return histogram->max;
}

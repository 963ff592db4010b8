/*
 * The bytes that a connection sends: a function of its number and of the place in its stream, so that every byte that comes
 * back can be told right or wrong.
 */
#include <stdint.h>
#include <string.h>

enum {
    PERIOD = 32749,    /* a prime, so that no size of a message lines up with it */
    CHUNK = 256 * 1024 /* the most that is sent or received at once */
};

static unsigned char pattern[PERIOD + CHUNK];

static inline void make_pattern(void)
{
    uint64_t state = 88172645463325252ull;
    for (unsigned i = 0; i < sizeof pattern; i++) {
        if (i >= PERIOD) {
            pattern[i] = pattern[i - PERIOD];
            continue;
        }
        state ^= state << 7; /* xorshift */
        state ^= state >> 9;
        pattern[i] = (unsigned char)(state >> 24);
    }
}

/* CHUNK bytes from a place in a connection's stream on. */
static inline const unsigned char *pattern_at(uint64_t connection, uint64_t position)
{
    return pattern + (connection * 7919 + position) % PERIOD;
}

static inline int is_right(const unsigned char *bytes, size_t length, uint64_t connection, uint64_t position)
{
    return memcmp(bytes, pattern_at(connection, position), length) == 0;
}

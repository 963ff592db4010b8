/* Who has used the processors, in seconds since some time in the past: for differences. */
#define _GNU_SOURCE
#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/types.h>
#include <time.h>
#include <unistd.h>

struct meter {
    double now;
    double server;    /* user and system time of the server's process, dead threads included */
    double self;
    double self_wait; /* this process could have run, and another had its core */
    double machine;   /* all that was done on all cores, for whomever */
    double steal;     /* what the host gave to other virtual machines */
};

static inline double seconds_of(clockid_t clock)
{
    struct timespec time = {0, 0};
    clock_gettime(clock, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static inline uint64_t nanos(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (uint64_t)time.tv_sec * 1000000000u + (uint64_t)time.tv_nsec;
}

static inline void read_machine(struct meter *meter)
{
    FILE *file = fopen("/proc/stat", "r");
    uint64_t user, nice, system, idle, wait, irq, softirq, steal;
    if (!file)
        return;
    if (fscanf(file, "cpu %" SCNu64 " %" SCNu64 " %" SCNu64 " %" SCNu64 " %" SCNu64 " %" SCNu64 " %" SCNu64 " %" SCNu64,
                &user, &nice, &system, &idle, &wait, &irq, &softirq, &steal) == 8) {
        double ticks = (double)sysconf(_SC_CLK_TCK);
        meter->machine = (double)(user + nice + system + irq + softirq) / ticks;
        meter->steal = (double)steal / ticks;
    }
    fclose(file);
}

static inline void read_self_wait(struct meter *meter)
{
    FILE *file = fopen("/proc/self/schedstat", "r");
    uint64_t ran, waited;
    if (!file)
        return; /* a kernel without scheduler statistics */
    if (fscanf(file, "%" SCNu64 " %" SCNu64, &ran, &waited) == 2)
        meter->self_wait = (double)waited / 1e9;
    fclose(file);
}

/* server: a process, or 0 for none. */
static inline struct meter read_meter(pid_t server)
{
    struct meter meter = {0};
    clockid_t clock;
    if (server > 0 && clock_getcpuclockid(server, &clock) == 0)
        meter.server = seconds_of(clock);
    read_machine(&meter);
    read_self_wait(&meter);
    meter.self = seconds_of(CLOCK_PROCESS_CPUTIME_ID);
    meter.now = seconds_of(CLOCK_MONOTONIC);
    return meter;
}

/* The differences, as the inside of a JSON object. */
static inline void print_meter(const struct meter *from, const struct meter *to)
{
    printf("\"seconds\":%.6f,\"server_cpu_s\":%.6f,\"load_cpu_s\":%.6f,\"load_wait_s\":%.6f,\"machine_cpu_s\":%.2f,"
           "\"steal_s\":%.2f",
            to->now - from->now, to->server - from->server, to->self - from->self, to->self_wait - from->self_wait,
            to->machine - from->machine, to->steal - from->steal);
}

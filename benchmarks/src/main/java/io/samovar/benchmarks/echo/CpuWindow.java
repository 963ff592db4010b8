package io.samovar.benchmarks.echo;

import java.time.Duration;

/**
 * What one server did in one window.
 *
 * @param count of what was done, such as requests
 * @param cpuNanos of all threads of the server
 */
record CpuWindow(long count, long cpuNanos, Duration window) {
    double cpuMicros() {
        return cpuNanos / 1e3 / count;
    }

    /** How many a second. */
    double rate() {
        return count / (window.toNanos() / 1e9);
    }
}

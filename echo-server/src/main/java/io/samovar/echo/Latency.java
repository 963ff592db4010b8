package io.samovar.echo;

import org.HdrHistogram.Histogram;

/** The distribution of the round-trip times, in microseconds; all 0 if there were none. */
record Latency(double mean, double p50, double p90, double p99, double p999, double max) {
    /** Takes the figures from a histogram of nanoseconds. */
    static Latency of(Histogram nanos) {
        return new Latency(
                nanos.getMean() / 1000,
                at(nanos, 50),
                at(nanos, 90),
                at(nanos, 99),
                at(nanos, 99.9),
                nanos.getMaxValue() / 1000.0);
    }

    private static double at(Histogram nanos, double percentile) {
        return nanos.getValueAtPercentile(percentile) / 1000.0;
    }
}

package io.samovar.benchmarks;

import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.results.BenchmarkResult;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.RunResult;

/**
 * What one operation costs: the median of all iterations.
 *
 * @param time in the unit of the table
 * @param bytes allocated, or NaN where that was not measured
 */
record Cost(double time, double bytes) {
    /** JMH names allocations so, with a dot before it in some versions. */
    private static final String BYTES = "gc.alloc.rate.norm";

    static Cost of(RunResult result) {
        boolean once = result.getParams().getMode() == Mode.SingleShotTime;
        boolean manyThreads = result.getParams().getBenchmark().endsWith(".virtualThreads");
        double time = once ? median(result, null) / 1000 : median(result, manyThreads ? null : CpuTime.RESULT);
        return new Cost(time, once || manyThreads ? Double.NaN : median(result, BYTES));
    }

    /** Of a secondary result, or of the primary one. */
    private static double median(RunResult result, @Nullable String secondary) {
        return Median.of(result.getBenchmarkResults().stream()
                .map(BenchmarkResult::getIterationResults)
                .flatMap(iterations -> iterations.stream())
                .mapToDouble(iteration -> score(iteration, secondary))
                .toArray());
    }

    private static double score(IterationResult iteration, @Nullable String secondary) {
        if (secondary == null) {
            return iteration.getPrimaryResult().getScore();
        }
        for (String key : iteration.getSecondaryResults().keySet()) {
            if (key.endsWith(secondary)) {
                return iteration.getSecondaryResults().get(key).getScore();
            }
        }
        return Double.NaN;
    }

    @Override
    public String toString() {
        String text = String.format(Locale.ROOT, time < 10 ? "%.2f" : time < 100 ? "%.1f" : "%.0f", time);
        return Double.isNaN(bytes) ? text : text + ", " + Math.round(bytes) + " B";
    }
}

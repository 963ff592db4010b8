package io.samovar.benchmarks;

/** What the benchmarks throw, with a stack trace or without. */
public final class BenchmarkException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /**
     * Makes one.
     *
     * @param trace whether to fill in the stack trace
     */
    public BenchmarkException(boolean trace) {
        super("thrown by a benchmark", null, false, trace);
    }
}

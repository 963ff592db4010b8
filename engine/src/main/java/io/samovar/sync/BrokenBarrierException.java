package io.samovar.sync;

/** The barrier was aborted, or reset while the task waited at it. asyncio: {@code BrokenBarrierError}. */
public final class BrokenBarrierException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public BrokenBarrierException(String message) {
        super(message);
    }
}

package io.samovar;

/**
 * Takes what went wrong where nobody awaits: in a callback, in a task that nobody asks for its result.
 *
 * <p>asyncio: {@code loop.set_exception_handler}.
 */
@FunctionalInterface
public interface ExceptionHandler {
    /** Logs the failure through the {@link System.Logger} named {@code io.samovar}, at level ERROR. */
    ExceptionHandler LOGGING = (loop, failure) -> {
        Object source = failure.source();
        EventLoop.LOG.log(
                System.Logger.Level.ERROR,
                source == null ? failure.message() : failure.message() + ": " + source,
                failure.exception());
        Throwable created = source == null ? null : loop.createdAt(source);
        if (created != null) {
            EventLoop.LOG.log(System.Logger.Level.ERROR, "where it was made: " + source, created);
        }
    };

    /**
     * Called on the loop thread. What it throws is logged together with the failure, and the loop goes on.
     */
    void handle(EventLoop loop, LoopFailure failure);
}

package io.samovar;

import org.jspecify.annotations.Nullable;

/**
 * The task or future was cancelled.
 *
 * <p>It is thrown at the await where a cancelled task stands. It is an {@link Error}, so that {@code catch (Exception e)}
 * does not swallow it; {@code finally} blocks run as always. Catch it to clean up, then throw it on. A time limit that ran
 * out is an {@link AsyncTimeoutException} instead. asyncio: {@code CancelledError}.
 */
public final class CancelledError extends Error {
    private static final long serialVersionUID = 1L;

    public CancelledError(@Nullable String message) {
        super(message);
    }

    /**
     * Does nothing: cancelling is frequent and is no error. The stack trace shows the awaits that it was thrown at, once
     * it has been thrown there.
     */
    @Override
    public synchronized Throwable fillInStackTrace() {
        return this;
    }
}

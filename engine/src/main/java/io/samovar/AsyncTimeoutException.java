package io.samovar;

/** A time limit ran out. asyncio: {@code TimeoutError}. */
public final class AsyncTimeoutException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public AsyncTimeoutException(String message) {
        super(message);
    }

    /** @param cause the {@link CancelledError} that ended what took too long */
    public AsyncTimeoutException(String message, Throwable cause) {
        super(message, cause);
    }
}

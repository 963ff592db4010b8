package io.samovar;

/** The event loop is closed and takes nothing more. asyncio: {@code RuntimeError("Event loop is closed")}. */
public final class LoopClosedException extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    public LoopClosedException(String message) {
        super(message);
    }
}

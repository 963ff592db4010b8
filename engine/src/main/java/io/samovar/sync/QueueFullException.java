package io.samovar.sync;

/** The queue has no room for another item at once. asyncio: {@code QueueFull}. */
public final class QueueFullException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public QueueFullException(String message) {
        super(message);
    }
}

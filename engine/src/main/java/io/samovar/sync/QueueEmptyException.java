package io.samovar.sync;

/** The queue has nothing to give at once. asyncio: {@code QueueEmpty}. */
public final class QueueEmptyException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public QueueEmptyException(String message) {
        super(message);
    }
}

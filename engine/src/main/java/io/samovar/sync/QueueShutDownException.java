package io.samovar.sync;

/** The queue was shut down: nothing can be put into it any more, and what was in it has been taken. asyncio: {@code QueueShutDown}. */
public final class QueueShutDownException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public QueueShutDownException(String message) {
        super(message);
    }
}

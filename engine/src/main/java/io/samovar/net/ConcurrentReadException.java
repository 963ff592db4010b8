package io.samovar.net;

/** Two tasks wanted to read from one stream at the same time, so each would have got a part of the bytes. */
public final class ConcurrentReadException extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    public ConcurrentReadException(String message) {
        super(message);
    }
}

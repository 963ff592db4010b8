package io.samovar;

/** A future was asked for a result it does not have yet, or given one twice. asyncio: {@code InvalidStateError}. */
public final class InvalidStateException extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    public InvalidStateException(String message) {
        super(message);
    }
}

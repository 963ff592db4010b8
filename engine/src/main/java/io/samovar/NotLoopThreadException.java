package io.samovar;

/** Something that belongs to a loop was used from another thread. The message says which, and what to call instead. */
public final class NotLoopThreadException extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    public NotLoopThreadException(String message) {
        super(message);
    }
}

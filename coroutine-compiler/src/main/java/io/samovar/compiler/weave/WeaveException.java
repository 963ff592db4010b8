package io.samovar.compiler.weave;

/** A method cannot be made a coroutine. The message names the method and the reason. */
public final class WeaveException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public WeaveException(String message) {
        super(message);
    }

    public WeaveException(String message, Throwable cause) {
        super(message, cause);
    }
}

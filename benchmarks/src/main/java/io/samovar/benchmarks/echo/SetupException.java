package io.samovar.benchmarks.echo;

/** This machine lacks something that the measurement needs; the message says how to mend it. */
public final class SetupException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public SetupException(String message) {
        super(message);
    }

    public SetupException(String message, Throwable cause) {
        super(message, cause);
    }
}

package io.samovar.net;

import java.io.EOFException;

/** The stream ended before everything that was asked for had come. asyncio: {@code IncompleteReadError}. */
public final class IncompleteReadException extends NetworkException {
    private static final long serialVersionUID = 1L;

    /** What {@link #expected()} gives when a separator was waited for. */
    public static final int UNKNOWN = -1;

    private final byte[] partial;
    private final int expected;

    IncompleteReadException(byte[] partial, int expected) {
        super(
                "the stream ended after " + partial.length + " bytes"
                        + (expected == UNKNOWN ? ", before the separator" : " of " + expected),
                0,
                new EOFException());
        this.partial = partial;
        this.expected = expected;
    }

    /** The bytes that did come; they are taken out of the stream. */
    public byte[] partial() {
        return partial.clone();
    }

    /** How many bytes were asked for, or {@link #UNKNOWN}. */
    public int expected() {
        return expected;
    }
}

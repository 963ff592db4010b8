package io.samovar.net;

import java.io.IOException;

/** The peer sent more than the limit without what was waited for. asyncio: {@code LimitOverrunError}. */
public final class LimitOverrunException extends NetworkException {
    private static final long serialVersionUID = 1L;

    private final int consumed;

    LimitOverrunException(String message, int consumed) {
        super(message, 0, new IOException(message));
        this.consumed = consumed;
    }

    /** How many of the bytes that came were looked at in vain: so many can be read and dropped to get further. */
    public int consumed() {
        return consumed;
    }
}

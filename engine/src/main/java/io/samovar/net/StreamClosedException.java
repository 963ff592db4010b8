package io.samovar.net;

import java.nio.channels.ClosedChannelException;

/** The stream was closed on this side, so what was asked of it cannot be done any more. */
public final class StreamClosedException extends NetworkException {
    private static final long serialVersionUID = 1L;

    public StreamClosedException(String message) {
        super(message, 0, new ClosedChannelException());
    }
}

package io.samovar.net;

import java.io.IOException;

/**
 * More bytes waited to be written than the server allows: on this connection, or on all together when this one had the most.
 */
public final class BufferLimitException extends ServerLimitException {
    private static final long serialVersionUID = 1L;

    BufferLimitException(String message) {
        super(message, new IOException(message));
    }
}

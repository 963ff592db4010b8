package io.samovar.net;

import java.io.IOException;

/** The peer cut the connection with a reset ({@code ECONNRESET}); what it had sent and we had not read is lost. */
public final class ConnectionResetException extends NetworkException {
    private static final long serialVersionUID = 1L;

    public ConnectionResetException(String message, int errno, IOException cause) {
        super(message, errno, cause);
    }
}

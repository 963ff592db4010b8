package io.samovar.net;

import java.io.IOException;

/** The peer stopped answering, and the system gave up ({@code ETIMEDOUT}). */
public final class ConnectionTimedOutException extends NetworkException {
    private static final long serialVersionUID = 1L;

    public ConnectionTimedOutException(String message, int errno, IOException cause) {
        super(message, errno, cause);
    }
}

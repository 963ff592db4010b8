package io.samovar.net;

import java.io.IOException;

/** The connection was given up before it was used ({@code ECONNABORTED}). */
public final class ConnectionAbortedException extends NetworkException {
    private static final long serialVersionUID = 1L;

    public ConnectionAbortedException(String message, int errno, IOException cause) {
        super(message, errno, cause);
    }
}

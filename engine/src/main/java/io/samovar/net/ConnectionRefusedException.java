package io.samovar.net;

import java.io.IOException;

/** Nobody listens at the address, or it refuses us ({@code ECONNREFUSED}). */
public final class ConnectionRefusedException extends NetworkException {
    private static final long serialVersionUID = 1L;

    public ConnectionRefusedException(String message, int errno, IOException cause) {
        super(message, errno, cause);
    }
}

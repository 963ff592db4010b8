package io.samovar.net;

import java.io.IOException;

/**
 * TLS failed on this connection, and nothing more can be read or written: bytes were forged or damaged, the peer sent an
 * alert, or it asked for what is refused here.
 *
 * <p>{@link #getCause()} is the TLS engine's own exception.
 */
public class TlsException extends NetworkException {
    private static final long serialVersionUID = 1L;

    public TlsException(String message, IOException cause) {
        super(message, 0, cause);
    }
}

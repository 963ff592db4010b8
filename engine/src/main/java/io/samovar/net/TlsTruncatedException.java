package io.samovar.net;

import java.io.EOFException;

/**
 * The connection ended without TLS's own goodbye ({@code close_notify}): somebody may have cut off what was still to come,
 * so what was read must not be taken for all.
 *
 * <p>Some peers end like that always. A program whose own protocol says where a message ends may ignore it.
 */
public final class TlsTruncatedException extends TlsException {
    private static final long serialVersionUID = 1L;

    public TlsTruncatedException(String message) {
        super(message, new EOFException(message));
    }
}

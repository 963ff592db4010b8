package io.samovar.net;

import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * An operation on a socket failed. Subclasses are named after what happened.
 *
 * <p>{@link #getCause()} is the transport's own exception.
 */
public class NetworkException extends UncheckedIOException {
    private static final long serialVersionUID = 1L;

    /** The system's error number, 0 if the transport did not tell. */
    private final int errno;

    public NetworkException(String message, int errno, IOException cause) {
        super(message, cause);
        this.errno = errno;
    }

    /** The error number of this operating system ({@code errno}), or 0 if none is known. */
    public final int errno() {
        return errno;
    }
}

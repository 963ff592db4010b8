package io.samovar.net;

import java.io.IOException;

/** A write to a connection whose other end no longer reads ({@code EPIPE}). */
public final class BrokenPipeException extends NetworkException {
    private static final long serialVersionUID = 1L;

    public BrokenPipeException(String message, int errno, IOException cause) {
        super(message, errno, cause);
    }
}

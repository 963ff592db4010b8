package io.samovar.net;

import java.io.IOException;

/** The system does not allow it ({@code EACCES}, {@code EPERM}), as for ports below 1024. */
public final class AccessDeniedException extends NetworkException {
    private static final long serialVersionUID = 1L;

    public AccessDeniedException(String message, int errno, IOException cause) {
        super(message, errno, cause);
    }
}

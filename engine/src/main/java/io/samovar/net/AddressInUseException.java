package io.samovar.net;

import java.io.IOException;

/** Another socket has the address ({@code EADDRINUSE}). */
public final class AddressInUseException extends NetworkException {
    private static final long serialVersionUID = 1L;

    public AddressInUseException(String message, int errno, IOException cause) {
        super(message, errno, cause);
    }
}

package io.samovar.net;

import java.io.IOException;

/** The address is not one of this machine, or no local port is left ({@code EADDRNOTAVAIL}). */
public final class AddressNotAvailableException extends NetworkException {
    private static final long serialVersionUID = 1L;

    public AddressNotAvailableException(String message, int errno, IOException cause) {
        super(message, errno, cause);
    }
}

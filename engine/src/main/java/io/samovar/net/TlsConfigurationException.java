package io.samovar.net;

import org.jspecify.annotations.Nullable;

/**
 * TLS cannot be set up as it was asked for: a file cannot be read or is not what it should be, a key does not match its
 * certificate, a cipher or a provider is unknown. The message names the file.
 */
public final class TlsConfigurationException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    public TlsConfigurationException(String message) {
        super(message);
    }

    public TlsConfigurationException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}

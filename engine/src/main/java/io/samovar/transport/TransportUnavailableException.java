package io.samovar.transport;

import org.jspecify.annotations.Nullable;

/** No transport, or not the one that was asked for, can be used in this process. The message says how to mend it. */
public final class TransportUnavailableException extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    public TransportUnavailableException(String message) {
        super(message);
    }

    public TransportUnavailableException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}

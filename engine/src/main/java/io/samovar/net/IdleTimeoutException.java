package io.samovar.net;

import java.net.SocketTimeoutException;
import java.time.Duration;

/** Nothing was read from or written to the connection for as long as the server's {@code idleTimeout}. */
public final class IdleTimeoutException extends ServerLimitException {
    private static final long serialVersionUID = 1L;

    IdleTimeoutException(Duration limit) {
        this("nothing was read or written for " + limit);
    }

    private IdleTimeoutException(String message) {
        super(message, new SocketTimeoutException(message));
    }
}

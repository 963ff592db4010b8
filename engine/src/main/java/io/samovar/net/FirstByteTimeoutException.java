package io.samovar.net;

import java.net.SocketTimeoutException;
import java.time.Duration;

/** The peer sent nothing for as long as the server's {@code firstByteTimeout} after it had connected. */
public final class FirstByteTimeoutException extends ServerLimitException {
    private static final long serialVersionUID = 1L;

    FirstByteTimeoutException(Duration limit) {
        this("the peer sent nothing for " + limit + " after it had connected");
    }

    private FirstByteTimeoutException(String message) {
        super(message, new SocketTimeoutException(message));
    }
}

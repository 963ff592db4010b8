package io.samovar.net;

import java.io.IOException;

/**
 * The server has ended the connection because a limit of its was passed. Subclasses name the limit.
 *
 * <p>The handler's reads and writes fail with it. It is no failure of the program, so a handler that does not catch it ends like
 * one whose peer has vanished: with a line at level DEBUG.
 */
public abstract class ServerLimitException extends NetworkException {
    private static final long serialVersionUID = 1L;

    ServerLimitException(String message, IOException cause) {
        super(message, 0, cause);
    }
}

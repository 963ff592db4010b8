package io.samovar.net;

import io.samovar.Coroutine;

/** What a server does with each connection. */
@FunctionalInterface
public interface ConnectionHandler {
    /**
     * Makes the coroutine that talks to one peer; the server runs it as a task of its own.
     *
     * @param peer the connection; the server closes it when the coroutine ends, however it ends
     */
    Coroutine<?> handle(TcpStream peer) throws Exception;
}

package io.samovar.transport;

import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/** A non-blocking TCP listener. */
public interface ListenSocket extends AutoCloseable {
    /** Sets the listener. Must be called once, before the first {@link #accept()}. */
    void listener(ReadinessListener listener);

    /**
     * Takes one connection from the queue.
     *
     * @return the connection, or {@code null} if there is none now
     * @throws io.samovar.net.ConnectionAbortedException if the peer gave up while it was queued: accept the next one
     * @throws io.samovar.net.OutOfResourcesException if the process or the system has no descriptor or memory left: what
     *     is in the queue stays there, and nobody will be told of it again, so try again later
     */
    @Nullable
    StreamSocket accept();

    /** Where it listens, with the port that the system chose; known after {@link #close()}, too. */
    InetSocketAddress localAddress();

    /** Closes the listener; connections that were accepted stay open. Closing twice does nothing. */
    @Override
    void close();
}

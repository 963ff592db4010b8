package io.samovar.net;

import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLEngine;
import org.jspecify.annotations.Nullable;

/** Makes the TLS engines of one {@link TlsClient} or {@link TlsServer}, which share a cache of sessions. Any thread may call it. */
public interface TlsEngines {
    /**
     * A new engine, to be given back by {@link #release}.
     *
     * @param host the server's name for a client, else {@code null}
     * @param port the server's port, or -1
     * @param serverName what a client tells the server (SNI); {@code null} for nothing
     */
    SSLEngine create(@Nullable String host, int port, @Nullable SNIHostName serverName);

    /** The engine is not used any more; called once for each. */
    void release(SSLEngine engine);

    /** Whether the engine works on direct memory, and would have to copy what is on the heap; else the other way round. */
    boolean isNative();
}

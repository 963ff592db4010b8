package io.samovar.net;

import io.samovar.Coroutine;
import java.net.InetSocketAddress;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How to connect; made by {@link TcpStream#connector}. Each call of {@link #connect()} makes a connection of its own.
 *
 * <pre>{@code
 * TcpStream peer = await(TcpStream.connector(address).timeLimit(Duration.ofSeconds(3)).connect());
 * }</pre>
 */
public final class TcpConnector {
    private final InetSocketAddress remote;
    private @Nullable InetSocketAddress local;
    private @Nullable Duration timeLimit;
    private TcpOptions options = TcpOptions.DEFAULT;

    TcpConnector(InetSocketAddress remote) {
        this.remote = remote;
    }

    /** The address to connect from; port 0 lets the system choose. */
    public TcpConnector localAddress(InetSocketAddress address) {
        local = address;
        return this;
    }

    /** How long connecting may take before it fails with {@link io.samovar.AsyncTimeoutException}. */
    public TcpConnector timeLimit(Duration limit) {
        timeLimit = limit;
        return this;
    }

    /** Options of the connection, set before it is made. */
    public TcpConnector options(TcpOptions tcpOptions) {
        options = tcpOptions;
        return this;
    }

    /**
     * Connects when it is awaited. If it fails, runs out of time or is cancelled, nothing is left open.
     *
     * @return a coroutine that gives the stream, which is yours to close
     */
    public Coroutine<TcpStream> connect() {
        return new Connecting(remote, local, timeLimit, options);
    }
}

package io.samovar.net;

import static io.samovar.Async.await;

import io.samovar.Coroutine;
import io.samovar.EventLoop;
import io.samovar.transport.StreamSocket;
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
        return connect(remote, local, timeLimit, options); // as they are now
    }

    private static Coroutine<TcpStream> connect(
            InetSocketAddress remote,
            @Nullable InetSocketAddress local,
            @Nullable Duration timeLimit,
            TcpOptions options) {
        EventLoop loop = EventLoop.current();
        StreamSocket socket = loop.transport().stream();
        try {
            await(new Connecting(loop, socket, remote, local, timeLimit, options));
            return Coroutine.of(new TcpStream(loop, socket, options, null));
        } catch (Throwable failure) {
            socket.close();
            throw failure;
        }
    }
}

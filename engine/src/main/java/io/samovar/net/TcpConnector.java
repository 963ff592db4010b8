package io.samovar.net;

import static io.samovar.Async.await;

import io.samovar.Coroutine;
import io.samovar.EventLoop;
import io.samovar.transport.StreamSocket;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How to connect; made by {@link TcpStream#connector}. Each call of {@link #connect()} makes a connection of its own.
 *
 * <pre>{@code
 * TcpStream peer = await(TcpStream.connector(address).timeLimit(Duration.ofSeconds(3)).connect());
 * }</pre>
 */
public final class TcpConnector {
    private final List<InetSocketAddress> remotes;
    private @Nullable InetSocketAddress local;
    private @Nullable Duration timeLimit;
    private TcpOptions options = TcpOptions.DEFAULT;

    TcpConnector(List<InetSocketAddress> remotes) {
        if (remotes.isEmpty()) {
            throw new IllegalArgumentException("there is no address to connect to");
        }
        this.remotes = List.copyOf(remotes);
    }

    /** The address to connect from; port 0 lets the system choose. */
    public TcpConnector localAddress(InetSocketAddress address) {
        local = address;
        return this;
    }

    /** How long connecting may take, to all addresses together, before it fails with {@link io.samovar.AsyncTimeoutException}. */
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
     * <p>Several addresses are tried one after the other, until one connects; if none does, it fails with {@link
     * ConnectFailedException}.
     *
     * @return a coroutine that gives the stream, which is yours to close
     */
    public Coroutine<TcpStream> connect() {
        return remotes.size() == 1
                ? connect(remotes.get(0), local, timeLimit, options) // as they are now
                : connectToAny(remotes, local, timeLimit, options);
    }

    private static Coroutine<TcpStream> connectToAny(
            List<InetSocketAddress> remotes,
            @Nullable InetSocketAddress local,
            @Nullable Duration timeLimit,
            TcpOptions options) {
        EventLoop loop = EventLoop.current();
        long began = loop.time();
        List<NetworkException> failures = new ArrayList<>();
        for (InetSocketAddress remote : remotes) {
            Duration left = timeLimit == null ? null : timeLimit.minusNanos(loop.time() - began);
            try {
                return Coroutine.of(await(connect(remote, local, left, options)));
            } catch (NetworkException failure) {
                failures.add(failure);
            }
        }
        throw new ConnectFailedException(failures);
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

package io.samovar.echo;

import static io.samovar.Async.await;

import io.netty.buffer.ByteBuf;
import io.samovar.Coroutine;
import io.samovar.EventLoop;
import io.samovar.TimerHandle;
import io.samovar.net.TcpServer;
import io.samovar.net.TcpStream;
import java.net.InetSocketAddress;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Sends back every byte to where it came from, and counts. Everything here belongs to the loop's thread.
 *
 * <p>Nothing piles up: a connection reads on only when the peer has taken what was sent back.
 */
final class EchoServer {
    /** How long {@link #stop()} lets peers take what waits for them. */
    private static final Duration GRACE = Duration.ofSeconds(2);

    private final EventLoop loop = EventLoop.current();
    private final TcpServer server;
    private long connections;
    private long bytes;

    /**
     * Listens and serves, on the loop that is running.
     *
     * @param backlog connections that may wait to be accepted
     * @throws io.samovar.net.AddressInUseException if the address is taken
     */
    EchoServer(InetSocketAddress address, int backlog) {
        server = TcpServer.bind(address).backlog(backlog).start(peer -> {
            connections++;
            return echo(peer);
        });
    }

    /** Where it listens, with the port that the system chose. */
    InetSocketAddress address() {
        return server.address();
    }

    /** Connections accepted so far. */
    long connections() {
        return connections;
    }

    /** Bytes received so far, and sent back unless a connection was lost. */
    long bytes() {
        return bytes;
    }

    /** Stops listening and closes the connections; those whose peer takes nothing any more are cut after two seconds. */
    void stop() {
        server.close();
        server.closeClients();
        TimerHandle cut = loop.callLater(GRACE, server::abortClients);
        server.waitClosed().addDoneCallback(closed -> cut.cancel());
    }

    /** Ends when {@link #stop()} was called and the last connection is closed. */
    Coroutine<@Nullable Void> closed() {
        await(server.waitClosed());
        return Coroutine.done();
    }

    /** One connection; the server closes it when this ends. */
    private Coroutine<@Nullable Void> echo(TcpStream peer) {
        for (ByteBuf data; (data = await(peer.read())) != null; ) {
            bytes += data.readableBytes();
            await(peer.write(data));
        }
        return Coroutine.done();
    }
}

package io.samovar.echo;

import io.netty.buffer.ByteBuf;
import io.samovar.Coroutine;
import io.samovar.EventLoop;
import io.samovar.Frame;
import io.samovar.Task;
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
            return new Echo(peer);
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
        return new Closed();
    }

    /** One connection: {@code for (ByteBuf data; (data = await(peer.read())) != null; ) await(peer.write(data));}. */
    private final class Echo extends Frame<@Nullable Void> {
        private static final int READ = 1;
        private static final int WRITTEN = 2;

        private final TcpStream peer;

        Echo(TcpStream peer) {
            this.peer = peer;
        }

        @Override
        protected @Nullable Object resume(Task<?> task, int at) throws Throwable {
            Object got = at == START ? null : awaited(task);
            for (boolean hasRead = at == READ; ; hasRead = false) {
                if (!hasRead) {
                    got = await(peer.read(), task, READ);
                    if (got == SUSPENDED) {
                        return SUSPENDED;
                    }
                }
                if (!(got instanceof ByteBuf data)) {
                    return null; // the end of the stream: the server closes the connection
                }
                bytes += data.readableBytes();
                if (await(peer.write(data), task, WRITTEN) == SUSPENDED) {
                    return SUSPENDED;
                }
            }
        }
    }

    private final class Closed extends Frame<@Nullable Void> {
        @Override
        protected Object resume(Task<?> task, int at) {
            return tail(server.waitClosed(), task);
        }
    }
}

package io.samovar.samples;

import static io.samovar.Async.await;

import io.samovar.Async;
import io.samovar.AsyncTimeoutException;
import io.samovar.Coroutine;
import io.samovar.Signals;
import io.samovar.Task;
import io.samovar.net.SystemdSockets;
import io.samovar.net.TcpServer;
import io.samovar.net.TcpStream;
import java.net.InetSocketAddress;
import java.time.Duration;

/** Servers, as the guide shows them. */
final class Servers {
    private Servers() {}

    // serveUntilTold
    static Coroutine<Void> serveUntilTold(InetSocketAddress address) {
        try (TcpServer server = TcpServer.bind(address)
                .maxConnections(10_000)
                .idleTimeout(Duration.ofMinutes(1))
                .start(Echo::echo)) {
            System.out.println("listening on port " + server.address().getPort());
            await(Signals.next("TERM", "INT"));
            await(server.drain(Duration.ofSeconds(10)));
        }
        return Coroutine.done();
    }
    // end

    // careful
    static TcpServer.Builder careful(InetSocketAddress plain, InetSocketAddress admin) {
        return TcpServer.bind(plain)
                .and(admin)
                .maxConnections(10_000) // the others wait in the backlog
                .firstByteTimeout(Duration.ofSeconds(10)) // who connects and says nothing
                .idleTimeout(Duration.ofMinutes(1)) // who says nothing any more, or takes nothing
                .maxBufferedBytesPerConnection(1 << 20) // a handler that does not await its writes
                .maxBufferedBytes(1L << 30); // all of them together
    }
    // end

    // answerLines
    static Coroutine<Void> answerLines(TcpStream peer) {
        Task<Void> ending = Async.createTask(closeWhenDraining(peer));
        try {
            for (String line; (line = await(Async.timeout(Duration.ofSeconds(30), peer.readLine()))) != null; ) {
                await(peer.write("you said " + line + '\n'));
            }
        } catch (AsyncTimeoutException tooSlow) {
            // nothing is owed to who sends a byte now and then: the connection is closed
        } finally {
            ending.cancel();
        }
        return Coroutine.done();
    }
    // end

    // closeWhenDraining
    static Coroutine<Void> closeWhenDraining(TcpStream peer) {
        await(peer.server().whenDraining());
        peer.close(); // after what waits to be written
        return Coroutine.done();
    }
    // end

    // activated
    static TcpServer.Builder activated() {
        return TcpServer.inherit(SystemdSockets.listeners("http"));
    }
    // end
}

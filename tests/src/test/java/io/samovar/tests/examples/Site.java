package io.samovar.tests.examples;

import static io.samovar.Async.await;

import io.samovar.Coroutine;
import io.samovar.EventLoop;
import io.samovar.net.ConnectionHandler;
import io.samovar.net.TcpServer;
import io.samovar.tests.support.Coroutines;
import io.samovar.transport.TransportProvider;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/** A server of an example, and a loop for it and its clients. */
final class Site {
    private Site() {}

    /** A test that talks to a server. */
    @FunctionalInterface
    interface Visit {
        Coroutine<Void> to(TcpServer server) throws Exception;
    }

    /** Any port of this machine. */
    static InetSocketAddress anyPort() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    }

    /** Runs a test on a loop of its own, and waits until the server's connections are closed. */
    static void run(TransportProvider provider, ConnectionHandler handler, Visit visit) {
        try (EventLoop loop = EventLoop.builder().transport(provider).open()) {
            loop.runUntilComplete(Coroutines.<@Nullable Void>coroutine(() -> serve(handler, visit)));
        }
    }

    private static Coroutine<@Nullable Void> serve(ConnectionHandler handler, Visit visit) throws Exception {
        TcpServer server = TcpServer.bind(anyPort()).start(handler);
        try {
            await(visit.to(server));
        } finally {
            server.close();
        }
        await(server.waitClosed());
        return Coroutine.done();
    }
}

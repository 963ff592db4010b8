package io.samovar.tests.net;

import static io.samovar.Async.await;
import static io.samovar.tests.support.Coroutines.coroutine;

import io.netty.buffer.ByteBuf;
import io.samovar.Coroutine;
import io.samovar.EventLoop;
import io.samovar.net.SystemdSockets;
import io.samovar.net.TcpServer;
import io.samovar.net.TcpStream;
import io.samovar.tests.kqueue.KqueueShim;
import java.time.Duration;

/**
 * A server on the sockets that its process was started with. It prints what they are, and echoes until a peer sends {@code q}: its
 * standard input may be one of the sockets.
 */
final class ActivatedServer {
    private ActivatedServer() {}

    public static void main(String[] args) {
        KqueueShim.installIfRequested();
        try (EventLoop loop = EventLoop.builder().transport(args[0]).open()) {
            loop.runUntilComplete(coroutine(() -> {
                System.out.println(SystemdSockets.listeners());
                try (TcpServer server = TcpServer.inherited().start(ActivatedServer::talk)) {
                    System.out.println(server.addresses());
                    await(server.serve());
                } catch (UnsupportedOperationException impossible) {
                    System.out.println(impossible.getMessage());
                }
                return Coroutine.done();
            }));
        }
        System.err.println("ended well");
    }

    private static Coroutine<Void> talk(TcpStream peer) {
        for (ByteBuf data; (data = await(peer.read())) != null; ) {
            if (data.getByte(data.readerIndex()) == 'q') {
                data.release();
                await(peer.server().drain(Duration.ZERO));
                return Coroutine.done();
            }
            await(peer.write(data));
        }
        return Coroutine.done();
    }
}

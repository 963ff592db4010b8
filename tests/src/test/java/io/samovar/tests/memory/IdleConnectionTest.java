package io.samovar.tests.memory;

import static io.samovar.Async.await;
import static io.samovar.tests.support.Coroutines.coroutine;
import static org.assertj.core.api.Assertions.assertThat;

import io.samovar.Coroutine;
import io.samovar.EventLoop;
import io.samovar.net.TcpServer;
import io.samovar.tests.support.TransportTest;
import io.samovar.transport.TransportProvider;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Timeout;

/** An idle connection costs bytes, not kilobytes. */
@Timeout(60)
class IdleConnectionTest {
    /** As many as a backlog holds on any system. */
    private static final int CONNECTIONS = 2_000;

    /** Ours and Netty's registration; NIO's channel, key and locks take some 700 bytes more. */
    private static long limit(TransportProvider provider) {
        return provider.name().equals("nio") ? 1024 : 560;
    }

    @TransportTest
    void anIdleConnectionTakesLessThanAKilobyteOfHeap(TransportProvider provider) throws Exception {
        List<SocketChannel> clients = new ArrayList<>();
        try (EventLoop loop = EventLoop.builder().transport(provider).open()) {
            TcpServer server = loop.runUntilComplete(coroutine(() ->
                    Coroutine.of(TcpServer.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                            .backlog(CONNECTIONS)
                            .start(peer -> Coroutine.of(await(peer.read()))))));
            accept(loop, server, clients, 1); // whatever is made once is made now

            // The clients connect while nobody accepts, so that what they cost is in the first measurement already.
            connect(server, clients, CONNECTIONS);
            long before = usedHeap();
            accept(loop, server, clients, 0);
            long bytes = (usedHeap() - before) / CONNECTIONS;

            System.out.println("heap per idle connection on " + provider.name() + ": " + bytes + " bytes");
            assertThat(bytes).isLessThan(limit(provider));
            for (SocketChannel client : clients) {
                client.close();
            }
            server.close();
            loop.runUntilComplete(server.waitClosed());
        }
    }

    private static void connect(TcpServer server, List<SocketChannel> clients, int count) throws Exception {
        for (int i = 0; i < count; i++) {
            clients.add(SocketChannel.open(server.address()));
        }
    }

    /** Connects some more, and runs the loop until every client has its connection and all are idle. */
    private static void accept(EventLoop loop, TcpServer server, List<SocketChannel> clients, int more)
            throws Exception {
        connect(server, clients, more);
        Runnable[] check = new Runnable[1];
        int[] settled = {0};
        check[0] = () -> {
            if (server.connections() == clients.size() && ++settled[0] > 3) {
                loop.stop();
            } else {
                loop.callSoon(check[0]);
            }
        };
        loop.callSoon(check[0]);
        loop.runForever();
    }

    private static long usedHeap() {
        for (int i = 0; i < 3; i++) {
            System.gc();
        }
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }
}

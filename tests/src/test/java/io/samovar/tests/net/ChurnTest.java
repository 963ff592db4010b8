package io.samovar.tests.net;

import static io.samovar.Async.await;
import static io.samovar.tests.support.Coroutines.coroutine;
import static org.assertj.core.api.Assertions.assertThat;

import io.samovar.Coroutine;
import io.samovar.Task;
import io.samovar.net.ConnectionResetException;
import io.samovar.net.TcpServer;
import io.samovar.net.TcpStream;
import io.samovar.tests.support.TransportTest;
import io.samovar.transport.TransportProvider;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Timeout;

/** Connections come and go, and nothing of them stays. */
@Timeout(60)
class ChurnTest {
    private static final int CYCLES = 1_000;

    @TransportTest
    void theCountOfConnectionsAndDescriptorsNeverDrifts(TransportProvider provider) {
        try (Net net = Net.on(provider)) {
            int before = Descriptors.sockets();
            TcpServer server = net.serve(peer -> ServerTest.echo(peer));
            int[] most = {0};
            List<Task<?>> clients = new ArrayList<>();
            for (int client = 0; client < 5; client++) {
                clients.add(net.loop().createTask(coroutine(() -> {
                    for (int cycle = 0; cycle < CYCLES / 5; cycle++) {
                        most[0] = Math.max(most[0], server.connections());
                        await(oneCycle(server, cycle));
                    }
                    return Coroutine.done();
                })));
            }
            clients.forEach(net::run);
            net.until(() -> server.connections() == 0);
            assertThat(most[0]).as("open at once").isBetween(1, 15);
            server.close();
            net.run(server.waitClosed());
            net.turn();
            assertThat(Descriptors.sockets()).isEqualTo(before);
            assertThat(net.loop().allTasks()).isEmpty();
        }
    }

    @TransportTest
    void theCountHoldsWhenConnectionsEndInAnyOrder(TransportProvider provider) {
        try (Net net = Net.on(provider)) {
            TcpServer server = net.serve(ServerTest::echo);
            List<TcpStream> streams = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                streams.add(net.run(TcpStream.connect(server.address())));
            }
            net.until(() -> server.connections() == 50);
            for (int i = 0; !streams.isEmpty(); i++) {
                TcpStream ended = streams.remove(i * 7 % streams.size());
                if (i % 2 == 0) {
                    ended.close();
                } else {
                    ended.abort();
                }
                net.until(() -> server.connections() == streams.size());
                net.turn();
                assertThat(server.connections()).isEqualTo(streams.size());
            }
            server.close();
            net.run(server.waitClosed());
        }
    }

    /** Connects, talks or not, and ends in one of several ways. */
    private static Coroutine<Void> oneCycle(TcpServer server, int cycle) {
        TcpStream stream = await(TcpStream.connect(server.address()));
        switch (cycle % 4) {
            case 0 -> stream.close();
            case 1 -> stream.abort();
            case 2 -> {
                try (stream) {
                    await(exchange(stream));
                }
            }
            default -> {
                try {
                    await(exchange(stream));
                } catch (ConnectionResetException reset) {
                    // an end like any other
                } finally {
                    stream.abort();
                }
            }
        }
        return Coroutine.done();
    }

    private static Coroutine<Void> exchange(TcpStream stream) {
        await(stream.write(Bytes.direct("kettle")));
        assertThat(Bytes.text(await(stream.read()))).isEqualTo("kettle");
        return Coroutine.done();
    }
}

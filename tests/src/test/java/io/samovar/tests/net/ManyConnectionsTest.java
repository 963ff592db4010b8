package io.samovar.tests.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.samovar.net.TcpServer;
import io.samovar.tests.support.TransportTest;
import io.samovar.transport.TransportProvider;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Timeout;

/** One loop with ten thousand connections, and another one at their other ends. */
@Timeout(90)
class ManyConnectionsTest {
    private static final int CONNECTIONS = 10_000;

    /** For both ends in one process, and what else it has open. */
    private static final int FOR_BOTH_ENDS = 25_000;

    private static final int FOR_ONE_END = 12_000;

    @TransportTest
    void tenThousandConnectionsAreOpenAtOnceAndEachIsServed(TransportProvider provider) {
        long limit = Descriptors.limit();
        assumeTrue(limit >= FOR_ONE_END, () -> "needs " + FOR_ONE_END + " descriptors, and ulimit -n is " + limit);
        try (Net net = Net.on(provider)) {
            int[] most = {0};
            TcpServer[] server = new TcpServer[1];
            server[0] = net.serve(peer -> {
                most[0] = Math.max(most[0], server[0].connections());
                return ServerTest.echo(peer);
            });
            int port = server[0].address().getPort();
            CompletableFuture<Integer> clients = CompletableFuture.supplyAsync(
                    () -> limit >= FOR_BOTH_ENDS
                            ? EchoClients.run(provider, Net.loopback(port), CONNECTIONS)
                            : inAProcessOfTheirOwn(provider, port),
                    Peer::onAThreadOfItsOwn);
            assertThat(net.run(clients)).as("messages that came back").isEqualTo(2 * CONNECTIONS);
            assertThat(most[0]).as("connections at once").isEqualTo(CONNECTIONS);
            server[0].close();
            net.run(server[0].waitClosed());
        }
    }

    private static int inAProcessOfTheirOwn(TransportProvider provider, int port) {
        try (ForkedJvm jvm = new ForkedJvm(
                provider, FOR_ONE_END, EchoClients.class, String.valueOf(port), String.valueOf(CONNECTIONS))) {
            return Integer.parseInt(jvm.answer());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

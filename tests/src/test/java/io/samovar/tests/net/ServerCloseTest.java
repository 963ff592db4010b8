package io.samovar.tests.net;

import static io.samovar.Async.await;
import static io.samovar.tests.net.Bytes.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.samovar.CancelledError;
import io.samovar.Coroutine;
import io.samovar.Future;
import io.samovar.Task;
import io.samovar.net.ConnectionRefusedException;
import io.samovar.net.StreamClosedException;
import io.samovar.net.TcpServer;
import io.samovar.net.TcpStream;
import io.samovar.tests.support.TransportTest;
import io.samovar.transport.TransportProvider;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ServerCloseTest {
    @TransportTest
    void closeStopsListeningAndConnectionsGoOn(TransportProvider provider) {
        try (Net net = Net.on(provider)) {
            TcpServer server = net.serve(ServerTest::echo);
            Peer peer = connected(net, server);
            server.close();
            server.close();
            assertThatThrownBy(() -> net.run(TcpStream.connect(server.address())))
                    .isInstanceOf(ConnectionRefusedException.class);
            peer.send("still here");
            assertThat(text(net.run(peer.read(10)))).isEqualTo("still here");
            assertThat(server.connections()).isOne();
            peer.close();
            net.run(server.waitClosed());
        }
    }

    @TransportTest
    void closeInAHandlerEndsTheAccepting(TransportProvider provider) {
        try (Net net = Net.on(provider)) {
            List<TcpServer> server = new ArrayList<>();
            int[] served = {0};
            server.add(net.serve(peer -> {
                served[0]++;
                server.get(0).close();
                return Coroutine.done();
            }));
            for (int i = 0; i < 5; i++) {
                Peer unused = net.connectTo(server.get(0));
            }
            net.run(server.get(0).waitClosed());
            assertThat(served[0]).isOne();
        }
    }

    @TransportTest
    void waitClosedWaitsForTheCloseAndForEveryConnection(TransportProvider provider) {
        try (Net net = Net.on(provider)) {
            TcpServer server = net.serve(ServerTest::echo);
            Task<Void> waiting = net.start(server::waitClosed);
            assertThat(waiting.isDone()).as("on an idle open server").isFalse();
            Peer one = connected(net, server);
            Peer two = connected(net, server);
            server.close();
            net.turn();
            assertThat(waiting.isDone()).as("while there are connections").isFalse();
            one.close();
            net.until(() -> server.connections() == 1);
            net.turn();
            assertThat(waiting.isDone()).as("while there is one").isFalse();
            two.close();
            net.run(waiting);
            assertThat(server.waitClosed().isDone()).as("from then on").isTrue();
        }
    }

    @TransportTest
    void waitClosedOfAServerWithoutConnectionsIsDoneWithTheClose(TransportProvider provider) {
        try (Net net = Net.on(provider)) {
            TcpServer server = net.serve(ServerTest::echo);
            Peer peer = connected(net, server);
            peer.close();
            net.until(() -> server.connections() == 0);
            Future<Void> waiting = server.waitClosed();
            net.turn();
            assertThat(waiting.isDone()).isFalse();
            server.close();
            assertThat(waiting.isDone()).isTrue();
        }
    }

    @TransportTest
    void whoWaitsForTheCloseGetsAFutureOfItsOwn(TransportProvider provider) {
        try (Net net = Net.on(provider)) {
            TcpServer server = net.serve(ServerTest::echo);
            Task<Void> cancelled = net.start(server::waitClosed);
            Task<Void> waiting = net.start(server::waitClosed);
            cancelled.cancel();
            assertThatThrownBy(() -> net.run(cancelled)).isInstanceOf(CancelledError.class);
            assertThat(waiting.isDone()).isFalse();
            server.close();
            net.run(waiting);
        }
    }

    @TransportTest
    void closeClientsSendsWhatWaitsAndThenTheEnd(TransportProvider provider) {
        try (Net net = Net.on(provider)) {
            byte[] bytes = Bytes.pattern(5_000_000);
            TcpServer server = net.serve(peer -> {
                await(peer.write(Bytes.direct(bytes)));
                return Coroutine.of(await(peer.read()));
            });
            Peer one = net.connectTo(server);
            Peer two = net.connectTo(server);
            net.until(() -> server.connections() == 2);
            net.turn();
            server.closeClients();
            assertThat(server.connections()).as("until all is sent").isEqualTo(2);
            assertThat(net.run(one.readToTheEnd())).isEqualTo(bytes);
            assertThat(net.run(two.readToTheEnd())).isEqualTo(bytes);
            net.until(() -> server.connections() == 0);
            Peer three = net.connectTo(server);
            assertThat(net.run(three.read(bytes.length)))
                    .as("the server is still open")
                    .isEqualTo(bytes);
            server.closeClients();
            server.close();
            net.run(server.waitClosed());
        }
    }

    @TransportTest
    void abortClientsCutsEveryConnectionAtOnce(TransportProvider provider) {
        try (Net net = Net.on(provider)) {
            List<Throwable> failures = new ArrayList<>();
            TcpServer server = net.serve(peer -> {
                try {
                    return Coroutine.of(await(peer.write(Bytes.direct(new byte[8_000_000]))));
                } catch (StreamClosedException failure) {
                    failures.add(failure);
                    throw failure;
                }
            });
            Peer one = net.connectTo(server);
            Peer two = net.connectTo(server);
            net.until(() -> server.connections() == 2);
            net.turn();
            server.close();
            server.abortClients();
            assertThat(server.connections()).isZero();
            net.run(server.waitClosed());
            for (Peer peer : List.of(one, two)) {
                assertThatThrownBy(() -> net.run(peer.readToTheEnd())).isInstanceOf(SocketException.class);
            }
            assertThat(failures).hasSize(2);
        }
    }

    @TransportTest
    void aConnectionThatWasQueuedWhenTheServerClosedIsRefused(TransportProvider provider) {
        try (Net net = Net.on(provider)) {
            TcpServer server = net.serve(ServerTest::echo);
            Peer queued = net.connectTo(server);
            server.close();
            assertThatThrownBy(() -> net.run(queued.readToTheEnd())).isInstanceOf(SocketException.class);
            assertThat(server.connections()).isZero();
        }
    }

    private static Peer connected(Net net, TcpServer server) {
        Peer peer = net.connectTo(server);
        peer.send("x");
        net.run(peer.read(1));
        return peer;
    }
}

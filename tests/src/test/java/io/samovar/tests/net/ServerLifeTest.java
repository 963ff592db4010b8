package io.samovar.tests.net;

import static io.samovar.Async.await;
import static io.samovar.tests.net.Bytes.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.samovar.CancelledError;
import io.samovar.Coroutine;
import io.samovar.Future;
import io.samovar.Task;
import io.samovar.net.ConnectionRefusedException;
import io.samovar.net.TcpServer;
import io.samovar.net.TcpStream;
import io.samovar.tests.support.TransportTest;
import io.samovar.transport.TransportProvider;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;

/** Bound, serving, closed. */
@Timeout(60)
class ServerLifeTest {
    private static TcpServer open(Net net) {
        return net.call(
                () -> TcpServer.bind(Net.loopback(0)).and(Net.loopback(0)).open(ServerTest::echo));
    }

    @TransportTest
    void whoComesBeforeAServerServesIsServedWhenItDoes(TransportProvider provider) {
        try (Net net = Net.on(provider)) {
            TcpServer server = open(net);
            assertThat(server.isServing()).isFalse();
            assertThat(server).asString().endsWith(", not serving)");
            List<Peer> early = new ArrayList<>();
            server.addresses().forEach(address -> early.add(Peer.connect(address)));
            early.forEach(peer -> peer.send("early"));
            for (int i = 0; i < 5; i++) {
                net.turn();
            }
            assertThat(server.connections()).isZero();
            server.startServing();
            server.startServing();
            assertThat(server.isServing()).isTrue();
            for (Peer peer : early) {
                assertThat(text(net.run(peer.read(5)))).isEqualTo("early");
                peer.close();
            }
            server.close();
            assertThat(server.isServing()).isFalse();
            net.run(server.waitClosed());
        }
    }

    @TransportTest
    void aServerThatNeverServedCanBeClosed(TransportProvider provider) {
        try (Net net = Net.on(provider)) {
            int before = Descriptors.sockets();
            TcpServer server = open(net);
            server.close();
            net.run(server.waitClosed());
            assertThatIllegalStateException()
                    .isThrownBy(server::startServing)
                    .withMessageEndingWith(", closed) cannot start to serve any more");
            net.turn();
            assertThat(Descriptors.sockets()).isEqualTo(before);
        }
    }

    @TransportTest
    @Tag("P12")
    void aConnectionMayCancelTheServingForGood(TransportProvider provider) {
        try (Net net = Net.on(provider)) {
            List<Task<?>> serving = new ArrayList<>();
            TcpServer server = net.call(() -> TcpServer.bind(Net.loopback(0)).open(peer -> {
                await(peer.read()).release();
                serving.get(0).cancel();
                return Coroutine.of(await(peer.write(Bytes.direct("cancelled"))));
            }));
            Task<Void> task = net.start(server::serve);
            serving.add(task);
            assertThat(server.isServing()).isTrue();
            Peer peer = net.connectTo(server);
            peer.send("x");
            assertThatThrownBy(() -> net.run(task)).isInstanceOf(CancelledError.class);
            assertThat(server.addresses()).isEmpty();
            assertThat(server.isServing()).isFalse();
            assertThat(text(net.run(peer.readToTheEnd())))
                    .as("the connection goes on")
                    .isEqualTo("cancelled");
            assertThatThrownBy(() -> net.run(server.serve()))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("closed");
            net.run(server.waitClosed());
        }
    }

    @TransportTest
    void servingEndsWhenTheServerIsClosedAndTheLastConnectionHasEnded(TransportProvider provider) {
        try (Net net = Net.on(provider)) {
            TcpServer server = open(net);
            Task<Void> one = net.start(server::serve);
            Task<Void> two = net.start(server::serve);
            Peer peer = net.connectTo(server);
            peer.send("x");
            net.run(peer.read(1));
            server.close();
            net.turn();
            assertThat(one.isDone()).isFalse();
            peer.close();
            net.run(one);
            net.run(two);
        }
    }

    @TransportTest
    @Tag("P9")
    void whoeverWaitsForTheCloseIsReleasedWhenTheLastConnectionEnds(TransportProvider provider) {
        try (Net net = Net.on(provider)) {
            TcpServer server = net.serve(ServerTest::echo);
            List<Future<Void>> waiting = new ArrayList<>();
            waiting.add(server.waitClosed()); // open and idle
            Peer peer = net.connectTo(server);
            peer.send("x");
            net.run(peer.read(1));
            waiting.add(server.waitClosed()); // open, with a connection
            server.close();
            waiting.add(server.waitClosed()); // closed, with a connection
            for (int i = 0; i < 3; i++) {
                net.turn();
            }
            assertThat(waiting).noneMatch(Future::isDone);
            peer.close();
            net.until(() -> server.connections() == 0);
            assertThat(waiting).allMatch(Future::isDone);
            assertThat(server.waitClosed().isDone()).as("from then on").isTrue();
        }
    }

    @TransportTest
    @Tag("P11")
    void closingTheConnectionsReleasesWhoWaitsWithinTwoTurns(TransportProvider provider) {
        try (Net net = Net.on(provider)) {
            TcpServer server = net.serve(ServerTest::echo);
            Peer peer = net.connectTo(server);
            peer.send("x");
            net.run(peer.read(1));
            Task<Void> waiting = net.start(server::waitClosed);
            server.close();
            server.closeClients();
            net.turn();
            net.turn();
            assertThat(waiting.isDone()).isTrue();
            net.run(waiting);
            assertThat(net.run(peer.readToTheEnd())).isEmpty();
        }
    }

    @TransportTest
    @Tag("P11")
    void abortingTheConnectionsReleasesWhoWaitsEvenIfAPeerReadsNothing(TransportProvider provider) {
        try (Net net = Net.on(provider)) {
            TcpServer server = net.serve(peer -> Coroutine.of(await(peer.write(Bytes.direct(new byte[8_000_000])))));
            Peer unused = net.connectTo(server);
            net.until(() -> server.connections() == 1);
            net.turn();
            Task<Void> waiting = net.start(server::waitClosed);
            server.close();
            server.closeClients();
            net.turn();
            net.turn();
            assertThat(waiting.isDone())
                    .as("what waits to be written keeps the connection")
                    .isFalse();
            server.abortClients();
            net.turn();
            net.turn();
            assertThat(waiting.isDone()).isTrue();
            net.run(waiting);
        }
    }

    @TransportTest
    void theServerOfAStreamIsKnown(TransportProvider provider) {
        try (Net net = Net.on(provider)) {
            List<TcpServer> seen = new ArrayList<>();
            TcpServer server = net.serve(peer -> {
                seen.add(peer.server());
                return Coroutine.done();
            });
            TcpStream stream = net.run(TcpStream.connect(server.address()));
            assertThat(stream.server()).isNull();
            net.until(() -> !seen.isEmpty());
            assertThat(seen).containsExactly(server);
            stream.close();
            server.close();
            net.run(server.waitClosed());
            assertThatThrownBy(() -> net.run(TcpStream.connect(server.address())))
                    .isInstanceOf(ConnectionRefusedException.class);
        }
    }
}

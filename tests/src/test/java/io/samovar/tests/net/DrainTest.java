package io.samovar.tests.net;

import static io.samovar.Async.await;
import static io.samovar.tests.net.Bytes.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.samovar.Async;
import io.samovar.CancelledError;
import io.samovar.Coroutine;
import io.samovar.Task;
import io.samovar.net.ConnectionHandler;
import io.samovar.net.ConnectionRefusedException;
import io.samovar.net.TcpServer;
import io.samovar.net.TcpStream;
import io.samovar.tests.support.TransportTest;
import io.samovar.transport.TransportProvider;
import java.net.SocketException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Timeout;

/** A server that stops well. Time passes only when a test lets it. */
@Timeout(60)
class DrainTest {
    private static final Duration TEN = Duration.ofSeconds(10);
    private static final Duration THREE = Duration.ofSeconds(3);

    private final AtomicLong clock = new AtomicLong();

    private Net net(TransportProvider provider) {
        return Net.on(provider, clock::get);
    }

    private void pass(Net net, Duration time) {
        clock.addAndGet(time.toNanos());
        for (int i = 0; i < 4; i++) {
            net.turn();
        }
    }

    private static Peer connected(Net net, TcpServer server) {
        Peer peer = net.connectTo(server);
        peer.send("x");
        net.run(peer.read(1));
        return peer;
    }

    @TransportTest
    void whileAServerDrainsItsConnectionsGoOnAndNobodyElseIsLetIn(TransportProvider provider) {
        try (Net net = net(provider)) {
            TcpServer server = net.serve(ServerTest::echo);
            Peer peer = connected(net, server);
            Task<Void> drain = net.start(() -> server.drain(TEN));
            assertThatThrownBy(() -> net.run(TcpStream.connect(server.address())))
                    .isInstanceOf(ConnectionRefusedException.class);
            pass(net, TEN.minusNanos(1));
            peer.send("still here");
            assertThat(text(net.run(peer.read(10)))).isEqualTo("still here");
            assertThat(drain.isDone()).isFalse();
            peer.shutdownOutput();
            net.run(drain);
            assertThat(server.connections()).isZero();
            assertThat(net.run(peer.readToTheEnd())).isEmpty();
        }
    }

    @TransportTest
    void aConnectionThatDoesNotFinishInTimeIsClosed(TransportProvider provider) {
        try (Net net = net(provider)) {
            byte[] bytes = Bytes.pattern(8_000_000);
            boolean[] sawTheEnd = {false};
            TcpServer server = net.serve(peer -> {
                Object unused = peer.write(Bytes.direct(bytes));
                sawTheEnd[0] = await(peer.read()) == null;
                return Coroutine.done();
            });
            Peer peer = net.connectTo(server);
            net.until(() -> server.connections() == 1);
            Task<Void> drain = net.start(() -> server.drain(TEN, THREE));
            pass(net, TEN);
            assertThat(sawTheEnd[0]).isTrue();
            assertThat(drain.isDone()).as("while it has to send something").isFalse();
            assertThat(net.run(peer.readToTheEnd())).as("all is sent").isEqualTo(bytes);
            net.run(drain);
        }
    }

    @TransportTest
    void aConnectionWhosePeerTakesNothingIsAbortedInTheEnd(TransportProvider provider) {
        try (Net net = net(provider)) {
            TcpServer server = net.serve(peer -> Coroutine.of(await(peer.write(Bytes.direct(new byte[8_000_000])))));
            Peer peer = net.connectTo(server);
            net.until(() -> server.connections() == 1);
            Task<Void> drain = net.start(() -> server.drain(TEN, THREE));
            pass(net, TEN);
            pass(net, THREE.minusNanos(1));
            assertThat(drain.isDone()).isFalse();
            assertThat(server.connections()).isOne();
            pass(net, Duration.ofNanos(1));
            assertThat(drain.isDone()).isTrue();
            net.run(drain);
            assertThat(server.connections()).isZero();
            assertThatThrownBy(() -> net.run(peer.readToTheEnd())).isInstanceOf(SocketException.class);
        }
    }

    @TransportTest
    void aDrainWithoutPatienceEndsEveryConnectionAtOnce(TransportProvider provider) {
        try (Net net = net(provider)) {
            TcpServer server = net.serve(ServerTest::echo);
            Peer peer = connected(net, server);
            net.run(server.drain(Duration.ZERO, Duration.ZERO));
            assertThat(server.connections()).isZero();
            assertThat(net.run(peer.readToTheEnd())).isEmpty();
        }
    }

    @TransportTest
    void handlersLearnOfTheDrainAndMayEndEarly(TransportProvider provider) {
        try (Net net = net(provider)) {
            TcpServer server = net.serve(DrainTest::keepAlive);
            Peer idle = connected(net, server);
            Peer busy = connected(net, server);
            assertThat(server.isDraining()).isFalse();
            Task<Void> drain = net.start(() -> server.drain(TEN));
            assertThat(server.isDraining()).isTrue();
            assertThat(net.run(idle.readToTheEnd())).isEmpty();
            assertThat(net.run(busy.readToTheEnd())).isEmpty();
            net.run(drain);
            assertThat(net.loop().allTasks()).isEmpty();
        }
    }

    /** A connection that is kept for the next message, unless the server stops. */
    static Coroutine<Void> keepAlive(TcpStream peer) {
        Task<Void> ending = Async.createTask(closeWhenDraining(peer));
        try {
            for (ByteBuf data; (data = await(peer.read())) != null; ) {
                await(peer.write(data));
            }
        } finally {
            ending.cancel();
        }
        return Coroutine.done();
    }

    private static Coroutine<Void> closeWhenDraining(TcpStream peer) {
        await(peer.server().whenDraining());
        peer.close();
        return Coroutine.done();
    }

    @TransportTest
    void aHandlerThatAsksBetweenTwoMessagesEndsAfterTheOneUnderWay(TransportProvider provider) {
        try (Net net = net(provider)) {
            ConnectionHandler handler = peer -> {
                do {
                    await(peer.write(await(peer.read())));
                } while (!peer.server().isDraining());
                return Coroutine.done();
            };
            TcpServer server = net.serve(handler);
            Peer peer = connected(net, server);
            Task<Void> drain = net.start(() -> server.drain(TEN));
            peer.send("last");
            assertThat(text(net.run(peer.readToTheEnd()))).isEqualTo("last");
            net.run(drain);
        }
    }

    @TransportTest
    void aSecondDrainMayBeLessPatientThanTheFirst(TransportProvider provider) {
        try (Net net = net(provider)) {
            TcpServer server = net.serve(ServerTest::echo);
            Peer peer = connected(net, server);
            Task<Void> patient = net.start(() -> server.drain(Duration.ofHours(1)));
            Task<Void> impatient = net.start(() -> server.drain(THREE));
            pass(net, THREE);
            net.run(impatient);
            net.run(patient);
            assertThat(net.run(peer.readToTheEnd())).isEmpty();
        }
    }

    @TransportTest
    void aClosedServerCanBeDrained(TransportProvider provider) {
        try (Net net = net(provider)) {
            TcpServer server = net.serve(ServerTest::echo);
            Peer peer = connected(net, server);
            server.close();
            Task<Void> drain = net.start(() -> server.drain(TEN));
            assertThat(server.isDraining()).isTrue();
            assertThat(drain.isDone()).isFalse();
            pass(net, TEN);
            net.run(drain);
            assertThat(net.run(peer.readToTheEnd())).isEmpty();
            net.run(server.drain(TEN));
            assertThat(clock.get()).as("nothing is left to wait for").isEqualTo(TEN.toNanos());
        }
    }

    @TransportTest
    void aServerThatNeverServedCanBeDrained(TransportProvider provider) {
        try (Net net = net(provider)) {
            TcpServer server = net.call(() -> TcpServer.bind(Net.loopback(0)).open(ServerTest::echo));
            net.run(server.drain(TEN));
            assertThat(server.addresses()).isEmpty();
        }
    }

    @TransportTest
    void aDrainThatIsCancelledLeavesTheConnectionsAndCanBeDoneAgain(TransportProvider provider) {
        try (Net net = net(provider)) {
            TcpServer server = net.serve(ServerTest::echo);
            Peer peer = connected(net, server);
            List<Task<Void>> drains = new ArrayList<>();
            drains.add(net.start(() -> server.drain(TEN, THREE)));
            drains.get(0).cancel();
            assertThatThrownBy(() -> net.run(drains.get(0))).isInstanceOf(CancelledError.class);
            pass(net, TEN);
            peer.send("still here");
            assertThat(text(net.run(peer.read(10)))).isEqualTo("still here");
            assertThat(server.isServing()).isFalse();
            drains.add(net.start(() -> server.drain(TEN, THREE)));
            pass(net, TEN);
            net.run(drains.get(1));
            assertThat(net.run(peer.readToTheEnd())).isEmpty();
        }
    }

    @TransportTest
    void aDrainThatIsCancelledWhileItWaitsForTheLastBytesLeavesThemToo(TransportProvider provider) {
        try (Net net = net(provider)) {
            byte[] bytes = Bytes.pattern(8_000_000);
            TcpServer server = net.serve(peer -> Coroutine.of(await(peer.write(Bytes.direct(bytes)))));
            Peer peer = net.connectTo(server);
            net.until(() -> server.connections() == 1);
            Task<Void> drain = net.start(() -> server.drain(TEN, THREE));
            pass(net, TEN);
            drain.cancel();
            assertThatThrownBy(() -> net.run(drain)).isInstanceOf(CancelledError.class);
            pass(net, THREE);
            assertThat(net.run(peer.readToTheEnd())).isEqualTo(bytes);
            net.run(server.waitClosed());
        }
    }

    @TransportTest
    void aDrainTakesNoLessThanNoTime(TransportProvider provider) {
        try (Net net = net(provider)) {
            TcpServer server = net.serve(ServerTest::echo);
            assertThatIllegalArgumentException().isThrownBy(() -> net.run(server.drain(Duration.ofNanos(-1))));
            assertThatIllegalArgumentException().isThrownBy(() -> net.run(server.drain(TEN, Duration.ofNanos(-1))));
            server.close();
        }
    }
}

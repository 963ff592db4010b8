package io.samovar.tests.net;

import static io.samovar.Async.await;
import static io.samovar.tests.net.Bytes.text;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.samovar.Async;
import io.samovar.Awaitable;
import io.samovar.Coroutine;
import io.samovar.Promise;
import io.samovar.Task;
import io.samovar.net.ConnectionHandler;
import io.samovar.net.TcpServer;
import io.samovar.net.TcpStream;
import io.samovar.tests.support.TransportTest;
import io.samovar.transport.TransportProvider;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.junit.jupiter.api.Timeout;

/** What peers, and programs, do to a server. Afterwards nothing is left: no descriptor, no task, no buffer, no report. */
@Timeout(60)
class ServerFaultsTest {
    private static final Duration LONG = Duration.ofMinutes(10);
    private static final int MUCH = 8_000_000;

    /** Runs it with a server that has every limit, and sees that the server still serves and nothing is left over. */
    private static void survive(TransportProvider provider, ConnectionHandler handler, Fault fault) {
        try (Net net = Net.on(provider)) {
            net.turn();
            int before = Descriptors.sockets();
            List<Task<?>> handlers = new ArrayList<>();
            boolean[] good = {false};
            TcpServer server = net.serve(
                    TcpServer.bind(Net.loopback(0))
                            .idleTimeout(LONG)
                            .firstByteTimeout(LONG)
                            .maxBufferedBytes(100_000_000)
                            .maxConnections(100),
                    peer -> {
                        handlers.add(net.loop().currentTask());
                        Coroutine<?> talk = good[0] ? ServerTest.echo(peer) : handler.handle(peer);
                        Object unused = await(talk);
                        return Coroutine.done();
                    });
            fault.happen(net, server, handlers);
            net.until(() -> server.connections() == 0);
            good[0] = true;
            try (Peer next = net.connectTo(server)) {
                next.send("still serving");
                assertThat(text(net.run(next.read(13)))).isEqualTo("still serving");
            }
            net.run(server.drain(LONG));
            assertThat(server.bufferedBytes()).isZero();
            net.turn();
            net.turn();
            assertThat(net.loop().allTasks()).isEmpty();
            net.until(() -> Descriptors.sockets() <= before);
            assertThat(Descriptors.sockets()).isEqualTo(before);
        }
    }

    @FunctionalInterface
    private interface Fault {
        void happen(Net net, TcpServer server, List<Task<?>> handlers);
    }

    private static Coroutine<Void> readAll(TcpStream peer) {
        for (ByteBuf data; (data = await(peer.read())) != null; ) {
            data.release();
        }
        return Coroutine.done();
    }

    private static Coroutine<Void> writeMuch(TcpStream peer) {
        await(peer.write(Bytes.direct(new byte[MUCH])));
        return Coroutine.done();
    }

    private static Coroutine<Void> closeWithMuchToSend(TcpStream peer) {
        Object unused = peer.write(Bytes.direct(new byte[MUCH]));
        peer.close();
        await(peer.closed());
        return Coroutine.done();
    }

    // ---- resets

    @TransportTest
    void aResetBeforeTheAccept(TransportProvider provider) {
        survive(provider, ServerFaultsTest::readAll, (net, server, handlers) -> {
            for (int i = 0; i < 5; i++) {
                net.connectTo(server).reset();
            }
            net.until(() -> handlers.size() == 5 && server.connections() == 0);
        });
    }

    @TransportTest
    void aResetBeforeTheFirstByte(TransportProvider provider) {
        survive(provider, ServerFaultsTest::readAll, (net, server, handlers) -> {
            Peer peer = net.connectTo(server);
            net.until(() -> server.connections() == 1);
            peer.reset();
        });
    }

    @TransportTest
    void aResetBetweenTwoBytes(TransportProvider provider) {
        survive(provider, ServerFaultsTest::readAll, (net, server, handlers) -> {
            Peer peer = net.connectTo(server);
            peer.send("half a mess");
            net.until(() -> server.connections() == 1);
            net.turn();
            peer.reset();
        });
    }

    @TransportTest
    void aResetWhileAWriteWaits(TransportProvider provider) {
        survive(provider, ServerFaultsTest::writeMuch, (net, server, handlers) -> {
            Peer peer = net.connectTo(server);
            net.until(() -> server.connections() == 1);
            net.turn();
            peer.reset();
        });
    }

    @TransportTest
    void aResetWhileTheConnectionCloses(TransportProvider provider) {
        survive(provider, ServerFaultsTest::closeWithMuchToSend, (net, server, handlers) -> {
            Peer peer = net.connectTo(server);
            net.until(() -> server.connections() == 1);
            net.turn();
            net.turn();
            peer.reset();
        });
    }

    @TransportTest
    void aResetWhileTheServerDrains(TransportProvider provider) {
        try (Net net = Net.on(provider)) {
            TcpServer server = net.serve(ServerFaultsTest::closeWithMuchToSend);
            Peer writing = net.connectTo(server);
            TcpServer other = net.serve(ServerFaultsTest::readAll);
            Peer reading = net.connectTo(other);
            net.until(() -> server.connections() == 1 && other.connections() == 1);
            List<Task<Void>> drains = List.of(net.start(() -> server.drain(LONG)), net.start(() -> other.drain(LONG)));
            writing.reset();
            reading.reset();
            drains.forEach(net::run);
            net.turn();
            assertThat(net.loop().allTasks()).isEmpty();
        }
    }

    // ---- peers that do not do their part

    @TransportTest
    void peersThatNeverReadAreAbortedByTheDrain(TransportProvider provider) {
        try (Net net = Net.on(provider)) {
            TcpServer server = net.serve(ServerFaultsTest::writeMuch);
            for (int i = 0; i < 20; i++) {
                Peer unused = net.connectTo(server);
            }
            net.until(() -> server.connections() == 20);
            net.run(server.drain(Duration.ZERO, Duration.ofMillis(1)));
            assertThat(server.connections()).isZero();
            net.turn();
            assertThat(net.loop().allTasks()).isEmpty();
        }
    }

    @TransportTest
    void aStormOfConnectsAndClosesDisturbsNobody(TransportProvider provider) {
        int threads = 4;
        int each = 500;
        survive(provider, ServerTest::echo, (net, server, handlers) -> {
            Peer steady = net.connectTo(server);
            InetSocketAddress address = server.address();
            List<CompletableFuture<Void>> storm = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                storm.add(CompletableFuture.runAsync(() -> connectAndClose(address, each), Peer::onAThreadOfItsOwn));
            }
            CompletableFuture<Void> over = CompletableFuture.allOf(storm.toArray(CompletableFuture[]::new));
            int round = 0;
            do {
                steady.send("tea");
                assertThat(text(net.run(steady.read(3)))).isEqualTo("tea");
                round++;
            } while (!over.isDone());
            over.join();
            assertThat(round).isPositive();
            net.until(() -> handlers.size() == 1 + threads * each && server.connections() == 1);
            steady.close();
        });
    }

    private static void connectAndClose(InetSocketAddress address, int times) {
        for (int i = 0; i < times; i++) {
            try (Socket socket = new Socket(address.getAddress(), address.getPort())) {
                if (i % 3 == 1) {
                    socket.getOutputStream().write(1);
                } else if (i % 3 == 2) {
                    socket.setSoLinger(true, 0);
                }
            } catch (IOException failed) {
                throw new AssertionError(failed);
            }
        }
    }

    // ---- cancelling

    /** Each await in which a handler can be when it is cancelled. */
    @TransportTest
    void aHandlerIsCancelledInAnyOfItsAwaits(TransportProvider provider) {
        List<Function<TcpStream, Awaitable<?>>> awaits = List.of(
                TcpStream::read,
                peer -> peer.read(7),
                TcpStream::readLine,
                peer -> peer.write(Bytes.direct(new byte[MUCH])),
                peer -> {
                    Object unused = peer.write(Bytes.direct(new byte[MUCH]));
                    return peer.flush();
                },
                ServerFaultsTest::closeWithMuchToSend,
                peer -> peer.server().waitClosed(),
                peer -> peer.server().whenDraining(),
                peer -> Async.sleep(LONG));
        int[] next = {0};
        survive(
                provider,
                peer -> {
                    Awaitable<?> wait = awaits.get(next[0]++).apply(peer);
                    Object unused = await(wait);
                    return Coroutine.done();
                },
                (net, server, handlers) -> {
                    List<Peer> peers = new ArrayList<>();
                    for (int i = 0; i < awaits.size(); i++) {
                        peers.add(net.connectTo(server));
                    }
                    net.until(() -> handlers.size() == awaits.size());
                    net.turn();
                    handlers.forEach(Task::cancel);
                    net.until(() -> handlers.stream().allMatch(Task::isDone));
                    assertThat(handlers).allMatch(Task::isCancelled);
                    peers.forEach(Peer::reset); // those that still wait for bytes
                });
    }

    @TransportTest
    void whoeverStartsAServerAndIsCancelledLeavesNothing(TransportProvider provider) {
        try (Net net = Net.on(provider)) {
            net.turn();
            int before = Descriptors.sockets();
            Promise<Void> never = net.loop().createFuture();
            Task<?> program = net.loop().createTask(serving(never));
            net.turn();
            net.turn(); // what tried out the options is freed in a poll
            assertThat(Descriptors.sockets()).isEqualTo(before + 2);
            program.cancel();
            net.until(program::isDone);
            net.turn();
            assertThat(Descriptors.sockets()).isEqualTo(before);
        }
    }

    private static Coroutine<Void> serving(Promise<Void> never) {
        try (TcpServer server =
                TcpServer.bind(Net.loopback(0)).and(Net.loopback(0)).start(ServerTest::echo)) {
            assertThat(server.isServing()).isTrue();
            await(never);
        }
        return Coroutine.done();
    }
}

package io.samovar.tests.net;

import static io.samovar.Async.await;
import static io.samovar.tests.net.Bytes.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.samovar.Async;
import io.samovar.Coroutine;
import io.samovar.net.BufferLimitException;
import io.samovar.net.ConnectionHandler;
import io.samovar.net.FirstByteTimeoutException;
import io.samovar.net.IdleTimeoutException;
import io.samovar.net.ServerLimitException;
import io.samovar.net.TcpOptions;
import io.samovar.net.TcpServer;
import io.samovar.net.TcpStream;
import io.samovar.tests.support.TransportTest;
import io.samovar.transport.TransportProvider;
import java.net.SocketException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a server allows a connection. Time passes only when a test lets it. */
@Timeout(60)
class ServerLimitsTest {
    private static final Duration LIMIT = Duration.ofSeconds(8);

    /** How much later than its limit a connection may end. */
    private static final Duration LATE = Duration.ofSeconds(1);

    private static final int MIB = 1 << 20;

    private final AtomicLong clock = new AtomicLong();
    private final List<Throwable> seen = new ArrayList<>();

    private Net net(TransportProvider provider) {
        return Net.on(provider, clock::get);
    }

    /** Lets time pass second by second, and the loop do what is due in each. */
    private void pass(Net net, Duration time) {
        for (long second = 0; second < time.toSeconds(); second++) {
            clock.addAndGet(Duration.ofSeconds(1).toNanos());
            for (int i = 0; i < 3; i++) {
                net.turn();
            }
        }
    }

    private static TcpServer.Builder builder() {
        return TcpServer.bind(Net.loopback(0));
    }

    /** Notes what ends the coroutine. */
    private ConnectionHandler noting(ConnectionHandler handler) {
        return peer -> {
            try {
                return Coroutine.of(await(handler.handle(peer)));
            } catch (ServerLimitException limit) {
                seen.add(limit);
                throw limit;
            }
        };
    }

    private static Peer connected(Net net, TcpServer server) {
        Peer peer = net.connectTo(server);
        peer.send("x");
        net.run(peer.read(1));
        return peer;
    }

    private static void closeAndWait(Net net, TcpServer server) {
        server.close();
        net.run(server.waitClosed());
        net.turn();
        assertThat(net.loop().allTasks()).isEmpty();
    }

    // ---- time

    @TransportTest
    void anIdleConnectionIsEndedAndItsHandlerIsToldWhy(TransportProvider provider) {
        try (Net net = net(provider)) {
            TcpServer server = net.serve(builder().idleTimeout(LIMIT), noting(ServerTest::echo));
            Peer peer = connected(net, server);
            pass(net, LIMIT.minusSeconds(1));
            assertThat(server.connections()).as("before its time").isOne();
            pass(net, LATE.plusSeconds(1));
            assertThat(server.connections()).isZero();
            assertThat(net.run(peer.readToTheEnd())).as("an end, no reset").isEmpty();
            assertThat(seen)
                    .singleElement()
                    .isInstanceOf(IdleTimeoutException.class)
                    .asString()
                    .endsWith("nothing was read or written for PT8S");
            closeAndWait(net, server);
        }
    }

    @TransportTest
    void aConnectionOnWhichBytesPassInOneDirectionIsNotIdle(TransportProvider provider) {
        try (Net net = net(provider)) {
            TcpServer server = net.serve(builder().idleTimeout(LIMIT), peer -> {
                for (int i = 0; i < 3; i++) {
                    await(peer.read()).release();
                }
                for (int i = 0; i < 3; i++) {
                    await(Async.sleep(LIMIT.minus(LATE)));
                    await(peer.write(Bytes.direct("w")));
                }
                return Coroutine.done();
            });
            Peer peer = net.connectTo(server);
            net.until(() -> server.connections() == 1);
            for (int i = 0; i < 3; i++) {
                pass(net, LIMIT.minus(LATE));
                peer.send("r");
                net.turn();
            }
            pass(net, LIMIT.minus(LATE).multipliedBy(3).plusSeconds(1));
            assertThat(text(net.run(peer.readToTheEnd()))).isEqualTo("www");
            closeAndWait(net, server);
        }
    }

    @TransportTest
    void aPeerThatSaysNothingIsEndedAndOneThatSpokeIsNot(TransportProvider provider) {
        try (Net net = net(provider)) {
            TcpServer server = net.serve(builder().firstByteTimeout(LIMIT), noting(ServerTest::echo));
            Peer talked = connected(net, server);
            Peer silent = net.connectTo(server);
            net.until(() -> server.connections() == 2);
            pass(net, LIMIT.minusSeconds(1));
            assertThat(server.connections()).isEqualTo(2);
            pass(net, LATE.plusSeconds(1));
            assertThat(net.run(silent.readToTheEnd())).isEmpty();
            assertThat(seen)
                    .singleElement()
                    .isInstanceOf(FirstByteTimeoutException.class)
                    .asString()
                    .endsWith("the peer sent nothing for PT8S after it had connected");
            pass(net, LIMIT.multipliedBy(3));
            talked.send("still here");
            assertThat(text(net.run(talked.read(10)))).isEqualTo("still here");
            talked.close();
            closeAndWait(net, server);
        }
    }

    @TransportTest
    void eachOfTwoLimitsOfTimeIsKept(TransportProvider provider) {
        try (Net net = net(provider)) {
            Duration longer = Duration.ofSeconds(20);
            TcpServer server =
                    net.serve(builder().firstByteTimeout(LIMIT).idleTimeout(longer), noting(ServerTest::echo));
            Peer talked = connected(net, server);
            Peer unused = net.connectTo(server);
            net.until(() -> server.connections() == 2);
            pass(net, LIMIT.plus(LATE));
            assertThat(seen).singleElement().isInstanceOf(FirstByteTimeoutException.class);
            pass(net, longer.minus(LIMIT).minus(LATE).minusSeconds(1));
            assertThat(server.connections()).isOne();
            pass(net, LATE.plusSeconds(1));
            assertThat(seen).hasSize(2).last().isInstanceOf(IdleTimeoutException.class);
            assertThat(net.run(talked.readToTheEnd())).isEmpty();
            closeAndWait(net, server);
        }
    }

    @TransportTest
    void aClosingConnectionWhosePeerTakesNothingIsAborted(TransportProvider provider) {
        try (Net net = net(provider)) {
            TcpServer server = net.serve(builder().idleTimeout(LIMIT), peer -> {
                Object unused = peer.write(Bytes.direct(new byte[8 * MIB]));
                return Coroutine.done();
            });
            Peer peer = net.connectTo(server);
            net.until(() -> server.connections() == 1);
            server.close();
            pass(net, LIMIT.minusSeconds(1));
            assertThat(server.connections()).isOne();
            pass(net, LATE.plusSeconds(1));
            net.run(server.waitClosed());
            assertThatThrownBy(() -> net.run(peer.readToTheEnd())).isInstanceOf(SocketException.class);
        }
    }

    @TransportTest
    void aWriterWhosePeerTakesNothingIsToldWhy(TransportProvider provider) {
        try (Net net = net(provider)) {
            TcpServer server = net.serve(
                    builder().idleTimeout(LIMIT),
                    noting(peer -> Coroutine.of(await(peer.write(Bytes.direct(new byte[8 * MIB]))))));
            Peer unused = net.connectTo(server);
            net.until(() -> server.connections() == 1);
            pass(net, LIMIT.plus(LATE));
            assertThat(seen).singleElement().isInstanceOf(IdleTimeoutException.class);
            closeAndWait(net, server);
        }
    }

    @TransportTest
    void whatAHandlerDoesAfterItsConnectionWasEndedFailsForTheSameReason(TransportProvider provider) {
        try (Net net = net(provider)) {
            TcpServer server = net.serve(builder().idleTimeout(LIMIT), peer -> {
                await(Async.sleep(LIMIT.multipliedBy(2)));
                for (int i = 0; i < 2; i++) {
                    try {
                        ByteBuf unused = await(peer.read());
                    } catch (IdleTimeoutException idle) {
                        seen.add(idle);
                    }
                    try {
                        await(peer.write(Bytes.direct("late")));
                    } catch (IdleTimeoutException idle) {
                        seen.add(idle);
                    }
                }
                return Coroutine.done();
            });
            Peer peer = net.connectTo(server);
            net.until(() -> server.connections() == 1);
            pass(net, LIMIT.plus(LATE));
            assertThat(net.run(peer.readToTheEnd())).isEmpty();
            pass(net, LIMIT);
            assertThat(seen).hasSize(4).containsOnly(seen.get(0));
            closeAndWait(net, server);
        }
    }

    @TransportTest
    void aLoopThatStoodStillBlamesNobody(TransportProvider provider) {
        try (Net net = net(provider)) {
            TcpServer server = net.serve(builder().idleTimeout(LIMIT), ServerTest::echo);
            Peer peer = connected(net, server);
            clock.addAndGet(Duration.ofHours(1).toNanos());
            net.turn();
            peer.send("still here");
            assertThat(text(net.run(peer.read(10)))).isEqualTo("still here");
            peer.close();
            closeAndWait(net, server);
        }
    }

    @TransportTest
    void whoSharesAServerWithIdleOnesIsNotDisturbed(TransportProvider provider) {
        try (Net net = net(provider)) {
            TcpServer server = net.serve(builder().idleTimeout(LIMIT), ServerTest::echo);
            List<Peer> peers = new ArrayList<>();
            for (int i = 0; i < 9; i++) {
                peers.add(connected(net, server));
            }
            for (int round = 0; round < 3; round++) {
                pass(net, LIMIT.minus(LATE));
                for (int i = 0; i < peers.size(); i += 3) {
                    peers.get(i).send("tea");
                    assertThat(text(net.run(peers.get(i).read(3)))).isEqualTo("tea");
                }
            }
            assertThat(server.connections()).isEqualTo(3);
            peers.forEach(Peer::close);
            closeAndWait(net, server);
        }
    }

    // ---- memory

    @TransportTest
    void aHandlerThatDoesNotAwaitItsWritesIsStoppedAtTheLimit(TransportProvider provider) {
        try (Net net = net(provider)) {
            long[] most = {0};
            TcpServer server = net.serve(builder().maxBufferedBytesPerConnection(4 * MIB), noting(peer -> {
                for (int i = 0; i < 1000; i++) {
                    Object unused = peer.write(Bytes.direct(new byte[64 * 1024]));
                    most[0] = Math.max(most[0], peer.pendingBytes());
                }
                return Coroutine.done();
            }));
            Peer peer = net.connectTo(server);
            net.until(() -> !seen.isEmpty());
            assertThat(seen)
                    .singleElement()
                    .isInstanceOf(BufferLimitException.class)
                    .asString()
                    .contains("bytes waited to be written on one connection, 4194304 are allowed");
            assertThat(most[0]).isBetween(4L * MIB - 64 * 1024, 4L * MIB);
            assertThat(server.bufferedBytes()).isZero();
            assertThatThrownBy(() -> net.run(peer.readToTheEnd())).isInstanceOf(SocketException.class);
            closeAndWait(net, server);
        }
    }

    @TransportTest
    void aGatheringWriteIsHeldToTheLimitToo(TransportProvider provider) {
        try (Net net = net(provider)) {
            TcpServer server = net.serve(builder().maxBufferedBytesPerConnection(MIB), noting(peer -> {
                await(peer.write(Bytes.direct(new byte[8 * MIB]), Bytes.direct(new byte[8 * MIB])));
                return Coroutine.done();
            }));
            Peer unused = net.connectTo(server);
            net.until(() -> !seen.isEmpty());
            assertThat(seen).singleElement().isInstanceOf(BufferLimitException.class);
            assertThat(server.bufferedBytes()).isZero();
            closeAndWait(net, server);
        }
    }

    @TransportTest
    void aHandlerThatAwaitsItsWritesNeverMeetsTheLimit(TransportProvider provider) {
        try (Net net = net(provider)) {
            byte[] bytes = Bytes.pattern(8 * MIB);
            int chunk = 16 * 1024;
            TcpOptions options = TcpOptions.DEFAULT;
            TcpServer server =
                    net.serve(builder().maxBufferedBytesPerConnection(options.highWaterMark() + chunk), peer -> {
                        for (int at = 0; at < bytes.length; at += chunk) {
                            await(peer.write(Bytes.direct(java.util.Arrays.copyOfRange(bytes, at, at + chunk))));
                        }
                        return Coroutine.done();
                    });
            Peer peer = net.connectTo(server);
            for (int i = 0; i < 20; i++) {
                net.turn();
            }
            assertThat(net.run(peer.readToTheEnd())).isEqualTo(bytes);
            closeAndWait(net, server);
        }
    }

    @TransportTest
    void whatHasOnlyBeenGatheredForPeersThatKeepUpCutsNobody(TransportProvider provider) {
        try (Net net = net(provider)) {
            List<TcpStream> streams = new ArrayList<>();
            TcpServer server = net.serve(builder().maxBufferedBytes(100_000), noting(peer -> {
                streams.add(peer);
                return Coroutine.of(await(peer.read()));
            }));
            List<Peer> peers = new ArrayList<>();
            for (int i = 0; i < 30; i++) {
                peers.add(net.connectTo(server));
            }
            net.until(() -> streams.size() == 30);
            net.call(() -> {
                for (TcpStream stream : streams) {
                    Object unused = stream.write(Bytes.direct(new byte[4000]));
                    Object unusedToo = stream.write(Bytes.direct(new byte[4000]));
                }
                return null;
            });
            for (Peer peer : peers) {
                assertThat(net.run(peer.read(8000))).hasSize(8000);
                peer.close();
            }
            closeAndWait(net, server);
            assertThat(seen).isEmpty();
        }
    }

    @TransportTest
    void whenAllTogetherHaveTooMuchTheOneWithTheMostIsCut(TransportProvider provider) {
        try (Net net = net(provider)) {
            List<TcpStream> streams = new ArrayList<>();
            TcpServer server = net.serve(builder().maxBufferedBytes(20 * MIB), noting(peer -> {
                streams.add(peer);
                return Coroutine.of(await(peer.read()));
            }));
            List<Peer> peers = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                peers.add(net.connectTo(server));
            }
            net.until(() -> streams.size() == 3);
            long before = fill(streams.get(0), 2 * MIB) + fill(streams.get(1), 12 * MIB);
            assertThat(server.bufferedBytes()).isEqualTo(before);
            Object unused = streams.get(2).write(Bytes.direct(new byte[10 * MIB]));
            net.turn();
            net.turn();
            assertThat(seen)
                    .singleElement()
                    .isInstanceOf(BufferLimitException.class)
                    .asString()
                    .contains("bytes waited to be written on all connections together, 20971520 are allowed");
            assertThat(streams.get(1).isClosing()).as("that with the most").isTrue();
            assertThat(server.connections()).isEqualTo(2);
            assertThat(server.bufferedBytes())
                    .isEqualTo(streams.get(0).pendingBytes() + streams.get(2).pendingBytes())
                    .isPositive();
            CompletableFuture<byte[]> rest = peers.get(2).read(10 * MIB);
            net.run(rest);
            assertThat(server.bufferedBytes()).isEqualTo(streams.get(0).pendingBytes());
            server.abortClients();
            assertThat(server.bufferedBytes()).isZero();
            closeAndWait(net, server);
        }
    }

    /** Has so many bytes wait at least; gives how many do. */
    private static long fill(TcpStream stream, int bytes) {
        while (stream.pendingBytes() < bytes) {
            Object unused = stream.write(Bytes.direct(new byte[MIB]));
        }
        return stream.pendingBytes();
    }

    // ---- values

    @Test
    void limitsOfTimeMustBePositive() {
        for (Duration wrong : List.of(Duration.ZERO, Duration.ofNanos(-1))) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> builder().idleTimeout(wrong))
                    .withMessage("idleTimeout must be positive, and is " + wrong);
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> builder().firstByteTimeout(wrong))
                    .withMessage("firstByteTimeout must be positive, and is " + wrong);
        }
    }

    @TransportTest
    void limitsOfBytesMustBeAboveTheHighWaterMark(TransportProvider provider) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder().maxBufferedBytes(0))
                .withMessage("maxBufferedBytes must be at least 1, and is 0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder().maxBufferedBytesPerConnection(-1))
                .withMessage("maxBufferedBytesPerConnection must be at least 1, and is -1");
        try (Net net = net(provider)) {
            long high = TcpOptions.DEFAULT.highWaterMark();
            int before = Descriptors.sockets();
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> net.serve(builder().maxBufferedBytes(high), ServerTest::echo))
                    .withMessage("maxBufferedBytes must be more than the high water mark, 65536 bytes,"
                            + " at which writes begin to wait, and is 65536");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> net.serve(builder().maxBufferedBytesPerConnection(high), ServerTest::echo));
            net.turn();
            assertThat(Descriptors.sockets()).isEqualTo(before);
        }
    }

    @TransportTest
    void theShortestAndTheLongestTimesCanBeLimits(TransportProvider provider) {
        try (Net net = net(provider)) {
            TcpServer server = net.serve(
                    builder().firstByteTimeout(Duration.ofNanos(1)).idleTimeout(Duration.ofDays(365_000)),
                    noting(ServerTest::echo));
            Peer peer = net.connectTo(server);
            net.until(() -> server.connections() == 1);
            pass(net, Duration.ofSeconds(3));
            assertThat(net.run(peer.readToTheEnd())).isEmpty();
            assertThat(seen).singleElement().isInstanceOf(FirstByteTimeoutException.class);
            closeAndWait(net, server);
        }
    }
}

package io.samovar.tests.testing;

import static io.samovar.Async.await;
import static io.samovar.testing.TestLoop.runTest;
import static io.samovar.tests.testing.Texts.bytes;
import static io.samovar.tests.testing.Texts.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.samovar.Async;
import io.samovar.AsyncTimeoutException;
import io.samovar.Coroutine;
import io.samovar.Task;
import io.samovar.net.AddressInUseException;
import io.samovar.net.BrokenPipeException;
import io.samovar.net.ConnectionRefusedException;
import io.samovar.net.ConnectionResetException;
import io.samovar.net.ConnectionTimedOutException;
import io.samovar.net.InheritedSocket;
import io.samovar.net.NetworkException;
import io.samovar.net.TcpServer;
import io.samovar.net.TcpStream;
import io.samovar.testing.SamovarExtension;
import io.samovar.testing.StreamPair;
import io.samovar.testing.TestLoop;
import io.samovar.testing.VirtualClock;
import io.samovar.testing.VirtualConnection;
import io.samovar.testing.VirtualNetwork;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Ordinary servers and clients over the network in memory, and its faults. */
@ExtendWith(SamovarExtension.class)
class VirtualNetworkTest {
    private static final InetSocketAddress ADDRESS = new InetSocketAddress("198.51.100.7", 7);

    static Coroutine<Void> echo(TcpStream peer) {
        for (ByteBuf data; (data = await(peer.read())) != null; ) {
            await(peer.write(data));
        }
        return Coroutine.done();
    }

    private static String much(int size) {
        StringBuilder all = new StringBuilder();
        for (int i = 0; all.length() < size; i++) {
            all.append(i).append(',');
        }
        return all.substring(0, size);
    }

    @Test
    void aServerAndItsClientTalkInMemory(VirtualNetwork network) {
        runTest(() -> {
            try (TcpServer server = TcpServer.bind(ADDRESS).start(VirtualNetworkTest::echo);
                    TcpStream peer = await(TcpStream.connect(ADDRESS))) {
                assertThat(server.address()).isEqualTo(ADDRESS);
                assertThat(peer.remoteAddress()).isEqualTo(ADDRESS);
                await(peer.write(bytes("kettle")));
                assertThat(text(await(peer.read()))).isEqualTo("kettle");
                assertThat(server.connections()).isOne();
                assertThat(network.connections()).singleElement().satisfies(connection -> {
                    assertThat(connection.serverAddress()).isEqualTo(ADDRESS);
                    assertThat(connection.clientAddress()).isEqualTo(peer.localAddress());
                });
            }
            return Coroutine.done();
        });
    }

    @Test
    void manyConnectionsOfOneServerDoNotMixTheirBytes(VirtualNetwork network) {
        runTest(() -> {
            network.onConnect(connection -> connection.chunks(7));
            try (TcpServer server = TcpServer.bind(ADDRESS).backlog(3).start(VirtualNetworkTest::echo)) {
                List<Task<String>> talks = new ArrayList<>();
                for (int i = 0; i < 50; i++) {
                    talks.add(Async.createTask(talk(i + ":" + much(500))));
                }
                for (int i = 0; i < 50; i++) {
                    assertThat(await(talks.get(i))).isEqualTo(i + ":" + much(500));
                }
                assertThat(server.connections()).isLessThanOrEqualTo(50);
            }
            return Coroutine.done();
        });
    }

    private static Coroutine<String> talk(String said) {
        try (TcpStream peer = await(TcpStream.connect(ADDRESS))) {
            await(peer.write(bytes(said)));
            return Coroutine.of(await(Texts.read(peer, said.length())));
        }
    }

    @Test
    void eachReadGivesNoMoreThanTheChunk(StreamPair pair) {
        runTest(() -> {
            pair.connection().readsAtMost(3);
            await(pair.near().write(bytes("samovar")));
            assertThat(text(await(pair.far().read()))).isEqualTo("sam");
            assertThat(text(await(pair.far().read()))).isEqualTo("ova");
            assertThat(text(await(pair.far().read()))).isEqualTo("r");
            return Coroutine.done();
        });
    }

    @Test
    void eachWriteTakesNoMoreThanTheChunkAndTheStreamWaitsWithTheRest(StreamPair pair) {
        runTest(() -> {
            pair.connection().writesAtMost(2);
            Object unused = pair.near().write(bytes("samovar"));
            Object unusedFlush = pair.near().flush();
            assertThat(pair.near().pendingBytes()).isEqualTo(5);
            Object unusedToo = pair.near().write(bytes("!"), bytes("?"));
            assertThat(await(Texts.read(pair.far(), 9))).isEqualTo("samovar!?");
            assertThat(pair.near().pendingBytes()).isZero();
            return Coroutine.done();
        });
    }

    @Test
    void aWriterWaitsWhileItsPeerDoesNotRead(StreamPair pair, VirtualClock clock) {
        runTest(() -> {
            String said = much(1_000_000);
            Task<Void> writing = Async.createTask(writing(pair.near(), said));
            await(clock.advance(Duration.ofHours(1)));
            assertThat(writing.isDone()).isFalse();
            assertThat(pair.near().pendingBytes()).isEqualTo(said.length() - 64 * 1024);
            assertThat(await(Texts.read(pair.far(), said.length()))).isEqualTo(said);
            await(writing);
            return Coroutine.done();
        });
    }

    private static Coroutine<Void> writing(TcpStream stream, String said) {
        await(stream.write(bytes(said)));
        return Coroutine.done();
    }

    @Test
    void aSmallCapacityLetsEverythingThroughInTheEnd(StreamPair pair) {
        runTest(() -> {
            pair.connection().capacity(10).latency(Duration.ofMillis(1));
            Task<Void> writing = Async.createTask(writing(pair.near(), much(1_000)));
            assertThat(await(Texts.read(pair.far(), 1_000))).isEqualTo(much(1_000));
            await(writing);
            return Coroutine.done();
        });
    }

    @Test
    void latencyDelaysConnectAndBytes(VirtualNetwork network, VirtualClock clock) {
        runTest(() -> {
            network.onConnect(connection -> connection.latency(Duration.ofMillis(40)));
            try (TcpServer server = TcpServer.bind(ADDRESS).start(VirtualNetworkTest::echo);
                    TcpStream peer = await(TcpStream.connect(ADDRESS))) {
                assertThat(clock.elapsed()).isEqualTo(Duration.ofMillis(80));
                await(peer.write(bytes("ping")));
                assertThat(clock.elapsed()).isEqualTo(Duration.ofMillis(80));
                assertThat(text(await(peer.read()))).isEqualTo("ping");
                assertThat(clock.elapsed()).isEqualTo(Duration.ofMillis(160));
                assertThat(server.connections()).isOne();
            }
            return Coroutine.done();
        });
    }

    @Test
    void nothingOvertakesWhatWasSentWithAHigherLatency(StreamPair pair) {
        runTest(() -> {
            pair.connection().latency(Duration.ofSeconds(5));
            await(pair.near().write(bytes("first ")));
            pair.connection().latency(Duration.ZERO);
            await(pair.near().write(bytes("second")));
            assertThat(await(Texts.read(pair.far(), 12))).isEqualTo("first second");
            return Coroutine.done();
        });
    }

    @Test
    void aStalledConnectionHoldsEverythingBackInItsOrder(StreamPair pair, VirtualClock clock) {
        runTest(() -> {
            pair.connection().stall();
            await(pair.near().write(bytes("one ")));
            await(pair.near().write(bytes("two ")));
            Task<String> reading = Async.createTask(Texts.readToTheEnd(pair.far()));
            await(clock.advance(Duration.ofDays(1)));
            assertThat(reading.isDone()).isFalse();
            pair.connection().resume();
            await(pair.near().write(bytes("three")));
            pair.near().shutdownOutput();
            assertThat(await(reading)).isEqualTo("one two three");
            return Coroutine.done();
        });
    }

    @Test
    void aResetConnectionFailsBothEnds(StreamPair pair) {
        runTest(() -> {
            await(pair.near().write(bytes("lost")));
            pair.connection().reset();
            assertThat(await(failureOf(pair.near()))).isInstanceOf(ConnectionResetException.class);
            assertThat(await(failureOf(pair.far()))).isInstanceOf(ConnectionResetException.class);
            assertThatThrownBy(() -> pair.far().write(bytes("too late"))).isInstanceOf(BrokenPipeException.class);
            return Coroutine.done();
        });
    }

    private static Coroutine<Throwable> failureOf(TcpStream stream) {
        try {
            throw new AssertionError("read " + text(await(stream.read())));
        } catch (RuntimeException failure) {
            return Coroutine.of(failure);
        }
    }

    @Test
    void anAbortIsAResetForThePeerAndACloseIsTheEnd(VirtualNetwork network, TestLoop test) {
        runTest(() -> {
            StreamPair cut = network.pair(test.loop());
            Object unused = cut.near().write(bytes("last words"));
            await(cut.near().flush());
            cut.near().abort();
            assertThat(text(await(cut.far().read()))).isEqualTo("last words");
            assertThat(await(failureOf(cut.far()))).isInstanceOf(ConnectionResetException.class);
            cut.close();
            StreamPair ended = network.pair(test.loop());
            Object unusedToo = ended.near().write(bytes("last words"));
            ended.near().close();
            assertThat(await(Texts.readToTheEnd(ended.far()))).isEqualTo("last words");
            ended.close();
            return Coroutine.done();
        });
    }

    @Test
    void aStreamThatIsClosedWithBytesUnreadResetsItsPeer(StreamPair pair, VirtualClock clock) {
        runTest(() -> {
            await(pair.near().write(bytes("a question that nobody reads")));
            await(clock.waitUntilBlocked());
            pair.far().close();
            assertThat(await(failureOf(pair.near()))).isInstanceOf(ConnectionResetException.class);
            return Coroutine.done();
        });
    }

    @Test
    void whatIsWrittenToAPeerThatHasClosedFailsTheWriteAfterIt(StreamPair pair, VirtualClock clock) {
        runTest(() -> {
            pair.far().close();
            await(clock.waitUntilBlocked());
            await(pair.near().write(bytes("nobody is there")));
            await(clock.waitUntilBlocked());
            await(pair.near().write(bytes("still nobody")));
            try {
                await(pair.near().flush());
                throw new AssertionError("was written");
            } catch (BrokenPipeException gone) {
                assertThat(gone).hasMessageContaining("EPIPE");
            }
            assertThat(await(pair.near().read())).isNull();
            return Coroutine.done();
        });
    }

    @Test
    void halfCloseLeavesTheOtherDirectionOpen(StreamPair pair) {
        runTest(() -> {
            await(pair.near().write(bytes("question")));
            pair.near().shutdownOutput();
            assertThat(await(Texts.readToTheEnd(pair.far()))).isEqualTo("question");
            await(pair.far().write(bytes("answer")));
            assertThat(text(await(pair.near().read()))).isEqualTo("answer");
            return Coroutine.done();
        });
    }

    @Test
    void connectingWhereNobodyListensIsRefused(VirtualNetwork network) {
        runTest(() -> {
            assertThat(await(connectFailure(ADDRESS)))
                    .isInstanceOf(ConnectionRefusedException.class)
                    .hasMessage("connect to " + ADDRESS + ": connection refused (ECONNREFUSED)");
            assertThat(network.connections()).isEmpty();
            return Coroutine.done();
        });
    }

    private static Coroutine<Throwable> connectFailure(InetSocketAddress address) {
        try (TcpStream unexpected = await(TcpStream.connect(address))) {
            throw new AssertionError("connected " + unexpected);
        } catch (RuntimeException failure) {
            return Coroutine.of(failure);
        }
    }

    @Test
    void anAddressRefusesUntilItIsHealed(VirtualNetwork network) {
        runTest(() -> {
            try (TcpServer server = TcpServer.bind(ADDRESS).start(VirtualNetworkTest::echo)) {
                network.refuse(ADDRESS);
                assertThat(await(connectFailure(ADDRESS))).isInstanceOf(ConnectionRefusedException.class);
                network.heal(ADDRESS);
                assertThat(await(talk("again"))).isEqualTo("again");
                assertThat(server.address()).isEqualTo(ADDRESS);
            }
            return Coroutine.done();
        });
    }

    @Test
    void aSilentAddressMakesTheConnectTimeOut(VirtualNetwork network, VirtualClock clock) {
        runTest(() -> {
            network.silence(ADDRESS);
            assertThat(await(connectFailure(ADDRESS))).isInstanceOf(ConnectionTimedOutException.class);
            assertThat(clock.elapsed()).isEqualTo(Duration.ofSeconds(127));
            assertThat(await(limitedConnectFailure())).isInstanceOf(AsyncTimeoutException.class);
            assertThat(clock.elapsed()).isEqualTo(Duration.ofSeconds(130));
            return Coroutine.done();
        });
    }

    private static Coroutine<Throwable> limitedConnectFailure() {
        try (TcpStream unexpected = await(
                TcpStream.connector(ADDRESS).timeLimit(Duration.ofSeconds(3)).connect())) {
            throw new AssertionError("connected " + unexpected);
        } catch (AsyncTimeoutException late) {
            return Coroutine.of(late);
        }
    }

    @Test
    void aConnectThatHasEndedLeavesNothingThatMovesTheClock(VirtualNetwork network, VirtualClock clock) {
        runTest(() -> {
            try (TcpServer server = TcpServer.bind(ADDRESS).start(VirtualNetworkTest::echo)) {
                assertThat(await(talk("quick"))).isEqualTo("quick");
                assertThat(server.address()).isEqualTo(ADDRESS);
            }
            assertThat(await(connectFailure(ADDRESS))).isInstanceOf(ConnectionRefusedException.class);
            await(Async.sleep(Duration.ofHours(1)));
            assertThat(clock.elapsed()).isEqualTo(Duration.ofHours(1));
            assertThat(network.connections()).isEmpty();
            return Coroutine.done();
        });
    }

    @Test
    void anAddressIsTakenUntilItsServerIsClosed(VirtualNetwork network) {
        runTest(() -> {
            try (TcpServer first = TcpServer.bind(ADDRESS).start(VirtualNetworkTest::echo)) {
                assertThatThrownBy(() -> TcpServer.bind(first.address()).start(VirtualNetworkTest::echo))
                        .isInstanceOf(AddressInUseException.class);
                assertThatThrownBy(
                                () -> TcpServer.bind(new InetSocketAddress(7)).start(VirtualNetworkTest::echo))
                        .isInstanceOf(AddressInUseException.class);
            }
            try (TcpServer any = TcpServer.bind(new InetSocketAddress(7)).start(VirtualNetworkTest::echo)) {
                assertThat(await(talk("through the wildcard"))).isEqualTo("through the wildcard");
                assertThat(any.address().getPort()).isEqualTo(7);
            }
            assertThat(network.connections())
                    .allSatisfy(connection -> assertThat(connection)
                            .hasToString("VirtualConnection(" + connection.clientAddress() + " -> " + ADDRESS + ")"));
            return Coroutine.done();
        });
    }

    @Test
    void aReaderThatIsCancelledLosesNoByte(StreamPair pair, VirtualClock clock) {
        runTest(() -> {
            Task<String> cancelled = Async.createTask(Texts.read(pair.far(), 4));
            await(clock.waitUntilBlocked());
            await(pair.near().write(bytes("kept")));
            cancelled.cancel();
            assertThat(await(Texts.read(pair.far(), 4))).isEqualTo("kept");
            return Coroutine.done();
        });
    }

    @Test
    void everyRunGoesTheSameWay() {
        List<String> first = history();
        assertThat(first).hasSizeGreaterThan(50);
        assertThat(history()).isEqualTo(first);
    }

    /** What three clients of a slow network see, and when. */
    private static List<String> history() {
        List<String> seen = new ArrayList<>();
        try (TestLoop test = TestLoop.virtual()) {
            test.network().onConnect(connection -> connection.chunks(5).latency(Duration.ofMillis(3)));
            test.run(() -> {
                try (TcpServer server = TcpServer.bind(ADDRESS).start(VirtualNetworkTest::echo)) {
                    List<Task<Void>> clients = new ArrayList<>();
                    for (int i = 0; i < 3; i++) {
                        clients.add(Async.createTask(noting(seen, test.clock(), i)));
                    }
                    for (Task<Void> client : clients) {
                        await(client);
                    }
                    assertThat(server.address()).isEqualTo(ADDRESS);
                }
                return Coroutine.done();
            });
        }
        return seen;
    }

    private static Coroutine<Void> noting(List<String> seen, VirtualClock clock, int number) {
        try (TcpStream peer = await(TcpStream.connect(ADDRESS))) {
            String said = much(100 + number);
            await(peer.write(bytes(said)));
            for (int got = 0; got < said.length(); ) {
                String some = text(await(peer.read()));
                got += some.length();
                seen.add(number + "@" + clock.elapsed() + ":" + some);
            }
        }
        return Coroutine.done();
    }

    @Test
    void faultsThatMakeNoSenseAreRefused(StreamPair pair) {
        VirtualConnection connection = pair.connection();
        assertThatIllegalArgumentException().isThrownBy(() -> connection.chunks(0));
        assertThatIllegalArgumentException().isThrownBy(() -> connection.capacity(0));
        assertThatIllegalArgumentException().isThrownBy(() -> connection.latency(Duration.ofNanos(-1)));
    }

    @Test
    void aServerTakesOverASocketThatItsProcessWasStartedWith(VirtualNetwork network) {
        runTest(() -> {
            List<InheritedSocket> sockets = List.of(
                    network.inherit(3, "echo", ADDRESS),
                    network.inherit(4, "other", new InetSocketAddress(ADDRESS.getAddress(), 80)));
            TcpStream early = await(TcpStream.connect(ADDRESS));
            await(early.write(bytes("early")));
            try (TcpServer server = TcpServer.inherit(sockets).start(VirtualNetworkTest::echo)) {
                assertThat(server.addresses())
                        .containsExactly(ADDRESS, new InetSocketAddress(ADDRESS.getAddress(), 80));
                assertThat(text(await(early.read()))).isEqualTo("early");
                assertThatThrownBy(() -> TcpServer.inherit(sockets).open(VirtualNetworkTest::echo))
                        .isInstanceOf(NetworkException.class)
                        .hasMessage("take over descriptor 3: bad file descriptor (EBADF)");
                early.close();
            }
            return Coroutine.done();
        });
    }

    @Test
    void aDescriptorIsInheritedOnce(VirtualNetwork network) {
        runTest(() -> {
            InheritedSocket socket = network.inherit(3, "echo", ADDRESS);
            assertThat(socket).isEqualTo(new InheritedSocket(3, "echo"));
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> network.inherit(3, "again", new InetSocketAddress(ADDRESS.getAddress(), 80)))
                    .withMessage("descriptor 3 is taken");
            assertThatThrownBy(() -> network.inherit(4, "same", ADDRESS)).isInstanceOf(AddressInUseException.class);
            return Coroutine.done();
        });
    }

    @Test
    void withoutDualStackEachFamilyHasAListenerOfItsOwn(VirtualNetwork network) {
        runTest(() -> {
            InetSocketAddress v4 = new InetSocketAddress("0.0.0.0", 7);
            InetSocketAddress v6 = new InetSocketAddress("::", 7);
            try (TcpServer one = TcpServer.bind(v4).dualStack(false).start(VirtualNetworkTest::echo);
                    TcpServer other = TcpServer.bind(v6).dualStack(false).start(VirtualNetworkTest::echo);
                    TcpStream peer = await(TcpStream.connect(new InetSocketAddress("2001:db8::1", 7)))) {
                await(peer.write(bytes("six")));
                assertThat(text(await(peer.read()))).isEqualTo("six");
                assertThat(one.connections()).isZero();
                assertThat(other.connections()).isOne();
                assertThatThrownBy(() -> TcpServer.bind(ADDRESS)
                                .start(VirtualNetworkTest::echo)
                                .close())
                        .as("a wildcard has every address of its family")
                        .isInstanceOf(AddressInUseException.class);
            }
            TcpServer both = TcpServer.bind(v6).start(VirtualNetworkTest::echo);
            assertThatThrownBy(() -> TcpServer.bind(v4)
                            .dualStack(false)
                            .start(VirtualNetworkTest::echo)
                            .close())
                    .isInstanceOf(AddressInUseException.class);
            both.close();
            return Coroutine.done();
        });
    }
}

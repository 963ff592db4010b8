package io.samovar.tests.net;

import static io.samovar.Async.await;
import static io.samovar.testing.TestLoop.runTest;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.samovar.Async;
import io.samovar.AsyncTimeoutException;
import io.samovar.CancelledError;
import io.samovar.Coroutine;
import io.samovar.Task;
import io.samovar.net.ConnectFailedException;
import io.samovar.net.ConnectionRefusedException;
import io.samovar.net.ConnectionTimedOutException;
import io.samovar.net.TcpConnector;
import io.samovar.net.TcpServer;
import io.samovar.net.TcpStream;
import io.samovar.testing.Check;
import io.samovar.testing.SamovarExtension;
import io.samovar.testing.StreamPair;
import io.samovar.testing.TestLoop;
import io.samovar.testing.VirtualClock;
import io.samovar.testing.VirtualNetwork;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Who is tried when, on virtual time. */
@ExtendWith(SamovarExtension.class)
class HappyEyeballsTest {
    private static final InetSocketAddress SIX = new InetSocketAddress("2001:db8::1", 7);
    private static final InetSocketAddress SIX_TOO = new InetSocketAddress("2001:db8::2", 7);
    private static final InetSocketAddress FOUR = new InetSocketAddress("198.51.100.1", 7);
    private static final InetSocketAddress FOUR_TOO = new InetSocketAddress("198.51.100.2", 7);

    private VirtualNetwork network;
    private VirtualClock clock;
    private Attempts attempts;

    @BeforeEach
    void watch(VirtualNetwork itsNetwork, VirtualClock itsClock) {
        network = itsNetwork;
        clock = itsClock;
        attempts = new Attempts(network, clock);
    }

    private static TcpServer serve(InetSocketAddress address) {
        return TcpServer.bind(address).start(peer -> {
            peer.close();
            return Coroutine.done();
        });
    }

    private static Coroutine<Throwable> failure(TcpConnector connector) {
        try (TcpStream unexpected = await(connector.connect())) {
            throw new AssertionError("connected " + unexpected);
        } catch (RuntimeException failure) {
            return Coroutine.of(failure);
        }
    }

    private static TcpConnector to(InetSocketAddress... addresses) {
        return TcpStream.connector(List.of(addresses));
    }

    private long now() {
        return clock.elapsed().toMillis();
    }

    @Test
    void theSecondAddressIsTriedAfter250Milliseconds() {
        runTest(() -> {
            network.silence(SIX);
            try (TcpServer server = serve(FOUR);
                    TcpStream peer = await(to(SIX, FOUR).connect())) {
                assertThat(peer.remoteAddress()).isEqualTo(server.address());
                assertThat(attempts.seen()).containsExactly("2001:db8:0:0:0:0:0:1 at 0", "198.51.100.1 at 250");
                assertThat(now()).isEqualTo(250);
                assertThat(network.connections()).hasSize(1);
            }
            return Coroutine.done();
        });
    }

    @Test
    void aServerThatAnswersInTimeSeesNoSecondAttempt() {
        runTest(() -> {
            attempts.takes(SIX, Duration.ofMillis(248));
            try (TcpServer server = serve(SIX);
                    TcpStream peer = await(to(SIX, FOUR).connect())) {
                assertThat(peer.remoteAddress()).isEqualTo(server.address());
                await(clock.advance(Duration.ofMinutes(5)));
                assertThat(attempts.seen()).containsExactly("2001:db8:0:0:0:0:0:1 at 0");
            }
            return Coroutine.done();
        });
    }

    @Test
    void anAttemptThatFailsHasTheNextBeginAtOnceAndTheDelayBeginsAnew() {
        runTest(() -> {
            attempts.takes(SIX, Duration.ofMillis(80)); // nobody listens there
            network.silence(FOUR);
            try (TcpServer server = serve(SIX_TOO);
                    TcpStream peer = await(to(SIX, FOUR, SIX_TOO).connect())) {
                assertThat(peer.remoteAddress()).isEqualTo(server.address());
                assertThat(attempts.seen())
                        .containsExactly(
                                "2001:db8:0:0:0:0:0:1 at 0", "198.51.100.1 at 80", "2001:db8:0:0:0:0:0:2 at 330");
            }
            return Coroutine.done();
        });
    }

    @Test
    void anAttemptThatFailsWhileAnotherIsUnderWayHasTheNextBeginToo() {
        runTest(() -> {
            attempts.takes(SIX, Duration.ofMillis(300));
            network.silence(FOUR);
            try (TcpServer server = serve(SIX_TOO);
                    TcpStream peer = await(to(SIX, FOUR, SIX_TOO).connect())) {
                assertThat(peer.remoteAddress()).isEqualTo(server.address());
                assertThat(attempts.seen())
                        .containsExactly(
                                "2001:db8:0:0:0:0:0:1 at 0", "198.51.100.1 at 250", "2001:db8:0:0:0:0:0:2 at 300");
            }
            return Coroutine.done();
        });
    }

    @Test
    void theFamiliesTakeTurnsBeginningWithTheFirstOnes() {
        runTest(() -> {
            InetSocketAddress third = new InetSocketAddress("198.51.100.3", 7);
            List.of(SIX, SIX_TOO, FOUR, FOUR_TOO, third).forEach(network::silence);
            TcpConnector fourFirst = to(FOUR, FOUR_TOO, third, SIX, SIX_TOO);
            assertThat(await(failure(fourFirst.timeLimit(Duration.ofSeconds(2)))))
                    .isInstanceOf(AsyncTimeoutException.class);
            assertThat(attempts.seen())
                    .containsExactly(
                            "198.51.100.1 at 0",
                            "2001:db8:0:0:0:0:0:1 at 250",
                            "198.51.100.2 at 500",
                            "2001:db8:0:0:0:0:0:2 at 750",
                            "198.51.100.3 at 1000");
            return Coroutine.done();
        });
    }

    @Test
    void theFirstThatStandsWinsAndAllOthersAreClosed() {
        runTest(() -> {
            attempts.takes(SIX, Duration.ofMillis(600));
            attempts.takes(FOUR, Duration.ofMillis(200));
            network.silence(SIX_TOO);
            try (TcpServer slow = serve(SIX);
                    TcpServer quick = serve(FOUR);
                    TcpStream peer = await(to(SIX, FOUR, SIX_TOO).connect())) {
                assertThat(peer.remoteAddress()).isEqualTo(quick.address());
                assertThat(now()).isEqualTo(450);
                await(clock.advance(Duration.ofSeconds(5)));
                assertThat(attempts.seen()).hasSize(2);
                assertThat(slow.connections()).isZero();
                assertThat(network.connections())
                        .allSatisfy(open -> assertThat(open.serverAddress()).isEqualTo(quick.address()));
            }
            return Coroutine.done();
        });
    }

    @Test
    void anEarlierAttemptThatStandsAtTheSameTimeIsTaken() {
        runTest(() -> {
            attempts.takes(SIX, Duration.ofMillis(350));
            attempts.takes(FOUR, Duration.ofMillis(100));
            try (TcpServer first = serve(SIX);
                    TcpServer second = serve(FOUR);
                    TcpStream peer = await(to(SIX, FOUR).connect())) {
                assertThat(now()).isEqualTo(350);
                assertThat(attempts.seen()).hasSize(2);
                assertThat(peer.remoteAddress()).isEqualTo(first.address());
                await(clock.advance(Duration.ofSeconds(5)));
                assertThat(second.connections()).isZero();
            }
            return Coroutine.done();
        });
    }

    @Test
    void theDelayIsTheProgramsToChoose() {
        runTest(() -> {
            List.of(SIX, FOUR, SIX_TOO).forEach(network::silence);
            TcpConnector connector = to(SIX, FOUR, SIX_TOO).timeLimit(Duration.ofSeconds(1));
            Throwable unused = await(failure(connector.attemptDelay(Duration.ofMillis(100))));
            assertThat(attempts.seen()).map(HappyEyeballsTest::time).containsExactly("0", "100", "200");
            Throwable unusedToo = await(failure(connector.attemptDelay(Duration.ZERO)));
            assertThat(attempts.seen().subList(3, 6))
                    .map(HappyEyeballsTest::time)
                    .containsExactly("1000", "1000", "1000");
            return Coroutine.done();
        });
    }

    private static String time(String attempt) {
        return attempt.substring(attempt.lastIndexOf(' ') + 1);
    }

    @Test
    void aNegativeDelayIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> to(SIX, FOUR).attemptDelay(Duration.ofMillis(-1)))
                .withMessage("no attempt begins before the one before it: PT-0.001S");
    }

    @Test
    void sequentialTriesEachInTheOrderGivenWhenTheOneBeforeHasFailed() {
        runTest(() -> {
            network.silence(SIX); // as Linux does, it gives up after 127 seconds
            try (TcpServer server = serve(FOUR);
                    TcpStream peer = await(to(SIX, SIX_TOO, FOUR).sequential().connect())) {
                assertThat(peer.remoteAddress()).isEqualTo(server.address());
                assertThat(attempts.seen())
                        .containsExactly(
                                "2001:db8:0:0:0:0:0:1 at 0",
                                "2001:db8:0:0:0:0:0:2 at 127000",
                                "198.51.100.1 at 127000");
            }
            return Coroutine.done();
        });
    }

    @Test
    @Tag("L17")
    void whenAllFailAllAreToldOfInTheOrderInWhichTheyWereTried() {
        runTest(() -> {
            attempts.takes(SIX, Duration.ofMillis(400)); // fails after the second
            network.silence(SIX_TOO);
            assertThat(await(failure(to(SIX, FOUR, SIX_TOO))))
                    .isInstanceOfSatisfying(
                            ConnectFailedException.class,
                            failed -> assertThat(failed.failures())
                                    .hasSize(3)
                                    .satisfiesExactly(
                                            first -> assertThat(first)
                                                    .isInstanceOf(ConnectionRefusedException.class)
                                                    .hasMessageContaining(SIX.toString()),
                                            second -> assertThat(second)
                                                    .isInstanceOf(ConnectionRefusedException.class)
                                                    .hasMessageContaining(FOUR.toString()),
                                            third -> assertThat(third).isInstanceOf(ConnectionTimedOutException.class)))
                    .hasMessageStartingWith("none of 3 addresses: connect to " + SIX);
            assertThat(now()).isEqualTo(250 + 127_000);
            return Coroutine.done();
        });
    }

    @Test
    void theTimeLimitTellsOfWhatHasFailedUntilThen() {
        runTest(() -> {
            network.silence(FOUR);
            assertThat(await(failure(to(SIX, FOUR).timeLimit(Duration.ofSeconds(3)))))
                    .isInstanceOf(AsyncTimeoutException.class)
                    .hasMessage("connect to " + SIX + ", " + FOUR + " took longer than PT3S")
                    .satisfies(late -> assertThat(late.getSuppressed())
                            .singleElement()
                            .isInstanceOf(ConnectionRefusedException.class));
            assertThat(now()).isEqualTo(3_000);
            assertThat(network.connections()).isEmpty();
            return Coroutine.done();
        });
    }

    @Test
    void aTaskThatIsCancelledAtAnyTimeLeavesNothingOpen() {
        runTest(() -> {
            attempts.takes(SIX, Duration.ofMillis(300));
            network.silence(FOUR);
            attempts.takes(SIX_TOO, Duration.ofMillis(200));
            try (TcpServer server = serve(SIX_TOO)) {
                List<Integer> tried = new ArrayList<>();
                // 250: together with the timer; 300: together with a failure; at 500 the connection would stand.
                for (int millis : new int[] {0, 100, 249, 250, 251, 299, 300, 301, 499}) {
                    int before = attempts.seen().size();
                    Task<TcpStream> connecting =
                            Async.createTask(to(SIX, FOUR, SIX_TOO).connect());
                    await(Async.sleep(Duration.ofMillis(millis)));
                    connecting.cancel();
                    assertThat(await(wasCancelled(connecting))).isTrue();
                    assertThat(network.connections()).as("after %s ms", millis).isEmpty();
                    int after = attempts.seen().size();
                    tried.add(after - before);
                    await(clock.advance(Duration.ofSeconds(1))); // no timer begins another
                    assertThat(attempts.seen()).hasSize(after);
                }
                assertThat(tried).startsWith(1, 1, 1).endsWith(3, 3);
                assertThat(server.connections()).isZero();
            }
            return Coroutine.done();
        });
    }

    private static Coroutine<Boolean> wasCancelled(Task<TcpStream> connecting) {
        try (TcpStream peer = await(connecting)) {
            return Coroutine.of(peer.isClosing());
        } catch (CancelledError cancelled) {
            return Coroutine.of(true);
        }
    }

    @Test
    void aTaskThatIsCancelledWhenItsConnectionStandsAndItHasNotRunYetClosesIt(StreamPair pair) {
        runTest(() -> {
            attempts.takes(SIX, Duration.ofMillis(400));
            attempts.takes(FOUR, Duration.ofMillis(150)); // both stand at 400
            pair.connection().latency(Duration.ofMillis(400));
            try (TcpServer first = serve(SIX);
                    TcpServer second = serve(FOUR)) {
                await(pair.near().write(Bytes.direct("!")));
                Task<TcpStream> connecting = Async.createTask(to(SIX, FOUR).connect());
                Bytes.text(await(pair.far().read())); // arrives at 400 as well, and is told of first
                assertThat(now()).isEqualTo(400);
                assertThat(first.connections() + second.connections()).isZero();
                connecting.cancel();
                assertThat(await(wasCancelled(connecting))).isTrue();
                await(clock.advance(Duration.ofSeconds(1)));
                assertThat(network.connections()).hasSize(1); // the pair's
            }
            return Coroutine.done();
        });
    }

    @Test
    void aLoopThatIsClosedMeanwhileClosesEveryAttempt() {
        try (TestLoop test = TestLoop.virtual().skip(Check.LEAKED_TASKS)) {
            Attempts seen = new Attempts(test.network(), test.clock());
            List.of(SIX, FOUR).forEach(test.network()::silence);
            test.run(() -> {
                Task<TcpStream> unused = Async.createTask(to(SIX, FOUR).connect());
                await(test.clock().advance(Duration.ofMillis(300)));
                return Coroutine.done();
            });
            assertThat(seen.seen()).hasSize(2);
            assertThat(test.network().connections()).hasSize(2);
            test.loop().close();
            assertThat(test.network().connections()).isEmpty();
            assertThat(test.takeFailures())
                    .singleElement()
                    .satisfies(left -> assertThat(left.message()).contains("closed before this task was done"));
        }
    }
}

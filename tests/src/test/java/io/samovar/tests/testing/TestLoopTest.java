package io.samovar.tests.testing;

import static io.samovar.Async.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.samovar.Async;
import io.samovar.Coroutine;
import io.samovar.Promise;
import io.samovar.Task;
import io.samovar.net.TcpServer;
import io.samovar.net.TcpStream;
import io.samovar.testing.Check;
import io.samovar.testing.StreamPair;
import io.samovar.testing.TestLoop;
import io.samovar.testing.VirtualClock;
import io.samovar.tests.support.TransportTest;
import io.samovar.transport.TransportProvider;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class TestLoopTest {
    private static final InetSocketAddress ADDRESS = new InetSocketAddress("192.0.2.7", 7);
    private static final String HERE = TestLoopTest.class.getName();

    private final List<String> log = new ArrayList<>();

    private Coroutine<Void> sleeping(Duration duration) {
        try {
            await(Async.sleep(duration));
            log.add("slept");
        } finally {
            log.add("over");
        }
        return Coroutine.done();
    }

    private Coroutine<Void> outer(Duration duration) {
        await(sleeping(duration));
        return Coroutine.done();
    }

    private static void closing(TestLoop test, String... expected) {
        assertThatThrownBy(test::close)
                .isInstanceOf(AssertionError.class)
                .hasMessageStartingWith("the test has left something behind:\n- ")
                .message()
                .contains(expected);
    }

    @Test
    void runGivesTheResultAndThrowsTheFailureAsItIs() {
        IOException failure = new IOException("no water");
        try (TestLoop test = TestLoop.virtual()) {
            assertThat(test.<String>run(() -> Coroutine.of("tea"))).isEqualTo("tea");
            assertThatThrownBy(() -> test.run(() -> {
                        throw failure;
                    }))
                    .isSameAs(failure);
        }
    }

    @Test
    void aTaskThatIsNotDoneIsNamedWithWhereItStands() {
        TestLoop test = TestLoop.virtual();
        test.run(() -> {
            Task<Void> unused = Async.createTask(outer(Duration.ofHours(1)));
            await(Async.sleep(Duration.ofMillis(1)));
            return Coroutine.done();
        });
        closing(
                test,
                "- a task is not done: Task",
                "\n    at " + HERE + ".sleeping(TestLoopTest.java:",
                "\n    at " + HERE + ".outer(TestLoopTest.java:",
                "\nIf that is meant: @SkipChecks(Check.LEAKED_TASKS)");
        assertThat(log).as("it was cancelled").containsExactly("over");
        assertThat(test.loop().isClosed()).isTrue();
        assertThatCode(test::close).doesNotThrowAnyException();
    }

    @Test
    void aTaskThatNeedsTimeToCleanUpGetsIt() {
        TestLoop test = TestLoop.virtual(VirtualClock.manual());
        test.run(() -> {
            Task<Void> unused = Async.createTask(slowToEnd());
            await(Async.sleep(Duration.ZERO));
            return Coroutine.done();
        });
        closing(test, "a task is not done");
        assertThat(log).containsExactly("slept", "over", "ended");
    }

    private Coroutine<Void> slowToEnd() {
        try {
            await(Async.sleep(Duration.ofDays(1)));
        } finally {
            await(sleeping(Duration.ofSeconds(30)));
            log.add("ended");
        }
        return Coroutine.done();
    }

    @Test
    void whatIsAboutToEndIsNotALeak() {
        try (TestLoop test = TestLoop.virtual()) {
            test.network().onConnect(connection -> connection.latency(Duration.ofMillis(40)));
            test.run(() -> {
                try (TcpServer server = TcpServer.bind(ADDRESS).start(VirtualNetworkTest::echo);
                        TcpStream peer = await(TcpStream.connect(ADDRESS))) {
                    await(peer.write(Texts.bytes("x")));
                    assertThat(Texts.text(await(peer.read()))).isEqualTo("x");
                    assertThat(server.connections()).isOne();
                }
                return Coroutine.done(); // the server's connection is still open
            });
        }
    }

    @TransportTest
    void whatIsAboutToEndOnARealTransportIsNotALeakEither(TransportProvider provider) {
        try (TestLoop test = TestLoop.real(provider.name())) {
            test.run(() -> {
                try (TcpServer server = TcpServer.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                                .start(VirtualNetworkTest::echo);
                        TcpStream peer = await(TcpStream.connect(server.address()))) {
                    await(peer.write(Texts.bytes("x")));
                    assertThat(Texts.text(await(peer.read()))).isEqualTo("x");
                }
                return Coroutine.done();
            });
        }
    }

    @TransportTest
    void aStreamThatIsNotClosedIsNamedWithWhoOpenedIt(TransportProvider provider) {
        assertNamesOpenSockets(
                TestLoop.real(provider.name()), new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    }

    @Test
    void aStreamInMemoryThatIsNotClosedIs() {
        assertNamesOpenSockets(TestLoop.virtual(), new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    }

    private void assertNamesOpenSockets(TestLoop test, InetSocketAddress at) {
        List<InetSocketAddress> addresses = new ArrayList<>();
        test.run(() -> {
            TcpServer server = TcpServer.bind(at).start(VirtualNetworkTest::echo);
            TcpStream peer = await(connecting(server.address()));
            addresses.addAll(List.of(server.address(), peer.localAddress()));
            await(peer.write(Texts.bytes("x")));
            assertThat(Texts.text(await(peer.read()))).isEqualTo("x");
            return Coroutine.done();
        });
        closing(
                test,
                "- the server at " + addresses.get(0) + " was not closed; it was opened at " + HERE + ".lambda$",
                "- the stream " + addresses.get(1) + " -> " + addresses.get(0) + " was not closed; it was opened at "
                        + HERE + ".connecting(TestLoopTest.java:",
                "- a task is not done: Task",
                "VirtualNetworkTest.echo(VirtualNetworkTest.java:",
                "@SkipChecks({Check.LEAKED_TASKS, Check.UNCLOSED_SOCKETS})");
    }

    private static Coroutine<TcpStream> connecting(InetSocketAddress address) {
        return Coroutine.of(await(TcpStream.connect(address)));
    }

    @Test
    void anErrorThatNobodyTookIsTheCause() {
        TestLoop test = TestLoop.virtual();
        IllegalStateException boom = new IllegalStateException("boom");
        test.run(() -> {
            Object unused = test.loop().callSoon(() -> {
                throw boom;
            });
            await(Async.sleep(Duration.ZERO));
            return Coroutine.done();
        });
        assertThatThrownBy(test::close)
                .hasCause(boom)
                .message()
                .contains("- an error was reported: exception in callback ")
                .contains(": java.lang.IllegalStateException: boom\n")
                .contains("@SkipChecks(Check.UNHANDLED_ERRORS), or take the errors with TestLoop.takeFailures()");
    }

    @Test
    void aFailureThatNobodyLookedAtIsAnErrorAndSoIsTheSecond() {
        TestLoop test = TestLoop.virtual();
        test.run(() -> {
            for (int i = 0; i < 2; i++) {
                Promise<Void> forgotten = test.loop().createFuture();
                forgotten.setException(new IllegalStateException("boom " + i));
            }
            return Coroutine.done();
        });
        assertThatThrownBy(test::close)
                .hasMessageContaining("Promise failed and nobody asked for its result")
                .satisfies(error -> assertThat(error.getSuppressed()).hasSize(1));
    }

    @Test
    void errorsThatAreTakenDoNotFailTheTest() {
        try (TestLoop test = TestLoop.virtual()) {
            test.run(() -> {
                Object unused = test.loop().callSoon(() -> {
                    throw new IllegalStateException("expected");
                });
                await(Async.sleep(Duration.ZERO));
                return Coroutine.done();
            });
            assertThat(test.takeFailures())
                    .singleElement()
                    .satisfies(failure -> assertThat(failure.exception()).hasMessage("expected"));
            assertThat(test.takeFailures()).isEmpty();
        }
    }

    @Test
    void eachCheckCanBeSkipped() {
        TestLoop test = TestLoop.virtual()
                .skip(Check.LEAKED_TASKS)
                .skip(Check.UNCLOSED_SOCKETS)
                .skip(Check.UNHANDLED_ERRORS);
        test.run(() -> {
            Task<Void> unused = Async.createTask(sleeping(Duration.ofHours(1)));
            TcpServer open = TcpServer.bind(ADDRESS).start(VirtualNetworkTest::echo);
            assertThat(open.address()).isEqualTo(ADDRESS);
            Object unusedToo = test.loop().callSoon(() -> {
                throw new IllegalStateException("boom");
            });
            await(Async.sleep(Duration.ZERO));
            return Coroutine.done();
        });
        assertThatCode(test::close).doesNotThrowAnyException();
    }

    @Test
    void streamsThatTheLoopHasMadeAreClosedWithIt() {
        StreamPair pair;
        try (TestLoop test = TestLoop.virtual()) {
            pair = test.streams();
            test.run(() -> {
                Task<Void> unused = Async.createTask(VirtualNetworkTest.echo(pair.far()));
                await(Async.sleep(Duration.ZERO));
                return Coroutine.done();
            });
        }
        assertThat(pair.near().isClosing()).isTrue();
    }

    @Test
    void aCoroutineThatTakesTooLongFailsWithWhereEveryTaskStands() {
        try (TestLoop test = TestLoop.virtual(VirtualClock.manual())) {
            test.timeLimit(Duration.ofMillis(50));
            assertThatThrownBy(() -> test.run(() -> {
                        await(outer(Duration.ofHours(1)));
                        return Coroutine.done();
                    }))
                    .isInstanceOf(AssertionError.class)
                    .hasMessageStartingWith("the test took longer than 0.05s; its virtual clock stands at 0s"
                            + " and is manual: time passes only by advance and jump\n- a task is not done: Task")
                    .hasMessageContaining("\n    at " + HERE + ".sleeping(TestLoopTest.java:");
        }
    }

    @TransportTest
    void aCoroutineThatTakesTooLongOnARealTransportFailsToo(TransportProvider provider) {
        try (TestLoop test = TestLoop.real(provider.name())) {
            test.timeLimit(Duration.ofMillis(50));
            assertThatThrownBy(() -> test.run(() -> outer(Duration.ofHours(1))))
                    .isInstanceOf(AssertionError.class)
                    .hasMessageStartingWith("the test took longer than 0.05s\n- a task is not done: Task");
        }
    }

    @Test
    void whatHoldsTheLoopUpIsInterruptedAndNamed() {
        try (TestLoop test = TestLoop.virtual()) {
            test.timeLimit(Duration.ofMillis(50));
            assertThatThrownBy(() -> test.run(() -> blocking()))
                    .isInstanceOf(AssertionError.class)
                    .hasMessageContaining("something held the loop up")
                    .hasMessageContaining("at " + HERE + ".waitForEver(TestLoopTest.java:");
            assertThat(Thread.interrupted()).isFalse();
        }
    }

    @Test
    void aTaskThatNeverRestsIsNamedAndNothingElse() {
        TestLoop test = TestLoop.virtual();
        test.timeLimit(Duration.ofMillis(50));
        assertThatThrownBy(() -> test.run(() -> {
                    Task<Void> unused = Async.createTask(spinning());
                    await(Async.sleep(Duration.ofDays(1)));
                    return Coroutine.done();
                }))
                .hasMessageContaining("the test took longer than 0.05s");
        assertThatThrownBy(test::close)
                .hasMessageContaining(HERE + ".spinning(TestLoopTest.java:")
                .satisfies(error -> assertThat(error.getMessage().split("a task is not done"))
                        .hasSize(2));
    }

    private static Coroutine<Void> spinning() {
        while (true) {
            await(Async.sleep(Duration.ZERO));
        }
    }

    private static Coroutine<Void> blocking() {
        await(Coroutine.done());
        waitForEver();
        return Coroutine.done();
    }

    private static void waitForEver() {
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
        }
    }

    @TransportTest
    void aRealTransportHasNeitherClockNorNetwork(TransportProvider provider) {
        try (TestLoop test = TestLoop.real(provider.name())) {
            assertThat(test.isVirtual()).isFalse();
            assertThatIllegalStateException()
                    .isThrownBy(test::clock)
                    .withMessageContaining("@OnTransport(\"virtual\")");
            assertThatIllegalStateException().isThrownBy(test::streams);
        }
    }

    @Test
    void runTestWithoutAnExtensionTakesAVirtualLoopOfItsOwnAndChecksIt() {
        assertThatThrownBy(() -> TestLoop.runTest(() -> {
                    await(Async.sleep(Duration.ofDays(1)));
                    Task<Void> unused = Async.createTask(sleeping(Duration.ofHours(1)));
                    return Coroutine.done();
                }))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("a task is not done");
    }
}

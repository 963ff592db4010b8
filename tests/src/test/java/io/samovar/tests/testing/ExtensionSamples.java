package io.samovar.tests.testing;

import static io.samovar.Async.await;
import static io.samovar.testing.TestLoop.runTest;

import io.samovar.Async;
import io.samovar.Coroutine;
import io.samovar.EventLoop;
import io.samovar.Task;
import io.samovar.net.TcpServer;
import io.samovar.testing.Check;
import io.samovar.testing.OnTransport;
import io.samovar.testing.SamovarExtension;
import io.samovar.testing.SkipChecks;
import io.samovar.testing.StreamPair;
import io.samovar.testing.TestLoop;
import io.samovar.testing.TimeLimit;
import io.samovar.testing.VirtualClock;
import io.samovar.testing.VirtualNetwork;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Test classes that {@link SamovarExtensionTest} runs, here and with the oldest JUnit; not part of the suite themselves. */
final class ExtensionSamples {
    private ExtensionSamples() {}

    private static void check(boolean holds, String what) {
        if (!holds) {
            throw new AssertionError(what);
        }
    }

    private static Coroutine<Void> sleeping() {
        await(Async.sleep(Duration.ofHours(1)));
        return Coroutine.done();
    }

    private static Task<Void> leak() {
        return Async.createTask(sleeping());
    }

    @ExtendWith(SamovarExtension.class)
    static class GoodTests {
        private EventLoop loopBefore;

        @BeforeEach
        void before(EventLoop loop) {
            loopBefore = loop;
            runTest(() -> {
                await(Async.sleep(Duration.ofMillis(1)));
                return Coroutine.done();
            });
        }

        @Test
        void virtualTime(VirtualClock clock, EventLoop loop) {
            check(loop == loopBefore, "one loop for each test");
            runTest(() -> {
                check(EventLoop.current() == loop, "the test runs on its loop");
                await(Async.sleep(Duration.ofDays(1)));
                check(clock.elapsed().toDays() == 1, "virtual time");
                return Coroutine.done();
            });
        }

        @Test
        void realTime(TestLoop test) {
            check(!test.isVirtual(), "nobody asked for virtual time");
            check(test.loop() == loopBefore, "one loop for each test");
        }

        @Test
        void streams(StreamPair pair, VirtualNetwork network) {
            runTest(() -> {
                await(pair.near().write(Texts.bytes("tea")));
                check(Texts.text(await(pair.far().read())).equals("tea"), "in memory");
                check(network.connections().contains(pair.connection()), "one network");
                return Coroutine.done();
            });
        }

        @Test
        @OnTransport("nio")
        void named(EventLoop loop) {
            check(loop.transport().name().equals("nio"), "by its name");
        }

        @ParameterizedTest
        @ValueSource(ints = {1, 2})
        void parameterized(int days, VirtualClock clock) {
            runTest(() -> {
                await(Async.sleep(Duration.ofDays(days)));
                check(clock.elapsed().toDays() == days, "a clock for each");
                return Coroutine.done();
            });
        }

        @RepeatedTest(2)
        void repeated(VirtualClock clock) {
            check(clock.elapsed().toMillis() == 1, "a clock for each, and for its @BeforeEach");
        }

        @AfterEach
        void after(EventLoop loop) {
            check(loop == loopBefore, "one loop for each test");
            runTest(() -> {
                await(Async.sleep(Duration.ZERO));
                return Coroutine.done();
            });
        }

        @Nested
        @OnTransport(OnTransport.VIRTUAL)
        class Inside {
            @Test
            void inherits(TestLoop test) {
                check(test.isVirtual(), "said by the class");
            }
        }
    }

    @ExtendWith(SamovarExtension.class)
    static class LeakyTests {
        @Test
        void leaksATask(VirtualClock clock) {
            runTest(() -> {
                Task<Void> unused = leak();
                await(clock.advance(Duration.ofSeconds(1)));
                return Coroutine.done();
            });
        }

        @Test
        void leaksAServer(VirtualClock clock) {
            runTest(() -> {
                TcpServer unused =
                        TcpServer.bind(new InetSocketAddress("192.0.2.7", 7)).start(VirtualNetworkTest::echo);
                await(clock.waitUntilBlocked());
                return Coroutine.done();
            });
        }

        @Test
        void leavesAnError(EventLoop loop) {
            runTest(() -> {
                Object unused = loop.callSoon(() -> {
                    throw new IllegalStateException("boom");
                });
                await(Async.sleep(Duration.ZERO));
                return Coroutine.done();
            });
        }

        @Test
        void failsAndLeaks(VirtualClock clock) {
            runTest(() -> {
                Task<Void> unused = leak();
                await(clock.waitUntilBlocked());
                throw new IllegalStateException("the test's own failure");
            });
        }

        @Test
        @TimeLimit(seconds = 0.05)
        void takesTooLong() {
            runTest(() -> sleeping());
        }

        @Test
        @SkipChecks(Check.LEAKED_TASKS)
        void mayLeakATask(VirtualClock clock) {
            runTest(() -> {
                Task<Void> unused = leak();
                await(clock.waitUntilBlocked());
                return Coroutine.done();
            });
        }
    }

    @ExtendWith(SamovarExtension.class)
    @SkipChecks({Check.LEAKED_TASKS, Check.UNCLOSED_SOCKETS})
    @TimeLimit(seconds = 0.05)
    static class LenientTests {
        @Test
        void mayLeakATask(VirtualClock clock) {
            leaveATask(clock);
        }

        private static void leaveATask(VirtualClock clock) {
            runTest(() -> {
                Task<Void> unused = leak();
                await(clock.waitUntilBlocked());
                return Coroutine.done();
            });
        }

        @Test
        @SkipChecks(Check.UNCLOSED_SOCKETS)
        void mayNot(VirtualClock clock) {
            leaveATask(clock);
        }

        @Test
        void takesTooLong() {
            runTest(() -> sleeping());
        }

        @Nested
        class Inside {
            @Test
            void mayLeakATaskToo(VirtualClock clock) {
                leaveATask(clock);
            }
        }
    }

    @ExtendWith(SamovarExtension.class)
    static class ConstructorTests {
        ConstructorTests(VirtualClock clock) {}

        @Test
        void neverRuns() {}
    }

    @ExtendWith(SamovarExtension.class)
    static class UndecidedTests {
        @BeforeEach
        void before(EventLoop loop) {
            check(loop.isLoopThread(), "opened for the test");
        }

        @Test
        void asksForNothing() {}

        @AfterEach
        void after(VirtualClock clock) {}
    }

    @ExtendWith(SamovarExtension.class)
    static class OtherThreadTests {
        @Test
        @Timeout(value = 10, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
        void runsElsewhere(VirtualClock clock) {
            runTest(() -> {
                await(clock.advance(Duration.ofSeconds(1)));
                return Coroutine.done();
            });
        }
    }

    @ExtendWith(SamovarExtension.class)
    static class CoroutineTests {
        @Test
        void runs() {}

        @Test
        Coroutine<Void> neverRuns() {
            return sleeping();
        }
    }
}

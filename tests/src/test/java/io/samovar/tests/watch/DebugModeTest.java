package io.samovar.tests.watch;

import static io.samovar.Async.await;
import static io.samovar.tests.support.Coroutines.coroutine;
import static org.assertj.core.api.Assertions.assertThat;

import io.samovar.Async;
import io.samovar.Coroutine;
import io.samovar.EventLoop;
import io.samovar.net.TcpServer;
import io.samovar.net.TcpStream;
import io.samovar.testing.VirtualClock;
import io.samovar.tests.support.EveryMode;
import io.samovar.tests.support.LogCapture;
import io.samovar.tests.support.Mode;
import io.samovar.tests.support.TransportTest;
import io.samovar.tests.support.VirtualLoop;
import io.samovar.transport.TransportProvider;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a loop tells in debug mode, and not otherwise. */
@Timeout(60)
class DebugModeTest {
    @Nested
    @EveryMode
    class OnOneLoop {
        @AutoClose
        private final VirtualLoop virtual;

        @AutoClose
        private final LogCapture log = new LogCapture();

        private final EventLoop loop;

        OnOneLoop(Mode mode) {
            virtual = new VirtualLoop(mode);
            loop = virtual.loop();
            loop.setDebug(true);
        }

        @Test
        @Tag("L12")
        void aCallbackThatTakesLongIsLogged() {
            loop.setSlowCallbackDuration(Duration.ZERO);
            loop.callSoon(() -> {});
            virtual.turn();
            assertThat(log.messages())
                    .singleElement()
                    .asString()
                    .matches("executing Handle\\(.*DebugModeTest.*\\) took \\d+ ms");
        }

        @Test
        @Tag("L12")
        void aStepThatTakesLongIsLoggedByTheNameOfItsTask() {
            loop.setSlowCallbackDuration(Duration.ZERO);
            loop.createTask(coroutine(Coroutine::done)).setName("brewer");
            virtual.turn();
            assertThat(log.messages()).anyMatch(message -> message.matches("executing Task.*brewer.* took \\d+ ms"));
        }

        @Test
        void whatIsQuickIsNotLogged() {
            assertThat(loop.slowCallbackDuration()).isEqualTo(Duration.ofMillis(100));
            loop.setSlowCallbackDuration(Duration.ofDays(1));
            loop.callSoon(() -> {});
            virtual.turn();
            assertThat(log.messages()).isEmpty();
        }

        @Test
        void nothingIsLoggedOutsideOfDebugMode() {
            loop.setSlowCallbackDuration(Duration.ZERO);
            loop.setDebug(false);
            assertThat(loop.isDebug()).isFalse();
            loop.callSoon(() -> {});
            virtual.turn();
            assertThat(log.messages()).isEmpty();
        }

        @Test
        void theLoopKnowsWhereThingsWereMade() {
            for (Object made : new Object[] {
                loop.createFuture(),
                loop.createTask(Coroutine.done()),
                loop.callSoon(() -> {}),
                loop.callLater(Duration.ofDays(1), () -> {})
            }) {
                Throwable origin = loop.createdAt(made);
                assertThat(origin).as(made.toString()).isNotNull();
                StackTraceElement[] stack = origin.getStackTrace();
                assertThat(stack[0].getMethodName()).isEqualTo("theLoopKnowsWhereThingsWereMade");
                assertThat(stack).hasSizeLessThanOrEqualTo(10);
            }
            loop.setDebug(false);
            assertThat(loop.createdAt(loop.createFuture())).isNull();
        }
    }

    @Test
    void aLoopThatIsNeverClosedIsLogged() {
        try (LogCapture log = new LogCapture()) {
            forgetALoop();
            assertThat(log.collectUntilLogged("an event loop was never closed").getThrown())
                    .hasStackTraceContaining("forgetALoop");
        }
    }

    @SuppressWarnings("resource") // which is the point
    private static void forgetALoop() {
        EventLoop loop = new VirtualClock().builder().debug(true).open();
        assertThat(loop.isClosed()).isFalse();
    }

    @TransportTest
    void aStreamThatIsOpenWhenItsLoopIsClosedIsLogged(TransportProvider transport) {
        try (LogCapture log = new LogCapture()) {
            try (EventLoop loop =
                    EventLoop.builder().transport(transport).debug(true).open()) {
                loop.runUntilComplete(leaveAStreamOpen());
            }
            assertThat(log.records())
                    .filteredOn(
                            record -> record.getMessage().contains("still open when its loop was closed: TcpStream"))
                    .isNotEmpty()
                    .anySatisfy(
                            record -> assertThat(record.getThrown()).hasStackTraceContaining("ConnectPlan.connect"));
        }
    }

    private static Coroutine<Void> leaveAStreamOpen() {
        TcpServer server = TcpServer.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .start(peer -> {
                    await(peer.closed());
                    return Coroutine.done();
                });
        TcpStream stream = await(TcpStream.connect(server.address()));
        assertThat(stream.isClosing()).isFalse();
        await(Async.sleep(Duration.ZERO));
        return Coroutine.done();
    }
}

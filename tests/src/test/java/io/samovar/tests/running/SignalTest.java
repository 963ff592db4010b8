package io.samovar.tests.running;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.samovar.CancelledError;
import io.samovar.Coroutine;
import io.samovar.EventLoop;
import io.samovar.LoopClosedException;
import io.samovar.NotLoopThreadException;
import io.samovar.Signals;
import io.samovar.Task;
import io.samovar.tests.support.TransportTest;
import io.samovar.tests.support.VirtualLoop;
import io.samovar.transport.TransportProvider;
import io.samovar.transport.Transports;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** Signals to this very process: WINCH, which does nothing where nobody handles it. */
@Timeout(30)
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "there is no kill")
class SignalTest {
    @AutoClose
    private final VirtualLoop virtual = new VirtualLoop();

    private final EventLoop loop = virtual.loop();
    private final List<String> log = new ArrayList<>();

    private static void kill() {
        Kill.send("WINCH", ProcessHandle.current().pid());
    }

    /** Sends the signal while the loop sleeps. */
    private static void killSoon() {
        new Thread(SignalTest::kill).start();
    }

    @TransportTest
    @Tag("L19")
    void aSignalWakesASleepingLoopAtOnceAndItsHandlerRunsOnTheLoopOnce(TransportProvider provider) {
        try (EventLoop sleeping = EventLoop.builder().transport(provider).open()) {
            List<String> calls = new ArrayList<>();
            sleeping.addSignalHandler("SIGWINCH", () -> {
                calls.add(sleeping.isLoopThread() ? "on the loop" : "elsewhere");
                sleeping.callLater(Duration.ofMillis(10), sleeping::stop); // time for a second call
            });
            sleeping.callLater(Duration.ofSeconds(60), sleeping::stop);
            sleeping.callSoon(SignalTest::killSoon);
            sleeping.runForever();
            assertThat(calls).containsExactly("on the loop");
            assertThat(sleeping.time()).isLessThan(TimeUnit.SECONDS.toNanos(30));
        }
    }

    @Test
    void nextGivesTheNameOfTheSignalThatCame() {
        loop.callSoon(() -> loop.callSoon(SignalTest::killSoon));
        assertThat(loop.runUntilComplete(Signals.next("SIGWINCH", "USR1"))).isEqualTo("WINCH");
    }

    @Test
    void allWhoWaitForASignalAreToldAndAHandlerBeside() {
        loop.addSignalHandler("WINCH", () -> log.add("handler"));
        Task<String> first = loop.createTask(Signals.next("WINCH"));
        Task<String> second = loop.createTask(Signals.next("WINCH"));
        virtual.turn();
        kill();
        assertThat(loop.runUntilComplete(first)).isEqualTo("WINCH");
        assertThat(loop.runUntilComplete(second)).isEqualTo("WINCH");
        assertThat(log).containsExactly("handler");
    }

    @Test
    void aSecondHandlerTakesThePlaceOfTheFirst() {
        loop.addSignalHandler("WINCH", () -> log.add("first"));
        loop.addSignalHandler("winch", () -> {
            log.add("second");
            loop.stop();
        });
        loop.callSoon(SignalTest::killSoon);
        loop.runForever();
        assertThat(log).containsExactly("second");
    }

    @Test
    void eachLoopHasItsOwnHandler() throws Exception {
        LoopInThread.withLoop(Transports.select("nio"), other -> {
            CompletableFuture<Void> told = tellOn(other);
            loop.addSignalHandler("WINCH", loop::stop);
            loop.callSoon(SignalTest::killSoon);
            loop.runForever();
            told.get(10, TimeUnit.SECONDS);
        });
    }

    @Test
    void aHandlerThatIsRemovedBeforeTheLoopGetsToItDoesNotRun() throws Exception {
        loop.addSignalHandler("WINCH", () -> log.add("removed"));
        LoopInThread.withLoop(Transports.select("nio"), other -> {
            CompletableFuture<Void> told = tellOn(other);
            kill();
            told.get(10, TimeUnit.SECONDS); // its handler came second, so our loop has been told as well
            assertThat(loop.removeSignalHandler("WINCH")).isTrue();
            assertThat(loop.removeSignalHandler("WINCH")).isFalse();
            virtual.settle();
            assertThat(log).isEmpty();
        });
    }

    private static CompletableFuture<Void> tellOn(EventLoop other) throws Exception {
        CompletableFuture<Void> told = new CompletableFuture<>();
        other.submit(() -> {
                    other.addSignalHandler("WINCH", () -> told.complete(null));
                    return Coroutine.done();
                })
                .get(10, TimeUnit.SECONDS);
        return told;
    }

    @Test
    void aWaitThatIsCancelledLeavesNoHandlerBehind() {
        Task<String> wait = loop.createTask(Signals.next("WINCH", "USR1"));
        virtual.turn();
        assertThat(Handlers.isDefault("WINCH")).isFalse();
        wait.cancel();
        assertThatThrownBy(() -> loop.runUntilComplete(wait)).isInstanceOf(CancelledError.class);
        assertThat(Handlers.isDefault("WINCH")).isTrue();
        assertThat(Handlers.isDefault("USR1")).isTrue();
    }

    @Test
    void closingTheLoopRestoresWhatTheSignalDid() {
        loop.addSignalHandler("WINCH", () -> {});
        loop.createTask(Signals.next("USR1"));
        virtual.turn();
        assertThat(Handlers.isDefault("WINCH")).isFalse();
        assertThat(Handlers.isDefault("USR1")).isFalse();
        loop.close();
        assertThat(Handlers.isDefault("WINCH")).isTrue();
        assertThat(Handlers.isDefault("USR1")).isTrue();
        assertThat(loop.removeSignalHandler("WINCH")).isFalse();
        assertThatThrownBy(() -> loop.addSignalHandler("WINCH", () -> {})).isInstanceOf(LoopClosedException.class);
    }

    @Test
    void theLoopThreadAloneSetsHandlers() throws Exception {
        virtual.turn();
        CompletableFuture.runAsync(() -> {
                    assertThatThrownBy(() -> loop.addSignalHandler("WINCH", () -> {}))
                            .isInstanceOf(NotLoopThreadException.class);
                    assertThatThrownBy(() -> loop.removeSignalHandler("WINCH"))
                            .isInstanceOf(NotLoopThreadException.class);
                })
                .get(10, TimeUnit.SECONDS);
    }

    @Test
    void aSignalThatDoesNotExistOrIsNotFreeIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> loop.addSignalHandler("TEATIME", () -> {}))
                .withMessageContaining("TEATIME");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> loop.addSignalHandler("SEGV", () -> {}))
                .withMessageContaining("SEGV");
        assertThatThrownBy(() -> loop.runUntilComplete(Signals.next("WINCH", "TEATIME")))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(Handlers.isDefault("WINCH")).isTrue();
        assertThatThrownBy(() -> loop.runUntilComplete(Signals.next())).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aHandlerThatFailsIsReportedAndStays() {
        loop.addSignalHandler("WINCH", () -> {
            log.add("called");
            loop.stop();
            throw new IllegalStateException("boom");
        });
        for (int i = 0; i < 2; i++) {
            loop.callSoon(SignalTest::killSoon);
            loop.runForever();
        }
        assertThat(log).containsExactly("called", "called");
        assertThat(virtual.failures())
                .hasSize(2)
                .allSatisfy(failure -> assertThat(failure.exception()).hasMessage("boom"));
    }
}

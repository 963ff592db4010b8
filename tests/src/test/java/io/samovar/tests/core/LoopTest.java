package io.samovar.tests.core;

import static io.samovar.tests.support.Coroutines.awaiting;
import static io.samovar.tests.support.Coroutines.coroutine;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.samovar.Async;
import io.samovar.Coroutine;
import io.samovar.EventLoop;
import io.samovar.ExceptionHandler;
import io.samovar.Handle;
import io.samovar.LoopClosedException;
import io.samovar.LoopFailure;
import io.samovar.NotLoopThreadException;
import io.samovar.TimerHandle;
import io.samovar.testing.VirtualClock;
import io.samovar.tests.support.EveryMode;
import io.samovar.tests.support.LogCapture;
import io.samovar.tests.support.Mode;
import io.samovar.tests.support.VirtualLoop;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.logging.Filter;
import java.util.logging.Logger;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** One iteration, and what a loop refuses. Tags are rows of asyncio's conformance cases. */
@Timeout(30)
@EveryMode
class LoopTest {
    @AutoClose
    private final VirtualLoop virtual;

    private final EventLoop loop;
    private final VirtualClock clock;
    private final List<LoopFailure> failures;
    private final List<String> log = new ArrayList<>();

    LoopTest(Mode mode) {
        virtual = new VirtualLoop(mode);
        loop = virtual.loop();
        clock = virtual.clock();
        failures = virtual.failures();
    }

    private Runnable note(String what) {
        return () -> log.add(what);
    }

    @Test
    void callbacksRunInTheOrderTheyWereScheduled() {
        loop.callSoon(note("a"));
        loop.callSoon(note("b"));
        virtual.turn();
        assertThat(log).containsExactly("a", "b");
    }

    @Test
    @Tag("L1")
    void whatACallbackSchedulesWaitsForTheNextIteration() {
        loop.callLater(Duration.ZERO, () -> {
            log.add("timer");
            loop.callSoon(note("next"));
        });
        virtual.turn();
        assertThat(log).containsExactly("timer");
        virtual.turn();
        assertThat(log).containsExactly("timer", "next");
    }

    @Test
    @Tag("L2")
    void aLoopThatIsStoppedBeforeItRunsDoesOneIterationWithoutWaiting() {
        loop.callLater(Duration.ofHours(1), note("late"));
        loop.callSoon(note("now"));
        virtual.turn();
        assertThat(log).containsExactly("now");
        assertThat(clock.elapsed()).isZero();
    }

    @Test
    void callbacksRunInTheOrderTheyWereScheduledFromWhereverThatWas() {
        CompletableFuture.runAsync(() -> loop.execute(note("elsewhere"))).join();
        loop.callSoon(note("here"));
        loop.execute(note("here, too"));
        loop.callSoon(() -> {
            loop.execute(note("inside"));
            loop.callSoon(note("inside, too"));
        });
        virtual.turn();
        virtual.turn();
        assertThat(log).containsExactly("elsewhere", "here", "here, too", "inside", "inside, too");
    }

    @Test
    void stoppingFinishesTheIterationAndKeepsWhatItScheduled() {
        loop.callSoon(() -> {
            loop.stop();
            loop.callSoon(note("kept"));
        });
        loop.callSoon(note("same iteration"));
        loop.runForever();
        assertThat(log).containsExactly("same iteration");
        virtual.turn();
        assertThat(log).containsExactly("same iteration", "kept");
    }

    @Test
    @Tag("L4")
    void timersRunInTheOrderOfTheirDeadlinesEvenIfThoseHavePassed() {
        loop.callLater(Duration.ofSeconds(-1), note("a"));
        loop.callLater(Duration.ofSeconds(-2), note("b"));
        virtual.turn();
        assertThat(log).containsExactly("b", "a");
    }

    @Test
    void timersThatAreDueRunBehindWhatIsReady() {
        loop.callLater(Duration.ZERO, note("timer"));
        loop.callSoon(note("ready"));
        virtual.turn();
        assertThat(log).containsExactly("ready", "timer");
    }

    @Test
    void virtualTimeJumpsFromDeadlineToDeadline() {
        loop.callLater(
                Duration.ofDays(2), () -> log.add("b at " + clock.elapsed().toHours()));
        loop.callLater(
                Duration.ofDays(1), () -> log.add("a at " + clock.elapsed().toHours()));
        loop.callLater(Duration.ofDays(3), loop::stop);
        loop.runForever();
        assertThat(log).containsExactly("a at 24", "b at 48");
        assertThat(clock.elapsed()).isEqualTo(Duration.ofDays(3));
    }

    @Test
    void aTimerIsDueAtItsDeadlineAndNotBefore() {
        TimerHandle timer = loop.callLater(Duration.ofSeconds(10), note("due"));
        assertThat(timer.when()).isEqualTo(loop.time() + 10_000_000_000L);
        clock.jump(Duration.ofNanos(9_999_999_999L));
        virtual.turn();
        assertThat(log).isEmpty();
        clock.jump(Duration.ofNanos(1));
        virtual.turn();
        assertThat(log).containsExactly("due");
    }

    @Test
    void aDelayBeyondTheEndOfTimeIsTaken() {
        loop.callLater(Duration.ofSeconds(Long.MAX_VALUE), note("never"));
        loop.callLater(Duration.ofSeconds(Long.MIN_VALUE), note("at once"));
        virtual.turn();
        assertThat(log).containsExactly("at once");
    }

    @Test
    void aCancelledHandleDoesNotRunNotEvenInTheSameBatch() {
        Handle[] second = new Handle[1];
        loop.callSoon(() -> second[0].cancel());
        second[0] = loop.callSoon(note("cancelled"));
        TimerHandle timer = loop.callLater(Duration.ZERO, note("cancelled timer"));
        timer.cancel();
        timer.cancel();
        virtual.turn();
        assertThat(log).isEmpty();
        assertThat(second[0].isCancelled()).isTrue();
        assertThat(timer.isCancelled()).isTrue();
    }

    @Test
    void cancellingWhatHasRunChangesNothing() {
        Handle handle = loop.callSoon(note("ran"));
        virtual.turn();
        handle.cancel();
        assertThat(handle.isCancelled()).isFalse();
    }

    @Test
    void anExceptionInACallbackGoesToTheHandlerAndTheLoopGoesOn() {
        IllegalStateException failure = new IllegalStateException("boom");
        loop.callSoon(() -> {
            throw failure;
        });
        loop.callSoon(note("after"));
        virtual.turn();
        assertThat(log).containsExactly("after");
        assertThat(failures).singleElement().satisfies(reported -> {
            assertThat(reported.exception()).isSameAs(failure);
            assertThat(reported.message()).startsWith("exception in callback");
            assertThat(reported.source()).isInstanceOf(Handle.class);
        });
    }

    @Test
    @Tag("L11")
    void aBrokenExceptionHandlerDoesNotStopTheLoopAndBothFailuresAreLogged() {
        IllegalStateException broken = new IllegalStateException("broken handler");
        loop.setExceptionHandler((l, failure) -> {
            throw broken;
        });
        IllegalStateException failure = new IllegalStateException("boom");
        loop.callSoon(() -> {
            throw failure;
        });
        loop.callSoon(note("after"));
        try (LogCapture logged = new LogCapture()) {
            virtual.turn();
            assertThat(logged.records()).singleElement().satisfies(record -> {
                assertThat(record.getMessage())
                        .startsWith("unhandled error in the exception handler, on: exception in callback");
                assertThat(record.getThrown()).isSameAs(broken);
                assertThat(broken.getSuppressed()).containsExactly(failure);
            });
        }
        assertThat(log).containsExactly("after");
    }

    @Test
    @Tag("L11")
    void aLoggerThatIsBrokenTooDoesNotStopTheLoop() {
        loop.setExceptionHandler(ExceptionHandler.LOGGING);
        loop.callSoon(() -> {
            throw new IllegalStateException("boom");
        });
        loop.callSoon(note("after"));
        PrintStream stderr = System.err;
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        System.setErr(new PrintStream(printed, true, UTF_8));
        Logger logger = Logger.getLogger("io.samovar");
        Filter filter = logger.getFilter();
        logger.setFilter(record -> {
            throw new IllegalStateException("the logger is broken");
        });
        try {
            virtual.turn();
        } finally {
            logger.setFilter(filter);
            System.setErr(stderr);
        }
        assertThat(log).containsExactly("after");
        assertThat(printed.toString(UTF_8))
                .contains("the logger is broken")
                .contains("Suppressed")
                .contains("boom");
    }

    @Test
    @Tag("L6")
    void anErrorOfTheMachineLeavesTheLoopWhichCanRunAgain() {
        loop.callSoon(() -> {
            throw new InternalError("the machine is broken");
        });
        assertThatThrownBy(() -> loop.runUntilComplete(Async.sleep(Duration.ofMillis(100))))
                .isInstanceOf(InternalError.class);
        loop.runUntilComplete(Async.sleep(Duration.ofMillis(200)));
        assertThat(failures).isEmpty();
        assertThat(loop.isRunning()).isFalse();
    }

    @Test
    @Tag("L7")
    void anErrorThatLeavesACoroutineLeavesNoStopBehind() {
        assertThatThrownBy(() -> loop.runUntilComplete(coroutine(() -> {
                    throw new InternalError("the machine is broken");
                })))
                .isInstanceOf(InternalError.class);
        loop.callSoon(() -> loop.callSoon(() -> {
            log.add("reached");
            loop.stop();
        }));
        loop.runForever();
        assertThat(log).containsExactly("reached");
    }

    @Test
    void runUntilCompleteGivesTheResultOrThrowsTheFailureAsItIs() {
        assertThat(loop.runUntilComplete(awaiting(Async.sleep(Duration.ofSeconds(1)))))
                .isNull();
        Exception checked = new Exception("checked");
        assertThatThrownBy(() -> loop.runUntilComplete(coroutine(() -> {
                    throw checked;
                })))
                .isSameAs(checked);
    }

    @Test
    @Tag("T14")
    void aLoopThatIsStoppedBeforeItsMainIsDoneSaysSo() {
        loop.callLater(Duration.ofSeconds(1), loop::stop);
        assertThatThrownBy(() -> loop.runUntilComplete(loop.createFuture()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("stopped before");
    }

    @Test
    void currentIsTheRunningLoopAndNoneOutside() {
        assertThatThrownBy(EventLoop::current)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("no event loop is running");
        loop.callSoon(() -> assertThat(EventLoop.current()).isSameAs(loop));
        virtual.turn();
        assertThat(failures).isEmpty();
    }

    @Test
    void aLoopCannotRunInsideItselfOrAnother() {
        EventLoop other = new VirtualClock().openLoop();
        loop.callSoon(() -> {
            assertThatThrownBy(loop::runForever).hasMessageContaining("running already");
            assertThatThrownBy(other::runForever).hasMessageContaining("another event loop");
            assertThatThrownBy(loop::close).hasMessageContaining("is running");
        });
        virtual.turn();
        assertThat(failures).isEmpty();
        other.close();
    }

    @Test
    void anotherThreadIsToldWhatToCallInstead() {
        virtual.turn();
        List<Throwable> thrown = CompletableFuture.supplyAsync(() -> {
                    List<Throwable> all = new ArrayList<>();
                    List<ThrowingCallable> actions = List.of(
                            () -> loop.callSoon(() -> {}),
                            () -> loop.callLater(Duration.ZERO, () -> {}),
                            () -> loop.createTask(Coroutine.done()),
                            loop::stop,
                            loop::runForever,
                            loop::allTasks,
                            loop::transport,
                            loop::close);
                    for (ThrowingCallable action : actions) {
                        try {
                            action.call();
                            all.add(new AssertionError("nothing was thrown"));
                        } catch (Throwable failure) {
                            all.add(failure);
                        }
                    }
                    return all;
                })
                .join();
        assertThat(thrown)
                .hasSize(8)
                .allSatisfy(failure -> assertThat(failure)
                        .isInstanceOf(NotLoopThreadException.class)
                        .hasMessageContaining("loop.execute(...)"));
    }

    @Test
    void aClosedLoopTakesNothingMore() {
        loop.callSoon(note("never"));
        loop.close();
        loop.close();
        assertThat(loop.isClosed()).isTrue();
        assertThatThrownBy(() -> loop.callSoon(() -> {})).isInstanceOf(LoopClosedException.class);
        assertThatThrownBy(() -> loop.callLater(Duration.ZERO, () -> {})).isInstanceOf(LoopClosedException.class);
        assertThatThrownBy(() -> loop.execute(() -> {})).isInstanceOf(LoopClosedException.class);
        assertThatThrownBy(() -> loop.submit(() -> Coroutine.done())).isInstanceOf(LoopClosedException.class);
        assertThatThrownBy(() -> loop.createTask(Coroutine.done())).isInstanceOf(LoopClosedException.class);
        assertThatThrownBy(loop::runForever)
                .isInstanceOf(LoopClosedException.class)
                .hasMessageContaining("EventLoop.open()");
        assertThat(log).isEmpty();
    }

    @Test
    void closingReportsTasksThatAreNotDone() {
        var task = loop.createTask(awaiting(loop.createFuture()));
        virtual.turn();
        loop.close();
        assertThat(failures).singleElement().satisfies(reported -> {
            assertThat(reported.source()).isSameAs(task);
            assertThat(reported.message()).contains("closed before this task was done");
        });
    }
}

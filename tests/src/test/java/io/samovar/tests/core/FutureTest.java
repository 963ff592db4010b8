package io.samovar.tests.core;

import static io.samovar.tests.support.Coroutines.coroutine;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.samovar.CancelledError;
import io.samovar.EventLoop;
import io.samovar.Future;
import io.samovar.InvalidStateException;
import io.samovar.LoopFailure;
import io.samovar.Promise;
import io.samovar.TaskOptions;
import io.samovar.tests.support.EveryMode;
import io.samovar.tests.support.Mode;
import io.samovar.tests.support.VirtualLoop;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
@EveryMode
class FutureTest {
    @AutoClose
    private final VirtualLoop virtual;

    private final EventLoop loop;
    private final List<LoopFailure> failures;
    private final Promise<Integer> promise;
    private final List<String> log = new ArrayList<>();

    FutureTest(Mode mode) {
        virtual = new VirtualLoop(mode);
        loop = virtual.loop();
        failures = virtual.failures();
        promise = loop.createFuture();
    }

    @Test
    void aPendingFutureHasNeitherResultNorException() {
        assertThat(promise.isDone()).isFalse();
        assertThatThrownBy(promise::result).isInstanceOf(InvalidStateException.class);
        assertThatThrownBy(promise::exception).isInstanceOf(InvalidStateException.class);
        assertThat(promise).asString().contains("pending");
    }

    @Test
    void aResultIsGivenOnce() {
        promise.setResult(42);
        assertThat(promise.result()).isEqualTo(42);
        assertThat(promise.exception()).isNull();
        assertThatThrownBy(() -> promise.setResult(43)).isInstanceOf(InvalidStateException.class);
        assertThatThrownBy(() -> promise.setException(new Exception())).isInstanceOf(InvalidStateException.class);
        assertThat(promise.cancel()).isFalse();
        assertThat(promise.result()).isEqualTo(42);
    }

    @Test
    @Tag("F3")
    void aFailureIsThrownAsItIs() {
        Exception failure = new Exception("checked");
        promise.setException(failure);
        assertThatThrownBy(promise::result).isSameAs(failure);
        assertThat(promise.exception()).isSameAs(failure);
        assertThatThrownBy(() -> promise.setResult(1)).isInstanceOf(InvalidStateException.class);
        assertThat(promise.cancel()).isFalse();
    }

    @Test
    void aCancelledFutureThrowsTheSameErrorWithItsMessage() {
        assertThat(promise.cancel("enough")).isTrue();
        assertThat(promise.cancel()).isFalse();
        assertThat(promise.isCancelled()).isTrue();
        Throwable first = catchIt(promise::result);
        assertThat(first).isInstanceOf(CancelledError.class).hasMessage("enough");
        assertThat(catchIt(promise::exception)).isSameAs(first);
    }

    @Test
    void aCancellationIsNotAFailure() {
        assertThatThrownBy(() -> promise.setException(new CancelledError(null)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("cancel()");
    }

    @Test
    @Tag("F1")
    void callbacksRunThroughTheReadyQueueInTheirOrder() {
        promise.addDoneCallback(done -> log.add("a" + done.result()));
        promise.addDoneCallback(done -> log.add("b" + done.result()));
        promise.setResult(1);
        assertThat(log).isEmpty();
        virtual.turn();
        assertThat(log).containsExactly("a1", "b1");
        promise.addDoneCallback(done -> log.add("late"));
        assertThat(log).hasSize(2);
        virtual.turn();
        assertThat(log).containsExactly("a1", "b1", "late");
    }

    @Test
    void removingACallbackRemovesEveryEqualOne() {
        Consumer<Future<Integer>> callback = done -> log.add("removed");
        assertThat(promise.removeDoneCallback(callback)).isZero();
        promise.addDoneCallback(callback);
        assertThat(promise.removeDoneCallback(callback)).isEqualTo(1);
        promise.addDoneCallback(callback);
        promise.addDoneCallback(done -> log.add("kept"));
        promise.addDoneCallback(callback);
        assertThat(promise.removeDoneCallback(callback)).isEqualTo(2);
        promise.setResult(1);
        virtual.turn();
        assertThat(log).containsExactly("kept");
    }

    @Test
    void aCallbackThatRemovesAnotherDoesNotChangeThisRound() {
        Consumer<Future<Integer>> second = done -> log.add("second");
        promise.addDoneCallback(done -> promise.removeDoneCallback(second));
        promise.addDoneCallback(second);
        promise.setResult(1);
        virtual.turn();
        assertThat(log).containsExactly("second");
    }

    @Test
    void aFailingCallbackIsReportedAndTheOthersRun() {
        promise.addDoneCallback(done -> {
            throw new IllegalStateException("boom");
        });
        promise.addDoneCallback(done -> log.add("other"));
        promise.setResult(1);
        virtual.turn();
        assertThat(log).containsExactly("other");
        assertThat(failures)
                .singleElement()
                .satisfies(reported -> assertThat(reported.exception()).hasMessage("boom"));
    }

    @Test
    void aFailureThatNobodyLooksAtIsReportedWhenTheLoopIsClosed() {
        Exception failure = new Exception("overlooked");
        promise.setException(failure);
        loop.close();
        assertThat(failures).singleElement().satisfies(reported -> {
            assertThat(reported.exception()).isSameAs(failure);
            assertThat(reported.message()).contains("nobody asked");
        });
    }

    @Test
    void aFailureThatSomebodyLookedAtIsNotReported() {
        promise.setException(new Exception("seen"));
        assertThat(promise.exception()).isNotNull();
        loop.close();
        assertThat(failures).isEmpty();
    }

    @Test
    void whoeverCancelsAFutureThatFailedNeedNotLookAtTheFailure() {
        promise.setException(new Exception("nobody cares"));
        assertThat(promise.cancel()).isFalse();
        loop.close();
        assertThat(failures).isEmpty();
    }

    @Test
    void aFailureThatNobodyWaitsForIsLoggedAtOnceForThoseWhoWatch() {
        List<String> logged = new ArrayList<>();
        Handler handler = new Handler() {
            @Override
            public void publish(LogRecord record) {
                logged.add(record.getLevel() + ": " + record.getMessage());
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
        Logger logger = Logger.getLogger("io.samovar");
        Level before = logger.getLevel();
        logger.addHandler(handler);
        logger.setLevel(Level.FINE);
        try {
            promise.setException(new Exception("early"));
        } finally {
            logger.setLevel(before);
            logger.removeHandler(handler);
        }
        assertThat(logged).containsExactly("FINE: Promise has failed, and nobody waits for it at the moment");
        assertThat(promise.exception()).hasMessage("early");
    }

    @Test
    void aFailureThatNobodyLooksAtIsReportedWhenItsFutureIsCollected() {
        failAndForget();
        awaitReport();
        assertThat(failures)
                .singleElement()
                .satisfies(reported -> assertThat(reported.exception()).hasMessage("forgotten"));
    }

    @Test
    void aTaskThatFailedIsReportedByItsNameWhenItIsCollected() {
        failInATaskAndForget();
        awaitReport();
        assertThat(failures).singleElement().satisfies(reported -> {
            assertThat(reported.message()).isEqualTo("Task 'forgetful' failed and nobody asked for its result");
            assertThat(reported.exception()).hasMessage("forgotten");
        });
    }

    private void failInATaskAndForget() {
        loop.createTask(
                coroutine(() -> {
                    throw new Exception("forgotten");
                }),
                TaskOptions.DEFAULT.name("forgetful"));
        virtual.turn();
    }

    private void awaitReport() {
        loop.callSoon(new Runnable() {
            @Override
            public void run() {
                if (failures.isEmpty()) {
                    System.gc();
                    loop.callSoon(this);
                } else {
                    loop.stop();
                }
            }
        });
        loop.runForever();
    }

    /** In a method of its own, so that no local variable keeps the future. */
    private void failAndForget() {
        Promise<Integer> forgotten = loop.createFuture();
        forgotten.setException(new Exception("forgotten"));
    }

    private static Throwable catchIt(Runnable code) {
        try {
            code.run();
            throw new AssertionError("nothing was thrown");
        } catch (CancelledError thrown) {
            return thrown;
        }
    }
}

package io.samovar.tests.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.samovar.Async;
import io.samovar.Awaitable;
import io.samovar.EventLoop;
import io.samovar.LoopFailure;
import io.samovar.Promise;
import io.samovar.Task;
import io.samovar.testing.VirtualClock;
import io.samovar.tests.support.Machine;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a program may do wrong without taking the loop with it. */
@Timeout(30)
class RobustnessTest {
    private final List<LoopFailure> failures = new ArrayList<>();
    private final VirtualClock clock = new VirtualClock();
    private final EventLoop loop = clock.builder()
            .exceptionHandler((l, failure) -> failures.add(failure))
            .open();
    private final List<String> log = new ArrayList<>();

    @AfterEach
    void close() {
        loop.close();
    }

    private void brief() {
        loop.stop();
        loop.runForever();
    }

    private void settle() {
        for (int i = 0; i < 20; i++) {
            brief();
        }
    }

    @Test
    void anExceptionHandlerMayRethrowWhatItWasGiven() {
        loop.setExceptionHandler((l, failure) -> {
            if (failure.exception() instanceof RuntimeException exception) {
                throw exception;
            }
        });
        loop.callSoon(() -> {
            throw new IllegalStateException("boom");
        });
        loop.callSoon(() -> log.add("after"));
        brief();
        assertThat(log).containsExactly("after");
    }

    @Test
    void aFailingCallbackMayFailToNameItself() {
        loop.callSoon(new Runnable() {
            @Override
            public void run() {
                throw new IllegalStateException("boom");
            }

            @Override
            public String toString() {
                throw new IllegalArgumentException("nameless");
            }
        });
        loop.callSoon(() -> log.add("after"));
        brief();
        assertThat(log).containsExactly("after");
        assertThat(failures)
                .singleElement()
                .satisfies(reported -> assertThat(reported.exception()).hasMessage("boom"));
    }

    @Test
    void aWakeUpTooManyInTheLastStepDoesNoHarm() {
        Task<Object> waiting = loop.createTask(Machine.awaiting(loop.createFuture()));
        Task<Object> eager = loop.createTask(new Machine<>((self, task, at) -> {
            task.wakeup();
            return "done";
        }));
        settle();
        assertThat(eager.result()).isEqualTo("done");
        assertThat(loop.allTasks()).containsExactly(waiting);
    }

    @Test
    void wakeUpsTooManyLeaveOneTimerAndOneWaiter() {
        Task<Void> sleeping = loop.createTask(Machine.awaiting(Async.sleep(Duration.ofDays(1))));
        Promise<Integer> promise = loop.createFuture();
        Task<Integer> waiting = loop.createTask(Machine.awaiting(promise));
        for (int i = 0; i < 5; i++) {
            brief();
            sleeping.wakeup();
            waiting.wakeup();
        }
        settle();
        sleeping.cancel();
        loop.callLater(Duration.ofSeconds(1), loop::stop);
        loop.runForever();
        assertThat(sleeping.isCancelled()).isTrue();
        assertThat(clock.elapsed()).isEqualTo(Duration.ofSeconds(1));
        waiting.wakeup();
        assertThat(waiting.cancel()).isTrue();
        assertThat(promise.isCancelled())
                .as("cancelling a woken task still cancels what it awaits")
                .isTrue();
        settle();
        assertThat(waiting.isCancelled()).isTrue();
    }

    @Test
    void aSleepIsForOneTaskAndOneTime() {
        Awaitable<Void> sleep = Async.sleep(Duration.ofSeconds(1));
        Task<Void> first = loop.createTask(Machine.awaiting(sleep));
        Task<Void> second = loop.createTask(Machine.awaiting(sleep));
        settle();
        assertThat(second.exception())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("call Async.sleep again");
        loop.runUntilComplete(first);
        assertThatThrownBy(() -> loop.runUntilComplete(Machine.awaiting(sleep)))
                .hasMessageContaining("call Async.sleep again");
    }

    @Test
    void aHundredThousandTasksThatAwaitEachOtherAreCancelledWithoutAStack() {
        List<Task<Object>> chain = new ArrayList<>();
        chain.add(loop.createTask(Machine.awaiting(loop.createFuture())));
        for (int i = 1; i < 100_000; i++) {
            chain.add(loop.createTask(Machine.awaiting(chain.get(i - 1))));
        }
        settle();
        Task<Object> outermost = chain.get(chain.size() - 1);
        assertThat(outermost.cancel("enough")).isTrue();
        assertThatThrownBy(() -> loop.runUntilComplete(outermost)).hasMessage("enough");
        assertThat(chain).allSatisfy(task -> assertThat(task.isCancelled()).isTrue());
    }

    @Test
    void tasksThatAwaitEachOtherInARingCanBeCancelled() {
        List<Task<Object>> ring = new ArrayList<>();
        ring.add(loop.createTask(
                new Machine<>((self, task, at) -> at == 0 ? self.await(ring.get(1), task) : Machine.got(task))));
        ring.add(loop.createTask(
                new Machine<>((self, task, at) -> at == 0 ? self.await(ring.get(0), task) : Machine.got(task))));
        settle();
        ring.get(0).cancel();
        settle();
        assertThat(ring).allSatisfy(task -> assertThat(task.isCancelled()).isTrue());
    }

    @Test
    void aProgramThatStopsItsOwnLoopWhileItEndsIsCleanedUpAllTheSame() {
        assertThatThrownBy(() -> Async.run(() -> {
                    EventLoop running = EventLoop.current();
                    Async.createTask(new Machine<>((self, task, at) -> {
                        try {
                            return at == 0 ? self.await(Async.sleep(Duration.ofDays(1)), task) : Machine.got(task);
                        } finally {
                            if (at != 0) {
                                running.stop();
                                log.add("cleaned up");
                            }
                        }
                    }));
                    return new Machine<>((self, task, at) -> {
                        if (at == 0) {
                            return self.await(Async.sleep(Duration.ZERO), task);
                        }
                        throw new IllegalStateException("the program's own failure");
                    });
                }))
                .hasMessage("the program's own failure");
        assertThat(log).containsExactly("cleaned up");
    }

    @Test
    void aTaskThatSpawnsItselfWhileItIsCancelledDoesNotKeepTheProgram() {
        Async.run(() -> {
            spawn();
            return Machine.awaiting(Async.sleep(Duration.ZERO));
        });
        assertThat(log).isNotEmpty();
    }

    private void spawn() {
        Async.createTask(new Machine<>((self, task, at) -> {
            try {
                return at == 0 ? self.await(Async.sleep(Duration.ofDays(1)), task) : Machine.got(task);
            } finally {
                if (at != 0) {
                    log.add("again");
                    spawn();
                }
            }
        }));
    }

    @Test
    void nullIsRefusedWhereItIsGiven() {
        assertThatNullPointerException().isThrownBy(() -> loop.callSoon(nothing()));
        assertThatNullPointerException().isThrownBy(() -> loop.callLater(Duration.ZERO, nothing()));
        assertThatNullPointerException().isThrownBy(() -> loop.execute(nothing()));
        assertThatNullPointerException().isThrownBy(() -> loop.createTask(nothing()));
        assertThatNullPointerException().isThrownBy(() -> loop.createFuture().setException(nothing()));
        assertThatNullPointerException().isThrownBy(() -> loop.createFuture().addDoneCallback(nothing()));
        assertThatNullPointerException().isThrownBy(() -> Async.run(() -> nothing()));
    }

    @SuppressWarnings("TypeParameterUnusedInFormals") // null is of every type, which is the point
    private static <T> T nothing() {
        @Nullable T none = null;
        return none;
    }

    @Test
    void aDeadlineBeforeAllTimesIsDueAtOnce() {
        loop.callAt(Long.MIN_VALUE, () -> log.add("ran"));
        brief();
        loop.callAt(Long.MIN_VALUE, loop::stop);
        loop.runForever();
        assertThat(log).containsExactly("ran");
        assertThat(clock.elapsed()).isZero();
    }

    @Test
    void aFailureThatWasThrownOutOfTheLoopIsNotReportedAgain() {
        assertThatThrownBy(() -> loop.runUntilComplete(Machine.running(() -> {
                    throw new InternalError("the machine is broken");
                })))
                .isInstanceOf(InternalError.class);
        loop.close();
        assertThat(failures).isEmpty();
    }

    @Test
    void aCoroutineThatHasEndedHoldsNothingOfItsCallers() {
        Machine<Object> inner = new Machine<>(
                (self, task, at) -> at == 0 ? self.await(Async.sleep(Duration.ZERO), task) : Machine.got(task));
        WeakReference<Object> caller = runAndForgetTheCaller(inner);
        for (int i = 0; i < 20 && caller.get() != null; i++) {
            System.gc();
        }
        assertThat(caller.get()).isNull();
        assertThat(inner).isNotNull();
    }

    /** In a method of its own, so that no local variable keeps the caller. */
    private WeakReference<Object> runAndForgetTheCaller(Machine<Object> inner) {
        Machine<Object> outer =
                new Machine<>((self, task, at) -> at == 0 ? self.await(inner, task) : Machine.got(task));
        loop.runUntilComplete(outer);
        return new WeakReference<>(outer);
    }
}

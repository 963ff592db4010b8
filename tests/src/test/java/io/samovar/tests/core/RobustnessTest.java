package io.samovar.tests.core;

import static io.samovar.Async.await;
import static io.samovar.tests.support.Coroutines.awaiting;
import static io.samovar.tests.support.Coroutines.coroutine;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.samovar.Async;
import io.samovar.Awaitable;
import io.samovar.Coroutine;
import io.samovar.EventLoop;
import io.samovar.LoopFailure;
import io.samovar.Promise;
import io.samovar.Task;
import io.samovar.testing.VirtualClock;
import io.samovar.tests.support.VirtualLoop;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a program may do wrong without taking the loop with it. */
@Timeout(30)
class RobustnessTest {
    @AutoClose
    private final VirtualLoop virtual = new VirtualLoop();

    private final EventLoop loop = virtual.loop();
    private final VirtualClock clock = virtual.clock();
    private final List<LoopFailure> failures = virtual.failures();
    private final List<String> log = new ArrayList<>();

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
        virtual.turn();
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
        virtual.turn();
        assertThat(log).containsExactly("after");
        assertThat(failures)
                .singleElement()
                .satisfies(reported -> assertThat(reported.exception()).hasMessage("boom"));
    }

    @Test
    void aWakeUpTooManyInTheLastStepDoesNoHarm() {
        Task<Object> waiting = loop.createTask(awaiting(loop.createFuture()));
        Task<String> eager = loop.createTask(coroutine(() -> {
            loop.currentTask().wakeup();
            return Coroutine.of("done");
        }));
        virtual.settle();
        assertThat(eager.result()).isEqualTo("done");
        assertThat(loop.allTasks()).containsExactly(waiting);
    }

    @Test
    void wakeUpsTooManyLeaveOneTimerAndOneWaiter() {
        Task<Void> sleeping = loop.createTask(awaiting(Async.sleep(Duration.ofDays(1))));
        Promise<Integer> promise = loop.createFuture();
        Task<Integer> waiting = loop.createTask(awaiting(promise));
        for (int i = 0; i < 5; i++) {
            virtual.turn();
            sleeping.wakeup();
            waiting.wakeup();
        }
        virtual.settle();
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
        virtual.settle();
        assertThat(waiting.isCancelled()).isTrue();
    }

    @Test
    void aSleepIsForOneTaskAndOneTime() {
        Awaitable<Void> sleep = Async.sleep(Duration.ofSeconds(1));
        Task<Void> first = loop.createTask(awaiting(sleep));
        Task<Void> second = loop.createTask(awaiting(sleep));
        virtual.settle();
        assertThat(second.exception())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("call Async.sleep again");
        loop.runUntilComplete(first);
        assertThatThrownBy(() -> loop.runUntilComplete(awaiting(sleep))).hasMessageContaining("call Async.sleep again");
    }

    @Test
    void aHundredThousandTasksThatAwaitEachOtherAreCancelledWithoutAStack() {
        List<Task<Object>> chain = new ArrayList<>();
        chain.add(loop.createTask(awaiting(loop.createFuture())));
        for (int i = 1; i < 100_000; i++) {
            chain.add(loop.createTask(awaiting(chain.get(i - 1))));
        }
        virtual.settle();
        Task<Object> outermost = chain.get(chain.size() - 1);
        assertThat(outermost.cancel("enough")).isTrue();
        assertThatThrownBy(() -> loop.runUntilComplete(outermost)).hasMessage("enough");
        assertThat(chain).allSatisfy(task -> assertThat(task.isCancelled()).isTrue());
    }

    @Test
    void tasksThatAwaitEachOtherInARingCanBeCancelled() {
        List<Task<Object>> ring = new ArrayList<>();
        ring.add(loop.createTask(coroutine(() -> Coroutine.of(await(ring.get(1))))));
        ring.add(loop.createTask(coroutine(() -> Coroutine.of(await(ring.get(0))))));
        virtual.settle();
        ring.get(0).cancel();
        virtual.settle();
        assertThat(ring).allSatisfy(task -> assertThat(task.isCancelled()).isTrue());
    }

    @Test
    void aProgramThatStopsItsOwnLoopWhileItEndsIsCleanedUpAllTheSame() {
        assertThatThrownBy(() -> Async.run(() -> {
                    Async.createTask(stoppingTheLoopInTheEnd());
                    await(Async.sleep(Duration.ZERO));
                    throw new IllegalStateException("the program's own failure");
                }))
                .hasMessage("the program's own failure");
        assertThat(log).containsExactly("cleaned up");
    }

    private Coroutine<Void> stoppingTheLoopInTheEnd() {
        try {
            await(Async.sleep(Duration.ofDays(1)));
        } finally {
            EventLoop.current().stop();
            log.add("cleaned up");
        }
        return Coroutine.done();
    }

    @Test
    void aTaskThatSpawnsItselfWhileItIsCancelledDoesNotKeepTheProgram() {
        Async.run(() -> {
            spawn();
            return awaiting(Async.sleep(Duration.ZERO));
        });
        assertThat(log).isNotEmpty();
    }

    private void spawn() {
        Async.createTask(spawningAgainInTheEnd());
    }

    private Coroutine<Void> spawningAgainInTheEnd() {
        try {
            await(Async.sleep(Duration.ofDays(1)));
        } finally {
            log.add("again");
            spawn();
        }
        return Coroutine.done();
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
        virtual.turn();
        loop.callAt(Long.MIN_VALUE, loop::stop);
        loop.runForever();
        assertThat(log).containsExactly("ran");
        assertThat(clock.elapsed()).isZero();
    }

    @Test
    void aFailureThatWasThrownOutOfTheLoopIsNotReportedAgain() {
        assertThatThrownBy(() -> loop.runUntilComplete(coroutine(() -> {
                    throw new InternalError("the machine is broken");
                })))
                .isInstanceOf(InternalError.class);
        loop.close();
        assertThat(failures).isEmpty();
    }

    @Test
    void aCoroutineThatHasEndedHoldsNothingOfItsCallers() {
        Coroutine<Void> inner = awaiting(Async.sleep(Duration.ZERO));
        assertIsCollected(runAndForgetTheCaller(awaiting(inner)));
        assertThat(inner).isNotNull();
    }

    @Test
    void norDoesOneWhoseCallerWentOnToWaitForSomethingElse() {
        Coroutine<Void> inner = awaiting(Async.sleep(Duration.ZERO));
        assertIsCollected(runAndForgetTheCaller(awaitingAndSleeping(inner)));
        assertThat(inner).isNotNull();
    }

    private static Coroutine<Void> awaitingAndSleeping(Coroutine<Void> inner) {
        await(inner);
        await(Async.sleep(Duration.ZERO));
        return Coroutine.done();
    }

    /** In a method of its own, so that no local variable keeps the caller. */
    private WeakReference<Object> runAndForgetTheCaller(Coroutine<?> caller) {
        loop.runUntilComplete(caller);
        return new WeakReference<>(caller);
    }

    private static void assertIsCollected(WeakReference<Object> reference) {
        for (int i = 0; i < 20 && reference.get() != null; i++) {
            System.gc();
        }
        assertThat(reference.get()).isNull();
    }
}

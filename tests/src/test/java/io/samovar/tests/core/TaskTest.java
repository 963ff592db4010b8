package io.samovar.tests.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.samovar.Async;
import io.samovar.CancelledError;
import io.samovar.Coroutine;
import io.samovar.EventLoop;
import io.samovar.LoopFailure;
import io.samovar.Promise;
import io.samovar.Task;
import io.samovar.testing.VirtualClock;
import io.samovar.tests.support.Machine;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a task promises, with the rows of asyncio's conformance cases as tags. */
@Timeout(30)
class TaskTest {
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

    /** Runs until nothing is ready any more. */
    private void settle() {
        for (int i = 0; i < 20; i++) {
            brief();
        }
    }

    @Test
    void aTaskStartsInTheNextIterationNeverInline() {
        Task<Void> task = loop.createTask(Machine.running(() -> log.add("ran")));
        assertThat(log).isEmpty();
        brief();
        assertThat(log).containsExactly("ran");
        assertThat(task.isDone()).isTrue();
    }

    @Test
    void theResultOfTheCoroutineIsTheTasks() {
        Task<String> task = loop.createTask(Coroutine.of("tea"));
        assertThat(loop.runUntilComplete(task)).isEqualTo("tea");
        Object nothing = loop.runUntilComplete(Coroutine.done());
        assertThat(nothing).isNull();
    }

    @Test
    void aFailureIsTheTasksAndIsNotReportedWhenItIsRetrieved() {
        Exception failure = new Exception("boom");
        Task<Void> task = loop.createTask(Machine.running(() -> {
            throw failure;
        }));
        settle();
        assertThat(task.exception()).isSameAs(failure);
        loop.close();
        assertThat(failures).isEmpty();
    }

    @Test
    void awaitingATaskThatFailedThrowsItsFailure() {
        Exception failure = new Exception("boom");
        Task<Void> inner = loop.createTask(Machine.running(() -> {
            throw failure;
        }));
        assertThatThrownBy(() -> loop.runUntilComplete(Machine.awaiting(inner))).isSameAs(failure);
        loop.close();
        assertThat(failures).isEmpty();
    }

    @Test
    @Tag("T1")
    void aTaskThatIsCancelledBeforeItsFirstStepNeverRuns() {
        Task<Void> task = loop.createTask(Machine.running(() -> log.add("ran")));
        assertThat(task.cancel("my message")).isTrue();
        settle();
        assertThat(log).isEmpty();
        assertThat(task.isCancelled()).isTrue();
        assertThatThrownBy(task::result).isInstanceOf(CancelledError.class).hasMessage("my message");
        assertThat(task.cancel()).isFalse();
    }

    @Test
    @Tag("T2")
    void cancellingWhatATaskAwaitsCancelsTheTask() {
        Promise<Integer> inner = loop.createFuture();
        Task<Integer> task = loop.createTask(Machine.awaiting(inner));
        brief();
        inner.cancel();
        settle();
        assertThat(task.isCancelled()).isTrue();
    }

    @Test
    void cancellingATaskCancelsWhatItAwaitsAtOnce() {
        Promise<Integer> inner = loop.createFuture();
        Task<Integer> task = loop.createTask(Machine.awaiting(inner));
        brief();
        assertThat(task.cancel("enough")).isTrue();
        assertThat(inner.isCancelled()).isTrue();
        assertThat(task.isDone()).isFalse();
        settle();
        assertThat(task.isCancelled()).isTrue();
        assertThatThrownBy(task::result).hasMessage("enough");
    }

    @Test
    @Tag("T4")
    void aTaskMayCatchItsCancellationAndGiveAResult() {
        Promise<Integer> inner = loop.createFuture();
        Task<Integer> task = loop.createTask(new Machine<>((self, t, at) -> {
            try {
                return at == 0 ? self.await(inner, t) : Machine.got(t);
            } catch (CancelledError cancelled) {
                return 42;
            }
        }));
        brief();
        task.cancel();
        assertThat(inner.isCancelled()).isTrue();
        settle();
        assertThat(task.isCancelled()).isFalse();
        assertThat(task.result()).isEqualTo(42);
    }

    @Test
    @Tag("T5")
    void aTaskMaySwallowItsCancellationAndGoOn() {
        Promise<Integer> first = loop.createFuture();
        Promise<Integer> second = loop.createFuture();
        Task<Integer> task = loop.createTask(new Machine<>((self, t, at) -> {
            if (at == 2) {
                return Machine.got(t);
            }
            try {
                return at == 0 ? self.awaitAt(1, first, t) : Machine.got(t);
            } catch (CancelledError swallowed) {
                return self.awaitAt(2, second, t);
            }
        }));
        brief();
        task.cancel();
        settle();
        second.setResult(42);
        settle();
        assertThat(task.result()).isEqualTo(42);
    }

    @Test
    @Tag("T6")
    void aTaskThatCancelsItselfIsCancelledAtItsNextAwait() {
        Task<Void> task = loop.createTask(new Machine<>((self, t, at) -> {
            if (at == 0) {
                t.cancel();
                return self.await(Async.sleep(Duration.ofSeconds(100)), t);
            }
            return Machine.got(t);
        }));
        settle();
        assertThat(task.isCancelled()).isTrue();
        assertThat(task.cancel()).isFalse();
        assertThat(clock.elapsed()).isZero();
    }

    @Test
    @Tag("T7")
    void aTaskThatCancelsItselfAndReturnsIsCancelled() {
        Task<Integer> task = loop.createTask(new Machine<>((self, t, at) -> {
            t.cancel();
            return 12;
        }));
        settle();
        assertThat(task.isCancelled()).isTrue();
    }

    @Test
    @Tag("T8")
    void aTaskThatCancelsItselfCancelsTheTaskItThenAwaits() {
        Promise<Integer> future = loop.createFuture();
        Task<Integer> nested = loop.createTask(Machine.awaiting(future));
        Task<Object> outer = loop.createTask(new Machine<>((self, t, at) -> {
            if (at == 0) {
                t.cancel();
                return self.await(nested, t);
            }
            return Machine.got(t);
        }));
        settle();
        assertThat(outer.isCancelled()).isTrue();
        assertThat(nested.isCancelled()).isTrue();
        assertThat(future.isCancelled()).isTrue();
    }

    @Test
    void aCancelInTheSameTickAsTheResultWins() {
        Promise<Integer> inner = loop.createFuture();
        Task<Integer> task = loop.createTask(Machine.awaiting(inner));
        brief();
        inner.setResult(1);
        task.cancel();
        settle();
        assertThat(task.isCancelled()).isTrue();
        assertThat(inner.result()).isEqualTo(1);
    }

    @Test
    @Tag("T13")
    void awaitingItselfOrAnotherLoopsFutureFailsInsideTheCoroutine() {
        List<Task<Object>> tasks = new ArrayList<>();
        tasks.add(loop.createTask(new Machine<>((self, t, at) -> self.await(t, t))));
        settle();
        assertThat(tasks.get(0).exception())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("awaits itself");

        EventLoop other = new VirtualClock().openLoop();
        Promise<Integer> foreign = other.createFuture();
        Task<Integer> task = loop.createTask(Machine.awaiting(foreign));
        settle();
        assertThat(task.exception()).hasMessageContaining("another loop");
        other.close();
    }

    @Test
    @Tag("T15")
    void sleepingForNoTimeLetsTheOthersRunOnce() {
        loop.callSoon(() -> log.add("other"));
        loop.runUntilComplete(new Machine<>((self, t, at) -> {
            if (at == 0) {
                return self.await(Async.sleep(Duration.ZERO), t);
            }
            log.add("resumed");
            return Machine.got(t);
        }));
        assertThat(log).containsExactly("other", "resumed");
    }

    @Test
    void cancellingASleepTakesItsTimerBack() {
        Task<Void> task = loop.createTask(Machine.awaiting(Async.sleep(Duration.ofDays(1))));
        brief();
        task.cancel();
        loop.callSoon(loop::stop);
        loop.runForever();
        settle();
        assertThat(task.isCancelled()).isTrue();
        assertThat(clock.elapsed()).isZero();
    }

    @Test
    @Tag("T16")
    void theCurrentTaskIsTheOneWhoseStepRuns() {
        List<Task<Boolean>> tasks = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            tasks.add(loop.createTask(new Machine<>((self, t, at) -> {
                assertThat(loop.currentTask()).isSameAs(t);
                return at == 0 ? self.await(Async.sleep(Duration.ZERO), t) : loop.currentTask() == t;
            })));
        }
        loop.callSoon(() -> assertThat(loop.currentTask()).isNull());
        settle();
        assertThat(tasks).allSatisfy(task -> assertThat(task.result()).isTrue());
        assertThat(failures).isEmpty();
        assertThat(loop.currentTask()).isNull();
    }

    @Test
    void aTaskThatIsNotDoneIsListedAndHeld() {
        Task<Integer> waiting = loop.createTask(Machine.awaiting(loop.<Integer>createFuture()));
        Task<String> done = loop.createTask(Coroutine.of("done"));
        brief();
        assertThat(loop.allTasks()).contains(waiting);
        assertThat(done.isDone()).isTrue();
        assertThat(loop.allTasks()).hasSize(1);
        waiting.cancel();
        settle();
        assertThat(loop.allTasks()).isEmpty();
    }

    @Test
    void aCoroutineRunsOnlyOnce() {
        Machine<Void> coroutine = Machine.running(() -> {});
        loop.createTask(coroutine);
        assertThatThrownBy(() -> loop.createTask(coroutine))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("awaited or made a task before");
        settle();
        Task<Void> again = loop.createTask(Machine.awaiting(coroutine));
        settle();
        assertThat(again.exception()).hasMessageContaining("awaited or made a task before");
    }

    @Test
    void twoTasksMayAwaitOneFuture() {
        Promise<Integer> shared = loop.createFuture();
        Task<Integer> a = loop.createTask(Machine.awaiting(shared));
        Task<Integer> b = loop.createTask(Machine.awaiting(shared));
        brief();
        shared.setResult(7);
        settle();
        assertThat(a.result()).isEqualTo(7);
        assertThat(b.result()).isEqualTo(7);
    }

    /** The tick counts of asyncio-semantics: how many iterations pass before the awaiting task goes on. */
    @Test
    void ticksAreThoseOfAsyncio() {
        Promise<Integer> done = loop.createFuture();
        done.setResult(1);
        assertThat(ticksToAwait(() -> done)).as("a future that is done").isZero();
        assertThat(ticksToAwait(() -> Async.sleep(Duration.ZERO)))
                .as("sleep(0)")
                .isEqualTo(1);
        assertThat(ticksToAwait(() -> loop.createTask(Coroutine.done())))
                .as("a task")
                .isEqualTo(1);
        assertThat(ticksToAwait(() -> {
                    Promise<Integer> soon = loop.createFuture();
                    loop.callSoon(() -> soon.setResult(1));
                    return soon;
                }))
                .as("a future resolved by a callback queued earlier")
                .isEqualTo(1);
    }

    private int ticksToAwait(java.util.function.Supplier<io.samovar.Awaitable<?>> awaited) {
        int[] ticks = {0};
        Runnable[] counter = new Runnable[1];
        counter[0] = () -> {
            ticks[0]++;
            loop.callSoon(counter[0]);
        };
        int[] result = {-1};
        loop.runUntilComplete(new Machine<>((self, t, at) -> {
            if (at == 0) {
                var awaitable = awaited.get();
                loop.callSoon(counter[0]);
                Object got = self.await(awaitable, t);
                if (got == Machine.SUSPENDED) {
                    return got;
                }
            } else {
                Machine.got(t);
            }
            result[0] = ticks[0];
            return null;
        }));
        counter[0] = () -> {};
        settle();
        return result[0];
    }
}

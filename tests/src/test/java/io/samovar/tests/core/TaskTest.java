package io.samovar.tests.core;

import static io.samovar.Async.await;
import static io.samovar.tests.support.Coroutines.awaiting;
import static io.samovar.tests.support.Coroutines.coroutine;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.samovar.Async;
import io.samovar.Awaitable;
import io.samovar.CancelledError;
import io.samovar.Coroutine;
import io.samovar.EventLoop;
import io.samovar.Promise;
import io.samovar.Task;
import io.samovar.testing.VirtualClock;
import io.samovar.tests.support.EveryMode;
import io.samovar.tests.support.Mode;
import io.samovar.tests.support.VirtualLoop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a task promises, with the rows of asyncio's conformance cases as tags. */
@Timeout(30)
@EveryMode
class TaskTest {
    @AutoClose
    private final VirtualLoop virtual;

    private final Mode mode;
    private final EventLoop loop;
    private final List<String> log = new ArrayList<>();

    TaskTest(Mode mode) {
        this.mode = mode;
        virtual = new VirtualLoop(mode);
        loop = virtual.loop();
    }

    private Coroutine<Void> note(String what) {
        return coroutine(() -> {
            log.add(what);
            return Coroutine.done();
        });
    }

    private static Coroutine<Void> failing(Exception failure) {
        return coroutine(() -> {
            throw failure;
        });
    }

    @Test
    void aTaskStartsInTheNextIterationNeverInline() {
        Task<Void> task = loop.createTask(note("ran"));
        assertThat(log).isEmpty();
        virtual.turn();
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
        Task<Void> task = loop.createTask(failing(failure));
        virtual.settle();
        assertThat(task.exception()).isSameAs(failure);
        loop.close();
        assertThat(virtual.failures()).isEmpty();
    }

    @Test
    void awaitingATaskThatFailedThrowsItsFailure() {
        Exception failure = new Exception("boom");
        Task<Void> inner = loop.createTask(failing(failure));
        assertThatThrownBy(() -> loop.runUntilComplete(awaiting(inner))).isSameAs(failure);
        loop.close();
        assertThat(virtual.failures()).isEmpty();
    }

    @Test
    @Tag("T1")
    void aTaskThatIsCancelledBeforeItsFirstStepNeverRuns() {
        Task<Void> task = loop.createTask(note("ran"));
        assertThat(task.cancel("my message")).isTrue();
        virtual.settle();
        assertThat(log).isEmpty();
        assertThat(task.isCancelled()).isTrue();
        assertThatThrownBy(task::result).isInstanceOf(CancelledError.class).hasMessage("my message");
        assertThat(task.cancel()).isFalse();
    }

    @Test
    @Tag("T2")
    void cancellingWhatATaskAwaitsCancelsTheTask() {
        Promise<Integer> inner = loop.createFuture();
        Task<Integer> task = loop.createTask(awaiting(inner));
        virtual.turn();
        inner.cancel();
        virtual.settle();
        assertThat(task.isCancelled()).isTrue();
    }

    @Test
    void cancellingATaskCancelsWhatItAwaitsAtOnce() {
        Promise<Integer> inner = loop.createFuture();
        Task<Integer> task = loop.createTask(awaiting(inner));
        virtual.turn();
        assertThat(task.cancel("enough")).isTrue();
        assertThat(inner.isCancelled()).isTrue();
        assertThat(task.isDone()).isFalse();
        virtual.settle();
        assertThat(task.isCancelled()).isTrue();
        assertThatThrownBy(task::result).hasMessage("enough");
    }

    @Test
    @Tag("T4")
    void aTaskMayCatchItsCancellationAndGiveAResult() {
        Promise<Integer> inner = loop.createFuture();
        Task<Integer> task = loop.createTask(coroutine(() -> {
            try {
                return Coroutine.of(await(inner));
            } catch (CancelledError cancelled) {
                return Coroutine.of(42);
            }
        }));
        virtual.turn();
        task.cancel();
        assertThat(inner.isCancelled()).isTrue();
        virtual.settle();
        assertThat(task.isCancelled()).isFalse();
        assertThat(task.result()).isEqualTo(42);
    }

    @Test
    @Tag("T5")
    void aTaskMaySwallowItsCancellationAndGoOn() {
        Promise<Integer> first = loop.createFuture();
        Promise<Integer> second = loop.createFuture();
        Task<Integer> task = loop.createTask(coroutine(() -> {
            try {
                return Coroutine.of(await(first));
            } catch (CancelledError swallowed) {
                return Coroutine.of(await(second));
            }
        }));
        virtual.turn();
        task.cancel();
        virtual.settle();
        second.setResult(42);
        virtual.settle();
        assertThat(task.result()).isEqualTo(42);
    }

    @Test
    @Tag("T6")
    void aTaskThatCancelsItselfIsCancelledAtItsNextAwait() {
        Task<Void> task = loop.createTask(coroutine(() -> {
            cancelMyself();
            return Coroutine.of(await(Async.sleep(Duration.ofSeconds(100))));
        }));
        virtual.settle();
        assertThat(task.isCancelled()).isTrue();
        assertThat(task.cancel()).isFalse();
        assertThat(virtual.clock().elapsed()).isZero();
    }

    @Test
    void aTaskThatWasCancelledWhileItLetTheOthersRunLetsThemRunTheNextTimeToo() {
        loop.runUntilComplete(coroutine(() -> {
            Task<?> self = loop.currentTask();
            self.cancel();
            try {
                await(Async.sleep(Duration.ZERO));
            } catch (CancelledError cancelled) {
                log.add("cancelled");
            }
            loop.callSoon(() -> log.add("other"));
            await(Async.sleep(Duration.ZERO));
            log.add("after");
            return Coroutine.done();
        }));
        assertThat(log).containsExactly("cancelled", "other", "after");
    }

    @Test
    @Tag("T7")
    void aTaskThatCancelsItselfAndReturnsIsCancelled() {
        Task<Integer> task = loop.createTask(coroutine(() -> {
            cancelMyself();
            return Coroutine.of(12);
        }));
        virtual.settle();
        assertThat(task.isCancelled()).isTrue();
    }

    @Test
    @Tag("T8")
    void aTaskThatCancelsItselfCancelsTheTaskItThenAwaits() {
        Promise<Integer> future = loop.createFuture();
        Task<Integer> nested = loop.createTask(awaiting(future));
        Task<Integer> outer = loop.createTask(coroutine(() -> {
            cancelMyself();
            return Coroutine.of(await(nested));
        }));
        virtual.settle();
        assertThat(outer.isCancelled()).isTrue();
        assertThat(nested.isCancelled()).isTrue();
        assertThat(future.isCancelled()).isTrue();
    }

    private void cancelMyself() {
        loop.currentTask().cancel();
    }

    @Test
    void aCancelInTheSameTickAsTheResultWins() {
        Promise<Integer> inner = loop.createFuture();
        Task<Integer> task = loop.createTask(awaiting(inner));
        virtual.turn();
        inner.setResult(1);
        task.cancel();
        virtual.settle();
        assertThat(task.isCancelled()).isTrue();
        assertThat(inner.result()).isEqualTo(1);
    }

    @Test
    @Tag("T13")
    void awaitingItselfOrAnotherLoopsFutureFailsInsideTheCoroutine() {
        List<Task<Object>> tasks = new ArrayList<>();
        tasks.add(loop.createTask(coroutine(() -> Coroutine.of(await(tasks.get(0))))));
        virtual.settle();
        assertThat(tasks.get(0).exception())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("awaits itself");

        EventLoop other = new VirtualClock().openLoop();
        Promise<Integer> foreign = other.createFuture();
        Task<Integer> task = loop.createTask(awaiting(foreign));
        virtual.settle();
        assertThat(task.exception()).hasMessageContaining("another loop");
        other.close();
    }

    @Test
    @Tag("T15")
    void sleepingForNoTimeLetsTheOthersRunOnce() {
        loop.callSoon(() -> log.add("other"));
        loop.runUntilComplete(coroutine(() -> {
            await(Async.sleep(Duration.ZERO));
            log.add("resumed");
            return Coroutine.done();
        }));
        assertThat(log).containsExactly("other", "resumed");
    }

    @Test
    void cancellingASleepTakesItsTimerBack() {
        Task<Void> task = loop.createTask(awaiting(Async.sleep(Duration.ofDays(1))));
        virtual.turn();
        task.cancel();
        loop.callSoon(loop::stop);
        loop.runForever();
        virtual.settle();
        assertThat(task.isCancelled()).isTrue();
        assertThat(virtual.clock().elapsed()).isZero();
    }

    @Test
    @Tag("T16")
    void theCurrentTaskIsTheOneWhoseStepRuns() {
        List<Task<Boolean>> tasks = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            int number = i;
            tasks.add(loop.createTask(coroutine(() -> {
                assertThat(loop.currentTask()).isSameAs(tasks.get(number));
                await(Async.sleep(Duration.ZERO));
                return Coroutine.of(loop.currentTask() == tasks.get(number));
            })));
        }
        loop.callSoon(() -> assertThat(loop.currentTask()).isNull());
        virtual.settle();
        assertThat(tasks).allSatisfy(task -> assertThat(task.result()).isTrue());
        assertThat(virtual.failures()).isEmpty();
        assertThat(loop.currentTask()).isNull();
    }

    @Test
    void aTaskThatIsNotDoneIsListedAndHeld() {
        Task<Integer> waiting = loop.createTask(awaiting(loop.<Integer>createFuture()));
        Task<String> done = loop.createTask(Coroutine.of("done"));
        virtual.turn();
        assertThat(loop.allTasks()).contains(waiting);
        assertThat(done.isDone()).isTrue();
        assertThat(loop.allTasks()).hasSize(1);
        waiting.cancel();
        virtual.settle();
        assertThat(loop.allTasks()).isEmpty();
    }

    @Test
    void aTaskHasANameOfItsOwnUntilItIsGivenOne() {
        Task<Void> task = loop.createTask(note("ran"));
        Task<Void> other = loop.createTask(note("ran"));
        String name = task.name();
        assertThat(name).matches("Task-\\d+").isEqualTo(task.name()).isNotEqualTo(other.name());
        task.setName("kettle");
        assertThat(task.name()).isEqualTo("kettle");
        assertThat(task).asString().contains("kettle");
        virtual.settle();
        assertThat(task.name()).isEqualTo("kettle");
    }

    @Test
    void aCoroutineRunsOnlyOnce() {
        Coroutine<Void> coroutine = note("ran");
        loop.createTask(coroutine);
        assertThatThrownBy(() -> loop.createTask(coroutine))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("awaited or made a task before");
        virtual.settle();
        Task<Void> again = loop.createTask(awaiting(coroutine));
        virtual.settle();
        assertThat(again.exception()).hasMessageContaining("awaited or made a task before");
        assertThat(log).containsExactly("ran");
    }

    @Test
    void twoTasksMayAwaitOneFuture() {
        Promise<Integer> shared = loop.createFuture();
        Task<Integer> a = loop.createTask(awaiting(shared));
        Task<Integer> b = loop.createTask(awaiting(shared));
        virtual.turn();
        shared.setResult(7);
        virtual.settle();
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
                .isEqualTo(mode.eager() ? 0 : 1);
        assertThat(ticksToAwait(() -> {
                    Promise<Integer> soon = loop.createFuture();
                    loop.callSoon(() -> soon.setResult(1));
                    return soon;
                }))
                .as("a future resolved by a callback queued earlier")
                .isEqualTo(1);
    }

    private int ticksToAwait(Supplier<Awaitable<?>> awaited) {
        int[] ticks = {0};
        Runnable[] counter = new Runnable[1];
        counter[0] = () -> {
            ticks[0]++;
            loop.callSoon(counter[0]);
        };
        int result = loop.runUntilComplete(coroutine(() -> {
            Awaitable<?> awaitable = awaited.get();
            loop.callSoon(counter[0]);
            await(awaitable);
            return Coroutine.of(ticks[0]);
        }));
        counter[0] = () -> {};
        virtual.settle();
        return result;
    }
}

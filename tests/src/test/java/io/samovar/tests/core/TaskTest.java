package io.samovar.tests.core;

import static io.samovar.Async.await;
import static io.samovar.tests.support.Coroutines.awaiting;
import static io.samovar.tests.support.Coroutines.coroutine;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.samovar.Async;
import io.samovar.Awaitable;
import io.samovar.CancelledError;
import io.samovar.Coroutine;
import io.samovar.EventLoop;
import io.samovar.Promise;
import io.samovar.Task;
import io.samovar.TaskOptions;
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
    @Tag("T12")
    void anErrorOfTheJavaMachineThrownAtACancellationLeavesTheLoopAndIsTheTasksFailure() {
        InternalError fatal = new InternalError("broken machine");
        Task<Void> task = loop.createTask(coroutine(() -> {
            try {
                return Coroutine.of(await(Async.sleep(Duration.ofSeconds(10))));
            } catch (CancelledError cancelled) {
                throw fatal;
            }
        }));
        virtual.turn();
        assertThat(task.cancel()).isTrue();
        assertThat(task.isDone()).isFalse();
        assertThat(catchThrowable(virtual::turn)).isSameAs(fatal);
        assertThat(task.isDone()).isTrue();
        assertThat(task.isCancelled()).isFalse();
        assertThat(task.exception()).isSameAs(fatal);
    }

    @Test
    @Tag("T13")
    void awaitingItselfFailsInsideTheCoroutineWhichMayGoOn() {
        List<Task<String>> tasks = new ArrayList<>();
        tasks.add(loop.createTask(coroutine(() -> {
            try {
                return Coroutine.of(await(tasks.get(0)));
            } catch (IllegalStateException failure) {
                await(Async.sleep(Duration.ZERO));
                return Coroutine.of(failure.getMessage());
            }
        })));
        virtual.settle();
        assertThat(tasks.get(0).result()).contains("awaits itself");
    }

    @Test
    @Tag("T13")
    void awaitingAnotherLoopsFutureFailsInsideTheCoroutineWhichMayGoOn() {
        try (EventLoop other = new VirtualClock().openLoop()) {
            Promise<String> foreign = other.createFuture();
            Task<String> task = loop.createTask(coroutine(() -> {
                try {
                    return Coroutine.of(await(foreign));
                } catch (IllegalStateException failure) {
                    await(Async.sleep(Duration.ZERO));
                    return Coroutine.of(failure.getMessage());
                }
            }));
            virtual.settle();
            assertThat(task.result()).contains("another loop");
        }
    }

    @Test
    @Tag("T13")
    void aTaskThatIsHandedItselfOrAnotherLoopsFutureInsteadOfAResultFails() {
        List<Task<Object>> tasks = new ArrayList<>();
        tasks.add(loop.createTask(coroutine(() -> awaiting(tasks.get(0)))));
        virtual.settle();
        assertThat(tasks.get(0).exception()).hasMessageContaining("awaits itself");
    }

    @Test
    @Tag("T14")
    void stoppingTheLoopLeavesTheTaskThatItWasToRunPending() {
        int[] rounds = {0};
        Task<Void> task = loop.createTask(coroutine(() -> {
            while (rounds[0] < 10) {
                await(Async.sleep(Duration.ofMillis(100)));
                rounds[0]++;
                if (rounds[0] == 2) {
                    loop.stop();
                }
            }
            return Coroutine.done();
        }));
        assertThatThrownBy(() -> loop.runUntilComplete(task))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("stopped before this was done");
        assertThat(task.isDone()).isFalse();
        assertThat(rounds[0]).isEqualTo(2);
        assertThat(virtual.clock().elapsed()).isEqualTo(Duration.ofMillis(200));
        loop.runUntilComplete(task);
        assertThat(rounds[0]).isEqualTo(10);
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
    void tasksThatResolveEachOthersFuturesSeeThemselvesAsCurrentAtEveryStep() {
        Promise<Integer> first = loop.createFuture();
        Promise<Integer> second = loop.createFuture();
        List<Task<?>> tasks = new ArrayList<>();
        tasks.add(loop.createTask(coroutine(() -> {
            assertThat(Async.currentTask()).isSameAs(tasks.get(0));
            await(Async.sleep(Duration.ZERO));
            assertThat(Async.currentTask()).isSameAs(tasks.get(0));
            first.setResult(1);
            assertThat(Async.currentTask()).isSameAs(tasks.get(0));
            await(second);
            assertThat(Async.currentTask()).isSameAs(tasks.get(0));
            return Coroutine.done();
        })));
        tasks.add(loop.createTask(coroutine(() -> {
            assertThat(Async.currentTask()).isSameAs(tasks.get(1));
            await(first);
            assertThat(Async.currentTask()).isSameAs(tasks.get(1));
            second.setResult(2);
            await(Async.sleep(Duration.ZERO));
            assertThat(Async.currentTask()).isSameAs(tasks.get(1));
            return Coroutine.done();
        })));
        loop.callSoon(() -> assertThat(Async.currentTask()).isNull());
        virtual.settle();
        assertThat(tasks).allSatisfy(task -> assertThat(task.exception()).isNull());
        assertThat(virtual.failures()).isEmpty();
        assertThatThrownBy(Async::currentTask).hasMessageContaining("no event loop");
        assertThatThrownBy(Async::allTasks).hasMessageContaining("no event loop");
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
    void theFailureOfATaskThatNobodyAsksForIsReportedWithItsNameAndItsAwaits() {
        loop.createTask(brewing(), TaskOptions.DEFAULT.name("tea"));
        virtual.settle();
        assertThat(virtual.failures()).isEmpty();
        loop.close();
        assertThat(virtual.failures()).singleElement().satisfies(reported -> {
            assertThat(reported.message()).isEqualTo("Task 'tea' failed and nobody asked for its result");
            assertThat(reported.exception()).hasMessage("no water");
            assertThat(reported.exception().getStackTrace())
                    .extracting(StackTraceElement::getMethodName)
                    .containsExactly("boiling", "await", "brewing");
        });
    }

    @Test
    void theNameThatATaskGetsAfterItFailedIsReported() {
        Task<Void> task = loop.createTask(brewing());
        virtual.settle();
        task.setName("late");
        loop.close();
        assertThat(virtual.failures())
                .singleElement()
                .satisfies(reported -> assertThat(reported.message()).startsWith("Task 'late' failed"));
    }

    @Test
    void whoeverCancelsATaskThatFailedNeedNotAskForTheFailure() {
        Task<Void> task = loop.createTask(brewing());
        virtual.settle();
        assertThat(task.cancel()).isFalse();
        loop.close();
        assertThat(virtual.failures()).isEmpty();
    }

    private static Coroutine<Void> brewing() {
        await(boiling());
        return Coroutine.done();
    }

    private static Coroutine<Void> boiling() {
        await(Async.sleep(Duration.ZERO));
        throw new IllegalStateException("no water");
    }

    @Test
    void aTaskTellsWhereItStands() {
        Task<Void> task = loop.createTask(brewing(), TaskOptions.DEFAULT.name("tea"));
        virtual.turn();
        assertThat(task).asString().matches("Task 'tea'\\(pending at .*TaskTest.boiling\\(TaskTest.java:\\d+\\)\\)");
        assertThat(task.stack()).extracting(StackTraceElement::getMethodName).containsExactly("boiling", "brewing");
        task.cancel();
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

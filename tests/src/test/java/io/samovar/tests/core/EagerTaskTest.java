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
import io.samovar.LoopClosedException;
import io.samovar.Promise;
import io.samovar.Task;
import io.samovar.TaskFactory;
import io.samovar.TaskOptions;
import io.samovar.tests.support.EveryMode;
import io.samovar.tests.support.Mode;
import io.samovar.tests.support.VirtualLoop;
import io.samovar.transport.Transports;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Tasks that take their first step inside {@code createTask}. */
@Timeout(30)
@EveryMode
class EagerTaskTest {
    private static final TaskOptions EAGER = TaskOptions.DEFAULT.eager(true);
    private static final TaskOptions LAZY = TaskOptions.DEFAULT.eager(false);

    @AutoClose
    private final VirtualLoop virtual;

    private final Mode mode;
    private final EventLoop loop;
    private final List<String> log = new ArrayList<>();

    EagerTaskTest(Mode mode) {
        this.mode = mode;
        virtual = new VirtualLoop(mode);
        loop = virtual.loop();
    }

    private <T extends @Nullable Object> T run(Callable<? extends Coroutine<? extends T>> body) {
        return loop.runUntilComplete(coroutine(body));
    }

    private <T extends @Nullable Object> Task<T> eager(Callable<? extends Coroutine<? extends T>> body) {
        return loop.createTask(coroutine(body), EAGER);
    }

    /** Gives the others a turn on its way. */
    private Coroutine<String> pausing(String name) {
        log.add(name + " begins");
        await(Async.sleep(Duration.ZERO));
        log.add(name + " ends");
        return Coroutine.of(name);
    }

    @Test
    @Tag("E1")
    void aTaskThatNeedNotWaitIsDoneAtOnce() {
        run(() -> {
            Task<String> task = loop.createTask(Coroutine.of("tea"), EAGER);
            assertThat(task.isDone()).isTrue();
            assertThat(task.result()).isEqualTo("tea");
            assertThat(task.cancel()).isFalse();
            assertThat(task.isCancelled()).isFalse();
            assertThat(task.cancelling()).isZero();
            assertThat(await(task)).isEqualTo("tea");
            return Coroutine.done();
        });
    }

    @Test
    void aTaskThatWaitsGoesOnWhenItsCreatorHasGivenWay() {
        run(() -> {
            Task<String> first = loop.createTask(pausing("first"), EAGER);
            log.add("created");
            Task<String> second = loop.createTask(pausing("second"), EAGER);
            assertThat(await(first) + await(second)).isEqualTo("firstsecond");
            return Coroutine.done();
        });
        assertThat(log).containsExactly("first begins", "created", "second begins", "first ends", "second ends");
    }

    @Test
    void theFailureOfAFirstStepIsTheTasksAndNotItsCreators() {
        Exception failure = new Exception("boom");
        run(() -> {
            Task<Void> task = eager(() -> {
                throw failure;
            });
            assertThat(task.exception()).isSameAs(failure);
            assertThatThrownBy(task::result).isSameAs(failure);
            return Coroutine.done();
        });
        loop.close();
        assertThat(virtual.failures()).isEmpty();
    }

    @Test
    void theTraceOfAFirstStepsFailureEndsWhereTheTaskBegins() {
        run(() -> {
            Task<Void> task = loop.createTask(failing(), EAGER);
            assertThat(task.exception().getStackTrace())
                    .extracting(StackTraceElement::getMethodName)
                    .containsExactly("failing");
            return Coroutine.done();
        });
    }

    private static Coroutine<Void> failing() {
        await(Coroutine.done());
        throw new IllegalStateException("boom");
    }

    @Test
    @Tag("E3")
    void theCurrentTaskIsTheEagerOneAndThenItsCreatorAgain() {
        run(() -> {
            Task<?> creator = loop.currentTask();
            List<@Nullable Task<?>> seen = new ArrayList<>();
            Task<Void> task = eager(() -> {
                seen.add(loop.currentTask());
                eager(() -> {
                            seen.add(loop.currentTask());
                            throw new IllegalStateException("boom");
                        })
                        .cancel();
                seen.add(loop.currentTask());
                await(Async.sleep(Duration.ZERO));
                seen.add(loop.currentTask());
                return Coroutine.done();
            });
            assertThat(loop.currentTask()).isSameAs(creator);
            await(task);
            assertThat(seen).hasSize(4);
            assertThat(List.of(seen.get(0), seen.get(2), seen.get(3))).containsOnly(task);
            assertThat(seen.get(1)).isNotIn(task, creator);
            assertThat(loop.currentTask()).isSameAs(creator);
            return Coroutine.done();
        });
    }

    @Test
    void aCallbackHasNoCurrentTaskAfterItMadeAnEagerOne() {
        loop.callSoon(() -> {
            Task<Task<?>> task = eager(() -> Coroutine.of(loop.currentTask()));
            log.add(task.result() == task ? "its own" : "another");
            log.add("then " + loop.currentTask());
        });
        virtual.turn();
        assertThat(log).containsExactly("its own", "then null");
        assertThat(virtual.failures()).isEmpty();
    }

    @Test
    @Tag("E3")
    void aTaskIsListedWhileItRunsOrWaits() {
        run(() -> {
            List<List<Task<?>>> seen = new ArrayList<>();
            Task<Void> finished = eager(() -> {
                seen.add(Async.allTasks());
                return Coroutine.done();
            });
            assertThat(seen.get(0)).contains(finished).hasSize(2);
            assertThat(Async.allTasks()).doesNotContain(finished).hasSize(1);
            Task<Integer> waiting = eager(() -> Coroutine.of(await(loop.<Integer>createFuture())));
            assertThat(Async.allTasks()).contains(waiting);
            waiting.cancel();
            await(Async.sleep(Duration.ZERO));
            assertThat(Async.allTasks()).hasSize(1);
            return Coroutine.done();
        });
    }

    @Test
    void doneCallbacksOfATaskThatIsDoneAtOnceStillRunLater() {
        run(() -> {
            Task<String> task = loop.createTask(Coroutine.of("tea"), EAGER);
            task.addDoneCallback(done -> log.add(done.result()));
            assertThat(log).isEmpty();
            await(Async.sleep(Duration.ZERO));
            assertThat(log).containsExactly("tea");
            return Coroutine.done();
        });
    }

    @Test
    void aTaskThatWaitsCanBeCancelled() {
        Promise<Integer> promise = loop.createFuture();
        run(() -> {
            Task<Integer> task = loop.createTask(awaiting(promise), EAGER);
            assertThat(task.cancel("enough")).isTrue();
            assertThat(promise.isCancelled()).isTrue();
            try {
                await(task);
            } catch (CancelledError cancelled) {
                log.add(cancelled.getMessage());
            }
            return Coroutine.done();
        });
        assertThat(log).containsExactly("enough");
    }

    @Test
    void aTaskThatCancelsItselfInItsFirstStepIsCancelled() {
        run(() -> {
            Task<Integer> returning = eager(() -> {
                loop.currentTask().cancel("myself");
                return Coroutine.of(12);
            });
            assertThat(returning.isCancelled()).isTrue();
            Task<Void> waiting = eager(() -> {
                loop.currentTask().cancel("myself");
                return Coroutine.of(await(Async.sleep(Duration.ofDays(1))));
            });
            assertThat(waiting.isDone()).isFalse();
            await(Async.sleep(Duration.ZERO));
            assertThat(waiting.isCancelled()).isTrue();
            return Coroutine.done();
        });
        assertThat(virtual.clock().elapsed()).isZero();
    }

    @Test
    void anEagerTaskMayCancelItsCreator() {
        Task<Void> creator = loop.createTask(coroutine(() -> {
            Task<?> self = loop.currentTask();
            Task<Boolean> child = eager(() -> Coroutine.of(self.cancel("by its child")));
            assertThat(child.result()).isTrue();
            return Coroutine.of(await(Async.sleep(Duration.ofDays(1))));
        }));
        virtual.settle();
        assertThatThrownBy(creator::result).isInstanceOf(CancelledError.class).hasMessage("by its child");
    }

    @Test
    void anEagerTaskMayAwaitItsCreator() {
        List<Task<String>> child = new ArrayList<>();
        assertThat(run(() -> {
                    Task<?> self = loop.currentTask();
                    child.add(eager(() -> Coroutine.of("after " + await(self))));
                    await(Async.sleep(Duration.ZERO));
                    return Coroutine.of("creator");
                }))
                .isEqualTo("creator");
        virtual.settle();
        assertThat(child.get(0).result()).isEqualTo("after creator");
    }

    @Test
    void whatIsAwaitedAroundAnEagerStartArrivesWhereItBelongs() {
        Promise<String> promise = loop.createFuture();
        Task<String> task = loop.createTask(coroutine(() -> {
            String all = await(promise)
                    + loop.createTask(Coroutine.of(", eager"), EAGER).result();
            all += await(pausing("inner"))
                    + eager(() -> Coroutine.of(await(Coroutine.of(", nested")))).result();
            try {
                await(failingAfterAnEagerStart());
            } catch (IllegalStateException failure) {
                all += ", " + failure.getMessage();
            }
            return loop.createTask(Coroutine.of("unused"), EAGER).isDone() ? returning(all) : Coroutine.of("");
        }));
        virtual.turn();
        promise.setResult("promise");
        virtual.settle();
        assertThat(task.result()).isEqualTo("promise, eagerinner, nested, boom, returned");
    }

    private Coroutine<String> returning(String what) {
        await(Async.sleep(Duration.ZERO));
        return Coroutine.of(what + ", returned");
    }

    private Coroutine<Void> failingAfterAnEagerStart() {
        try {
            await(Async.sleep(Duration.ZERO));
            throw new IllegalStateException("boom");
        } finally {
            loop.createTask(awaiting(Async.sleep(Duration.ZERO)), EAGER);
        }
    }

    @Test
    void withoutARunningLoopATaskStartsLater() {
        Task<String> task = loop.createTask(pausing("task"), EAGER);
        assertThat(log).isEmpty();
        assertThat(loop.runUntilComplete(task)).isEqualTo("task");
    }

    /** An operation that is always ready, and costs ten units of a step's budget. */
    private static final class Costly implements Awaitable<String> {
        @Override
        public Object poll(Task<?> task) {
            if (task.isBudgetSpent() || !task.spendBudget()) {
                return PENDING;
            }
            task.spendExtra(9);
            return "done";
        }

        @Override
        public void park(Task<?> task) {
            task.wakeup();
        }

        @Override
        public boolean interrupt(Task<?> task, @Nullable String message) {
            return false;
        }
    }

    @Test
    void eagerTasksSpendTheBudgetOfTheStepThatMakesThem() {
        run(() -> {
            List<Task<String>> tasks = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                tasks.add(loop.createTask(awaiting(new Costly()), EAGER));
            }
            assertThat(tasks).filteredOn(Task::isDone).hasSize(13); // of 128 units
            await(new Costly());
            assertThat(tasks).allSatisfy(task -> assertThat(task.isDone()).isTrue());
            return Coroutine.done();
        });
    }

    /** How much of the Java stack so many coroutines inside each other take. */
    private static Coroutine<Integer> stackOf(int coroutines) {
        return coroutines == 0
                ? Coroutine.of(new Throwable().getStackTrace().length)
                : Coroutine.of(await(stackOf(coroutines - 1)));
    }

    @Test
    void anEagerStartLeavesTheOthersTheirDepth() {
        run(() -> {
            await(Async.sleep(Duration.ZERO));
            int before = await(stackOf(100));
            assertThat(before).isGreaterThan(200);
            assertThat(await(loop.createTask(stackOf(100), EAGER))).isLessThan(before);
            await(Async.sleep(Duration.ZERO));
            assertThat(await(stackOf(100))).isEqualTo(before);
            return Coroutine.done();
        });
    }

    @Test
    void inASocketsListenerATaskStartsLater() {
        List<Task<?>> made = new ArrayList<>();
        List<Boolean> atOnce = new ArrayList<>();
        Runnable listener = () -> {
            if (made.isEmpty()) {
                Task<Integer> task = EventLoop.current().createTask(Coroutine.of(1), EAGER);
                made.add(task);
                atOnce.add(task.isDone());
            }
        };
        try (EventLoop polling = EventLoop.builder()
                .transport(new HookedTransport(Transports.select(), listener))
                .open()) {
            polling.callLater(Duration.ofMillis(1), polling::stop);
            polling.runForever();
        }
        assertThat(atOnce).containsExactly(false);
        assertThat(made.get(0).isDone()).isTrue();
    }

    @Test
    void theFactoryDecidesUnlessTheOptionsDo() {
        loop.setTaskFactory(TaskFactory.EAGER);
        assertThat(loop.taskFactory()).isSameAs(TaskFactory.EAGER);
        run(() -> {
            assertThat(Async.createTask(Coroutine.of(1)).isDone()).isTrue();
            assertThat(Async.createTask(Coroutine.of(1), LAZY).isDone()).isFalse();
            loop.setTaskFactory(TaskFactory.LAZY);
            assertThat(Async.createTask(Coroutine.of(1)).isDone()).isFalse();
            assertThat(Async.createTask(Coroutine.of(1), EAGER).isDone()).isTrue();
            return Coroutine.done();
        });
    }

    private static <T extends @Nullable Object> Task<T> named(
            EventLoop loop, Coroutine<? extends T> coroutine, TaskOptions options) {
        String name = options.name() == null ? "by the factory" : options.name() + " by the factory";
        return TaskFactory.LAZY.create(loop, coroutine, options.name(name));
    }

    @Test
    void aFactoryOfOnesOwnIsAskedForEveryTask() {
        loop.setTaskFactory(EagerTaskTest::named);
        run(() -> {
            assertThat(Async.currentTask().name()).isEqualTo("by the factory");
            Task<Integer> task = Async.createTask(Coroutine.of(1), TaskOptions.DEFAULT.name("mine"));
            assertThat(task.name()).isEqualTo("mine by the factory");
            assertThat(task.isDone()).isFalse();
            loop.setTaskFactory(TaskFactory.eager(EagerTaskTest::named));
            Task<Integer> eager = Async.createTask(Coroutine.of(1));
            assertThat(eager.isDone()).isTrue();
            assertThat(eager.name()).isEqualTo("by the factory");
            assertThat(Async.createTask(Coroutine.of(1), LAZY).isDone()).isFalse();
            return Coroutine.done();
        });
    }

    @Test
    void noFactoryMakesATaskOnAClosedLoop() {
        loop.close();
        assertThatThrownBy(() -> loop.createTask(Coroutine.of(1), EAGER)).isInstanceOf(LoopClosedException.class);
        assertThatThrownBy(() -> TaskFactory.EAGER.create(loop, Coroutine.of(1), EAGER))
                .isInstanceOf(LoopClosedException.class);
    }

    @Test
    void anErrorOfTheJavaMachineLeavesTheLoopThroughTheCreator() {
        InternalError fatal = new InternalError("broken machine");
        List<Task<Void>> tasks = new ArrayList<>();
        assertThat(catchThrowable(() -> run(() -> {
                    try {
                        Task<Void> unreached = eager(() -> {
                            tasks.addAll(allTasks());
                            throw fatal;
                        });
                        log.add("unreached " + unreached);
                    } finally {
                        log.add("current: " + tasks.contains(loop.currentTask()));
                    }
                    return Coroutine.done();
                })))
                .isSameAs(fatal);
        assertThat(tasks).allSatisfy(task -> assertThat(task.exception()).isSameAs(fatal));
        assertThat(log).containsExactly("current: true");
        run(() -> Coroutine.of(loop.createTask(pausing("afterwards"), EAGER)));
    }

    @SuppressWarnings("unchecked")
    private List<Task<Void>> allTasks() {
        return (List<Task<Void>>) (List<?>) Async.allTasks();
    }

    /** A task that makes a task that makes a task ... and waits for it. */
    private Coroutine<Integer> nesting(int deeper) {
        return Coroutine.of(deeper == 0 ? 0 : 1 + await(loop.createTask(nesting(deeper - 1), EAGER)));
    }

    @Test
    void eagerTasksThatMakeEagerTasksStartInsideEachOtherOnlySoDeep() {
        assertThat(loop.runUntilComplete(loop.createTask(nesting(1_000)))).isEqualTo(1_000);
        run(() -> {
            assertThat(loop.createTask(nesting(8), EAGER).isDone()).isTrue();
            assertThat(loop.createTask(nesting(40), EAGER).isDone()).isFalse();
            return Coroutine.done();
        });
    }

    /** Coroutines so deep that they do not all fit on the Java stack, and below them an eager task with as many. */
    private static Coroutine<Integer> deep(int depth, int tasks) {
        if (depth > 0) {
            return Coroutine.of(1 + await(deep(depth - 1, tasks)));
        }
        return Coroutine.of(tasks == 0 ? 0 : await(Async.createTask(deep(200, tasks - 1), EAGER)));
    }

    @Test
    void deepCoroutinesInNestedEagerTasksNeedLittleStack() throws InterruptedException {
        List<Object> results = new ArrayList<>();
        Thread small = new Thread(
                null,
                () -> {
                    try (VirtualLoop other = new VirtualLoop(mode)) {
                        results.add(other.loop().runUntilComplete(coroutine(() -> deep(200, 30))));
                    } catch (Throwable failure) {
                        results.add(failure);
                    }
                },
                "small stack",
                256 * 1024);
        small.start();
        small.join();
        assertThat(results).containsExactly(200 * 31);
    }
}

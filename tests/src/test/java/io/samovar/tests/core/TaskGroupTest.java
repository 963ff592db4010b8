package io.samovar.tests.core;

import static io.samovar.Async.await;
import static io.samovar.tests.support.Coroutines.awaiting;
import static io.samovar.tests.support.Coroutines.coroutine;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.samovar.Async;
import io.samovar.CancelledError;
import io.samovar.Context;
import io.samovar.ContextVar;
import io.samovar.Coroutine;
import io.samovar.EventLoop;
import io.samovar.ExceptionGroup;
import io.samovar.Promise;
import io.samovar.Task;
import io.samovar.TaskGroup;
import io.samovar.TaskOptions;
import io.samovar.tests.support.EveryMode;
import io.samovar.tests.support.Mode;
import io.samovar.tests.support.VirtualLoop;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a task group promises, with the rows of asyncio's conformance cases as tags. */
@Timeout(30)
@EveryMode
class TaskGroupTest {
    private static final Duration SHORT = Duration.ofMillis(100);
    private static final Duration LONG = Duration.ofSeconds(10);

    @AutoClose
    private final VirtualLoop virtual;

    private final EventLoop loop;
    /** Enough to notice what grows with the square; fewer in debug mode, which keeps a stack trace of each task. */
    private final int many;

    private final List<String> log = new ArrayList<>();

    TaskGroupTest(Mode mode) {
        virtual = new VirtualLoop(mode);
        loop = virtual.loop();
        many = mode.debug() ? 500 : 20_000;
    }

    private static <T> Coroutine<T> failing(Duration after, Throwable failure) {
        return coroutine(() -> {
            await(Async.sleep(after));
            throw asItIs(failure);
        });
    }

    private static Exception asItIs(Throwable failure) {
        if (failure instanceof Error error) {
            throw error;
        }
        return (Exception) failure;
    }

    /** Sleeps, and notes it if it is cancelled in its sleep. */
    private Coroutine<String> sleeper(String name) {
        try {
            await(Async.sleep(LONG));
        } catch (CancelledError cancelled) {
            log.add(name);
            throw cancelled;
        }
        return Coroutine.of(name);
    }

    /** Sleeps, and fails if it is cancelled in its sleep. */
    private static <T> Coroutine<T> failingToCleanUp(Throwable failure) {
        return coroutine(() -> {
            try {
                await(Async.sleep(LONG));
            } catch (CancelledError cancelled) {
                throw asItIs(failure);
            }
            return Coroutine.done();
        });
    }

    private <T> AbstractThrowableAssert<?, ? extends Throwable> assertThatGroup(TaskGroup.Body<T> body) {
        return assertThatThrownBy(() -> loop.runUntilComplete(TaskGroup.run(body)));
    }

    @Test
    void theGroupWaitsForItsTasksAndGivesTheBodysResult() {
        List<Task<String>> tasks = new ArrayList<>();
        String result = loop.runUntilComplete(TaskGroup.run(group -> {
            tasks.add(group.start(Async.sleep(SHORT, "a")));
            tasks.add(group.start(Async.sleep(SHORT.multipliedBy(2), "b")));
            return Coroutine.of("body");
        }));
        assertThat(result).isEqualTo("body");
        assertThat(tasks).extracting(Task::result).containsExactly("a", "b");
        assertThat(virtual.clock().elapsed()).isEqualTo(SHORT.multipliedBy(2));
    }

    @Test
    void theBodyMayAwaitItsTasks() {
        String result = loop.runUntilComplete(TaskGroup.run(group -> {
            Task<String> a = group.start(Async.sleep(SHORT, "a"));
            Task<String> b = group.start(Async.sleep(SHORT, "b"));
            return Coroutine.of(await(a) + await(b));
        }));
        assertThat(result).isEqualTo("ab");
    }

    @Test
    void anEmptyGroupEndsAtOnce() {
        String result = loop.runUntilComplete(TaskGroup.run(group -> Coroutine.of("nothing")));
        assertThat(result).isEqualTo("nothing");
    }

    @Test
    void aTaskOfAGroupMayHaveAName() {
        loop.runUntilComplete(TaskGroup.run(group -> {
            assertThat(group.start(Async.sleep(SHORT, "x"), "yolo").name()).isEqualTo("yolo");
            return Coroutine.done();
        }));
    }

    @Test
    void aTaskOfAGroupMayHaveAContext() {
        ContextVar<String> variable = ContextVar.of("variable");
        Context context = new Context();
        loop.runUntilComplete(TaskGroup.run(group -> {
            Coroutine<Void> setting = coroutine(() -> {
                await(Async.sleep(Duration.ZERO));
                variable.set("set");
                return Coroutine.done();
            });
            await(group.start(setting, TaskOptions.DEFAULT.context(context)));
            return Coroutine.done();
        }));
        context.run(() -> log.add(variable.get()));
        assertThat(log).containsExactly("set");
    }

    @Test
    @Tag("K1")
    void aTaskThatIsCancelledByItselfIsNoFailure() {
        loop.runUntilComplete(TaskGroup.run(group -> {
            Task<String> cancelled = group.start(sleeper("cancelled"));
            Task<String> other = group.start(Async.sleep(SHORT, "other"));
            await(Async.sleep(Duration.ZERO));
            await(Async.sleep(Duration.ZERO));
            cancelled.cancel();
            assertThat(await(other)).isEqualTo("other");
            assertThat(cancelled.isCancelled()).isTrue();
            return Coroutine.done();
        }));
        assertThat(log).containsExactly("cancelled");
    }

    @Test
    @Tag("K2")
    void aFailureCancelsTheOthersAndTheBodyAndAllFailuresAreThrown() {
        IOException a = new IOException("a");
        IllegalStateException b = new IllegalStateException("b");
        IOException c = new IOException("c");
        assertThatGroup(group -> {
                    group.start(failing(SHORT, a));
                    group.start(failingToCleanUp(b));
                    group.start(failingToCleanUp(c));
                    group.start(sleeper("sleeper"));
                    try {
                        await(Async.sleep(LONG));
                    } catch (CancelledError cancelled) {
                        log.add("body");
                        throw cancelled;
                    }
                    log.add("not reached");
                    return Coroutine.done();
                })
                .isInstanceOfSatisfying(
                        ExceptionGroup.class,
                        failures -> assertThat(failures.exceptions()).containsExactly(a, b, c))
                .hasMessage("unhandled errors in a TaskGroup (3 sub-exceptions)");
        assertThat(log).containsExactlyInAnyOrder("sleeper", "body");
        assertThat(virtual.clock().elapsed()).isEqualTo(SHORT);
        assertThat(loop.allTasks()).isEmpty();
    }

    @Test
    void aFailureOfTheBodyCancelsTheTasks() {
        IOException failure = new IOException("body");
        assertThatGroup(group -> {
                    group.start(sleeper("sleeper"));
                    await(Async.sleep(SHORT));
                    throw failure;
                })
                .isInstanceOfSatisfying(
                        ExceptionGroup.class,
                        failures -> assertThat(failures.exceptions()).containsExactly(failure));
        assertThat(log).containsExactly("sleeper");
    }

    @Test
    void aBodyThatCannotEvenBeMadeFails() {
        IOException failure = new IOException("body");
        assertThatGroup(group -> {
                    throw failure;
                })
                .isInstanceOf(ExceptionGroup.class)
                .hasMessage("unhandled errors in a TaskGroup (1 sub-exception)");
    }

    @Test
    @Tag("K3")
    void aCancellationFromOutsideCancelsEverythingAndIsThrownOn() {
        Task<Void> task = loop.createTask(TaskGroup.run(group -> {
            for (int i = 0; i < 5; i++) {
                group.start(sleeper("child"));
            }
            await(sleeper("body"));
            return Coroutine.done();
        }));
        loop.runUntilComplete(Async.sleep(SHORT));
        task.cancel("from outside");
        virtual.settle();
        assertThat(task.isCancelled()).isTrue();
        assertThatThrownBy(task::result).hasMessage("from outside");
        assertThat(log).hasSize(6);
        assertThat(loop.allTasks()).isEmpty();
    }

    @Test
    @Tag("K3")
    void aCancellationWhileTheGroupWaitsForItsTasksDoesTheSame() {
        Task<Void> task = loop.createTask(TaskGroup.run(group -> {
            group.start(sleeper("child"));
            return Coroutine.done();
        }));
        loop.runUntilComplete(Async.sleep(SHORT));
        task.cancel("from outside");
        virtual.settle();
        assertThatThrownBy(task::result).isInstanceOf(CancelledError.class).hasMessage("from outside");
        assertThat(log).containsExactly("child");
    }

    @Test
    @Tag("K3")
    void failuresOfTasksThatAreCancelledFromOutsideAreThrownInstead() {
        IOException failure = new IOException("no clean-up");
        Task<Void> task = loop.createTask(TaskGroup.run(group -> {
            for (int i = 0; i < 5; i++) {
                group.start(failingToCleanUp(failure));
            }
            await(sleeper("body"));
            return Coroutine.done();
        }));
        loop.runUntilComplete(Async.sleep(SHORT));
        task.cancel();
        virtual.settle();
        assertThat(task.exception())
                .isInstanceOfSatisfying(
                        ExceptionGroup.class,
                        failures -> assertThat(failures.exceptions()).hasSize(5).containsOnly(failure));
    }

    @Test
    void aSecondCancellationWhileTheTasksCleanUpDoesNotCutThemShort() {
        Task<Void> task = loop.createTask(TaskGroup.run(group -> {
            group.start(coroutine(() -> {
                try {
                    await(Async.sleep(LONG));
                } finally {
                    await(Async.sleep(SHORT));
                    log.add("clean");
                }
                return Coroutine.done();
            }));
            return Coroutine.done();
        }));
        loop.runUntilComplete(Async.sleep(SHORT));
        task.cancel("first");
        virtual.settle();
        task.cancel("second");
        assertThatThrownBy(() -> loop.runUntilComplete(task))
                .isInstanceOf(CancelledError.class)
                .hasMessage("first");
        assertThat(log).containsExactly("clean");
    }

    @Test
    @Tag("K6")
    void aFailureOfTheBodyInItsCleanUpIsThrownInAGroup() {
        IOException failure = new IOException("body");
        Task<Void> task = loop.createTask(TaskGroup.run(group -> {
            group.start(sleeper("child"));
            return failingToCleanUp(failure);
        }));
        loop.runUntilComplete(Async.sleep(SHORT));
        task.cancel();
        virtual.settle();
        assertThat(task.exception())
                .isInstanceOfSatisfying(
                        ExceptionGroup.class,
                        failures -> assertThat(failures.exceptions()).containsExactly(failure));
        assertThat(log).containsExactly("child");
    }

    @Test
    @Tag("K6")
    void aTasksFailureAndOneOfTheBodysCleanUpAreInOneGroup() {
        IOException child = new IOException("child");
        IllegalStateException body = new IllegalStateException("body");
        assertThatGroup(group -> {
                    group.start(failing(SHORT, child));
                    return failingToCleanUp(body);
                })
                .isInstanceOfSatisfying(
                        ExceptionGroup.class,
                        failures -> assertThat(failures.exceptions()).containsExactly(child, body));
    }

    @Test
    @Tag("K7")
    void anErrorOfTheMachineInTheBodyIsThrownAsItIs() {
        InternalError fatal = new InternalError("body");
        assertThatGroup(group -> {
                    group.start(failing(SHORT, new IOException("child")));
                    group.start(sleeper("sleeper"));
                    return failingToCleanUp(fatal);
                })
                .isSameAs(fatal);
        assertThat(log).containsExactly("sleeper");
    }

    @Test
    @Tag("K7")
    void anErrorOfTheMachineInATaskLeavesTheLoopAndThenTheGroup() {
        InternalError fatal = new InternalError("child");
        Task<Void> task = loop.createTask(TaskGroup.run(group -> {
            group.start(failing(SHORT, fatal));
            group.start(sleeper("sleeper"));
            return failingToCleanUp(new IOException("body"));
        }));
        assertThatThrownBy(() -> loop.runUntilComplete(task)).isSameAs(fatal);
        assertThatThrownBy(() -> loop.runUntilComplete(task)).isSameAs(fatal);
        assertThat(log).containsExactly("sleeper");
    }

    @Test
    @Tag("K7")
    void otherErrorsAreInAGroupWithAllTheRest() {
        AssertionError body = new AssertionError("body");
        IOException child = new IOException("child");
        assertThatGroup(group -> {
                    group.start(failing(SHORT, child));
                    return failingToCleanUp(body);
                })
                .isInstanceOfSatisfying(
                        ExceptionGroup.class,
                        failures -> assertThat(failures.exceptions()).containsExactly(child, body));
        assertThatGroup(group -> {
                    group.start(failing(SHORT, body));
                    return failingToCleanUp(child);
                })
                .isInstanceOfSatisfying(
                        ExceptionGroup.class,
                        failures -> assertThat(failures.exceptions()).containsExactly(body, child));
    }

    @Test
    @Tag("K8")
    void tasksThatKeepStartingOthersEndWhenOneFails() {
        int[] hydras = {0};
        IOException failure = new IOException("Hercules");
        assertThatGroup(group -> {
                    group.start(hydra(group, hydras));
                    group.start(coroutine(() -> {
                        while (hydras[0] < 10) {
                            await(Async.sleep(Duration.ofMillis(15)));
                        }
                        throw failure;
                    }));
                    return Coroutine.done();
                })
                .isInstanceOfSatisfying(
                        ExceptionGroup.class,
                        failures -> assertThat(failures.exceptions()).containsExactly(failure));
        assertThat(hydras[0]).isGreaterThanOrEqualTo(10);
        assertThat(loop.allTasks()).isEmpty();
    }

    private static Coroutine<Void> hydra(TaskGroup group, int[] hydras) {
        hydras[0]++;
        await(Async.sleep(Duration.ofMillis(10)));
        for (int heads = 0; heads < 2; heads++) {
            group.start(hydra(group, hydras));
        }
        return Coroutine.done();
    }

    @Test
    void aTaskMayStartOthersWhileTheGroupWaitsForIt() {
        loop.runUntilComplete(TaskGroup.run(group -> {
            group.start(coroutine(() -> {
                await(Async.sleep(SHORT));
                group.start(Async.sleep(SHORT, "first"));
                group.start(Async.sleep(SHORT.multipliedBy(2), "second"));
                return Coroutine.done();
            }));
            return Coroutine.done();
        }));
        assertThat(virtual.clock().elapsed()).isEqualTo(SHORT.multipliedBy(3));
    }

    @Test
    void theCallbackOfATaskMayStartAnotherAsLongAsOneIsLeft() {
        loop.runUntilComplete(TaskGroup.run(group -> {
            Task<String> first = group.start(Async.sleep(SHORT, "first"));
            group.start(Async.sleep(SHORT.multipliedBy(2), "last"));
            first.addDoneCallback(done -> group.start(sleepAndNote(LONG, "late")));
            return Coroutine.done();
        }));
        assertThat(log).containsExactly("late");
    }

    private Coroutine<Void> sleepAndNote(Duration duration, String what) {
        await(Async.sleep(duration));
        log.add(what);
        return Coroutine.done();
    }

    @Test
    @Tag("K9")
    void aGroupThatIsCancellingItsTasksTakesNoMore() {
        IOException failure = new IOException("child");
        assertThatGroup(group -> {
                    group.start(failing(SHORT, failure));
                    group.start(coroutine(() -> {
                        try {
                            await(Async.sleep(LONG));
                        } catch (CancelledError cancelled) {
                            assertRefused(group, "cancelling");
                            log.add("refused");
                        }
                        return Coroutine.done();
                    }));
                    return Coroutine.done();
                })
                .isInstanceOfSatisfying(
                        ExceptionGroup.class,
                        failures -> assertThat(failures.exceptions()).containsExactly(failure));
        assertThat(log).containsExactly("refused");
    }

    @Test
    @Tag("K9")
    void aGroupThatHasEndedTakesNoMore() {
        TaskGroup ended = loop.runUntilComplete(TaskGroup.run(group -> Coroutine.of(group)));
        assertRefused(ended, "has ended");
        assertThat(ended).hasToString("TaskGroup(ended, tasks=0)");
        ended.cancel(); // does nothing
    }

    private void assertRefused(TaskGroup group, String why) {
        Coroutine<Void> refused = sleepAndNote(SHORT, "ran");
        assertThatThrownBy(() -> group.start(refused))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining(why);
        assertThatThrownBy(() -> loop.createTask(refused))
                .as("the refused coroutine counts as used")
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    @Tag("K13")
    void aTaskThatStartsAFailingOneBeforeItsFirstAwaitIsCancelledAllTheSame() {
        IOException failure = new IOException("at once");
        assertThatGroup(group -> {
                    group.start(coroutine(() -> {
                        group.start(coroutine(() -> {
                            throw failure;
                        }));
                        await(sleeper("starter"));
                        return Coroutine.done();
                    }));
                    await(sleeper("body"));
                    return Coroutine.done();
                })
                .isInstanceOfSatisfying(
                        ExceptionGroup.class,
                        failures -> assertThat(failures.exceptions()).containsExactly(failure));
        assertThat(log).containsExactlyInAnyOrder("starter", "body");
        assertThat(virtual.clock().elapsed()).isZero();
    }

    @Test
    @Tag("K14")
    void theGroupsOwnCancellationDoesNotLeakOut() {
        loop.runUntilComplete(coroutine(() -> {
            try {
                await(TaskGroup.run(group -> {
                    group.start(failing(Duration.ZERO, new IOException("child")));
                    return Coroutine.done();
                }));
            } catch (ExceptionGroup failures) {
                log.add("dealt with");
            }
            await(Async.sleep(Duration.ZERO));
            assertThat(loop.currentTask().cancelling()).isZero();
            log.add("went on");
            return Coroutine.done();
        }));
        assertThat(log).containsExactly("dealt with", "went on");
    }

    @Test
    void aCancellationFromOutsideComesAgainBehindAGroupThatFails() {
        Promise<Void> failNow = loop.createFuture();
        Task<Void> task = loop.createTask(coroutine(() -> {
            try {
                await(TaskGroup.run(group -> {
                    group.start(coroutine(() -> {
                        await(Async.shield(failNow));
                        throw new IOException("child");
                    }));
                    await(Async.sleep(LONG));
                    return Coroutine.done();
                }));
            } catch (ExceptionGroup failures) {
                assertThat(loop.currentTask().cancelling()).isEqualTo(1);
                log.add("failed");
            }
            await(Async.sleep(LONG));
            log.add("not reached");
            return Coroutine.done();
        }));
        virtual.settle();
        failNow.setResult(null);
        virtual.turn();
        task.cancel();
        virtual.settle();
        assertThat(task.isCancelled()).isTrue();
        assertThat(log).containsExactly("failed");
    }

    @Test
    void nestedGroupsThatFailTogetherThrowTheirOwnFailures() {
        loop.runUntilComplete(coroutine(() -> {
            try {
                await(TaskGroup.run(outer -> {
                    try {
                        await(TaskGroup.run(inner -> {
                            inner.start(failing(Duration.ZERO, new IOException("inner")));
                            outer.start(failing(Duration.ZERO, new IOException("outer")));
                            return Coroutine.done();
                        }));
                    } catch (ExceptionGroup failures) {
                        log.add(failures.exceptions().get(0).getMessage());
                        assertThat(loop.currentTask().cancelling()).isEqualTo(1);
                    }
                    return Coroutine.done();
                }));
            } catch (ExceptionGroup failures) {
                log.add(failures.exceptions().get(0).getMessage());
            }
            assertThat(loop.currentTask().cancelling()).isZero();
            await(Async.sleep(Duration.ZERO));
            return Coroutine.done();
        }));
        assertThat(log).containsExactly("inner", "outer");
    }

    @Test
    void aGroupOfAGroupsTaskFailsThatGroup() {
        IOException failure = new IOException("innermost");
        assertThatGroup(outer -> {
                    outer.start(TaskGroup.run(inner -> {
                        inner.start(failing(SHORT, failure));
                        inner.start(sleeper("inner"));
                        return Coroutine.done();
                    }));
                    outer.start(sleeper("outer"));
                    return Coroutine.done();
                })
                .isInstanceOfSatisfying(
                        ExceptionGroup.class,
                        outer -> assertThat(outer.exceptions())
                                .singleElement()
                                .isInstanceOfSatisfying(
                                        ExceptionGroup.class,
                                        inner -> assertThat(inner.exceptions()).containsExactly(failure)));
        assertThat(log).containsExactly("inner", "outer");
    }

    @Test
    void failuresOfAGroupAreNotReportedBesides() {
        assertThatGroup(group -> {
                    group.start(failing(SHORT, new IOException("a")));
                    group.start(failingToCleanUp(new IOException("b")));
                    return Coroutine.done();
                })
                .isInstanceOf(ExceptionGroup.class);
        loop.close();
        assertThat(virtual.failures()).isEmpty();
    }

    @Test
    void theCountOfCancelRequestsIsKept() {
        int count = loop.runUntilComplete(coroutine(() -> {
            Task<?> self = loop.currentTask();
            self.cancel();
            try {
                await(Async.sleep(Duration.ZERO));
            } catch (CancelledError swallowed) {
                log.add("swallowed");
            }
            try {
                await(TaskGroup.run(group -> {
                    group.start(failing(SHORT, new IOException("child")));
                    await(Async.sleep(LONG));
                    return Coroutine.done();
                }));
            } catch (ExceptionGroup failures) {
                await(Async.sleep(SHORT)); // the old request was dealt with long ago
                log.add("went on");
            }
            return Coroutine.of(self.cancelling());
        }));
        assertThat(count).isEqualTo(1);
        assertThat(log).containsExactly("swallowed", "went on");
    }

    @Test
    void manyTasksThatEndAreForgottenWhileTheGroupGoesOn() {
        loop.runUntilComplete(TaskGroup.run(group -> {
            for (int i = 0; i < 1000; i++) {
                group.start(Async.sleep(SHORT, i));
                await(Async.sleep(Duration.ofMillis(1)));
            }
            Task<Integer> last = group.start(Async.sleep(LONG, -1));
            await(Async.sleep(SHORT.multipliedBy(2)));
            assertThat(group).hasToString("TaskGroup(running, tasks=1)");
            group.cancel();
            last.addDoneCallback(done -> log.add("last"));
            return Coroutine.done();
        }));
        assertThat(log).containsExactly("last");
    }

    @Test
    void manyTasksAreCancelledInATwinkling() {
        Promise<Void> never = loop.createFuture();
        Task<Void> task = loop.createTask(TaskGroup.run(group -> {
            for (int i = 0; i < many; i++) {
                group.start(awaiting(loop.<Void>createFuture()));
            }
            return awaiting(never);
        }));
        virtual.settle();
        task.cancel();
        virtual.settle();
        assertThat(task.isCancelled()).isTrue();
        assertThat(loop.allTasks()).isEmpty();
    }
}

package io.samovar.tests.core;

import static io.samovar.Async.await;
import static io.samovar.tests.support.Coroutines.coroutine;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.samovar.Async;
import io.samovar.CancelledError;
import io.samovar.Coroutine;
import io.samovar.EventLoop;
import io.samovar.ExceptionGroup;
import io.samovar.Promise;
import io.samovar.Task;
import io.samovar.TaskGroup;
import io.samovar.tests.support.EveryMode;
import io.samovar.tests.support.Mode;
import io.samovar.tests.support.VirtualLoop;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Ending a task group early, which asyncio has from 3.15 on. */
@Timeout(30)
@EveryMode
class TaskGroupCancelTest {
    private static final Duration SHORT = Duration.ofMillis(100);
    private static final Duration LONG = Duration.ofSeconds(10);

    @AutoClose
    private final VirtualLoop virtual;

    private final EventLoop loop;
    private final List<String> log = new ArrayList<>();

    TaskGroupCancelTest(Mode mode) {
        virtual = new VirtualLoop(mode);
        loop = virtual.loop();
    }

    private Coroutine<String> sleeper(String name) {
        try {
            await(Async.sleep(LONG));
        } catch (CancelledError cancelled) {
            log.add(name);
            throw cancelled;
        }
        return Coroutine.of(name);
    }

    @Test
    void aTaskMayEndTheGroupAndThatIsNoFailure() {
        Integer result = loop.runUntilComplete(TaskGroup.run(group -> {
            group.start(sleeper("other"));
            group.start(coroutine(() -> {
                await(Async.sleep(SHORT));
                group.cancel();
                group.cancel(); // does nothing
                return Coroutine.done();
            }));
            await(sleeper("body"));
            return Coroutine.of(1);
        }));
        assertThat(result).as("of a body that was cut short").isNull();
        assertThat(log).containsExactlyInAnyOrder("other", "body");
        assertThat(virtual.clock().elapsed()).isEqualTo(SHORT);
    }

    @Test
    void theBodyMayEndTheGroupAndGiveItsResult() {
        String result = loop.runUntilComplete(coroutine(() -> {
            String body = await(TaskGroup.run(group -> {
                group.start(sleeper("other"));
                await(Async.sleep(SHORT));
                group.cancel();
                return Coroutine.of("body");
            }));
            assertThat(loop.currentTask().cancelling()).isZero();
            await(Async.sleep(SHORT));
            return Coroutine.of(body);
        }));
        assertThat(result).isEqualTo("body");
        assertThat(log).containsExactly("other");
        assertThat(virtual.clock().elapsed()).isEqualTo(SHORT.multipliedBy(2));
    }

    @Test
    void aBodyThatEndsAnEmptyGroupIsNotCancelledBehindIt() {
        loop.runUntilComplete(coroutine(() -> {
            await(TaskGroup.run(group -> {
                group.cancel();
                return Coroutine.done();
            }));
            await(Async.sleep(SHORT));
            assertThat(loop.currentTask().cancelling()).isZero();
            return Coroutine.done();
        }));
    }

    @Test
    void aGroupThatIsEndedInTheCleanUpOfACancelledTaskEndsAsAnyOther() {
        Task<Void> task = loop.createTask(coroutine(() -> {
            try {
                await(Async.sleep(LONG));
            } finally {
                await(TaskGroup.run(group -> {
                    group.start(sleeper("other"));
                    await(Async.sleep(SHORT));
                    group.cancel();
                    return Coroutine.done();
                }));
                await(TaskGroup.run(group -> {
                    group.cancel();
                    return Coroutine.done();
                }));
                await(Async.sleep(SHORT));
                log.add("clean");
            }
            return Coroutine.done();
        }));
        virtual.turn();
        task.cancel("from outside");
        assertThatThrownBy(() -> loop.runUntilComplete(task)).hasMessage("from outside");
        assertThat(log).containsExactly("other", "clean");
    }

    @Test
    void aBodyThatHasEndedIsNotCancelled() {
        List<Task<?>> parents = new ArrayList<>();
        List<TaskGroup> groups = new ArrayList<>();
        Task<String> task = loop.createTask(TaskGroup.run(group -> {
            parents.add(loop.currentTask());
            groups.add(group);
            group.start(sleeper("child"));
            return Coroutine.of("body");
        }));
        virtual.settle();
        assertThat(groups.get(0)).hasToString("TaskGroup(waiting, tasks=1)");
        groups.get(0).cancel();
        assertThat(parents.get(0).cancelling()).isZero();
        virtual.settle();
        assertThat(task.result()).isEqualTo("body");
        assertThat(log).containsExactly("child");
    }

    @Test
    void aFailureInTheCleanUpIsThrown() {
        IOException failure = new IOException("no clean-up");
        assertThatThrownBy(() -> loop.runUntilComplete(TaskGroup.run(group -> {
                    group.start(coroutine(() -> {
                        try {
                            await(Async.sleep(LONG));
                        } catch (CancelledError cancelled) {
                            throw failure;
                        }
                        return Coroutine.done();
                    }));
                    await(Async.sleep(SHORT));
                    group.cancel();
                    return Coroutine.done();
                })))
                .isInstanceOfSatisfying(
                        ExceptionGroup.class,
                        failures -> assertThat(failures.exceptions()).containsExactly(failure));
    }

    /** asyncio: gh-155418. */
    @Test
    void aTaskThatEndsTheGroupBeforeItsFirstAwaitIsCancelledAtIt() {
        loop.runUntilComplete(TaskGroup.run(group -> {
            group.start(coroutine(() -> {
                group.cancel();
                await(sleeper("child"));
                return Coroutine.done();
            }));
            await(sleeper("body"));
            return Coroutine.done();
        }));
        assertThat(log).containsExactlyInAnyOrder("child", "body");
        assertThat(virtual.clock().elapsed()).isZero();
    }

    /** asyncio: gh-155433. */
    @Test
    void aCancellationFromOutsideIsNotLostInAGroupThatIsEnded() {
        List<TaskGroup> groups = new ArrayList<>();
        Promise<Void> cleaned = loop.createFuture();
        Task<String> slow = loop.createTask(TaskGroup.run(group -> {
            groups.add(group);
            group.start(coroutine(() -> {
                try {
                    await(Async.sleep(LONG));
                } finally {
                    await(cleaned);
                }
                return Coroutine.done();
            }));
            return sleeper("body");
        }));
        virtual.settle();
        groups.get(0).cancel();
        virtual.settle();
        slow.cancel("from outside");
        virtual.settle();
        assertThat(slow.isDone()).isFalse();
        cleaned.setResult(null);
        virtual.settle();
        assertThat(slow.isCancelled()).isTrue();
        assertThatThrownBy(slow::result).hasMessage("from outside");
    }

    @Test
    void aCancellationFromOutsideIsNotLostWhereTheBodyHadEnded() {
        List<TaskGroup> groups = new ArrayList<>();
        Promise<Void> cleaned = loop.createFuture();
        Task<String> task = loop.createTask(TaskGroup.run(group -> {
            groups.add(group);
            group.start(coroutine(() -> {
                try {
                    await(Async.sleep(LONG));
                } finally {
                    await(cleaned);
                }
                return Coroutine.done();
            }));
            return Coroutine.of("body");
        }));
        virtual.settle();
        groups.get(0).cancel();
        virtual.settle();
        task.cancel("from outside");
        virtual.settle();
        cleaned.setResult(null);
        virtual.settle();
        assertThat(task.isCancelled()).isTrue();
        assertThatThrownBy(task::result).hasMessage("from outside");
    }

    @Test
    void aCancellationFromOutsideInTheSameIterationIsNotLostEither() {
        List<TaskGroup> groups = new ArrayList<>();
        Task<String> task = loop.createTask(TaskGroup.run(group -> {
            groups.add(group);
            group.start(sleeper("child"));
            return sleeper("body");
        }));
        virtual.settle();
        groups.get(0).cancel();
        task.cancel();
        virtual.settle();
        assertThat(task.isCancelled()).isTrue();
    }
}

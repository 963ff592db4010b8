package io.samovar.tests.core;

import static io.samovar.Async.await;
import static io.samovar.tests.support.Coroutines.coroutine;
import static org.assertj.core.api.Assertions.assertThat;

import io.samovar.Async;
import io.samovar.Coroutine;
import io.samovar.EventLoop;
import io.samovar.Task;
import io.samovar.TaskFactory;
import io.samovar.TaskGroup;
import io.samovar.TaskOptions;
import io.samovar.tests.support.EveryMode;
import io.samovar.tests.support.Mode;
import io.samovar.tests.support.VirtualLoop;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How many tasks of a tree have to be scheduled. */
@Timeout(30)
@EveryMode
class TaskCountTest {
    private static final int WIDTH = 5;
    private static final int DEPTH = 4;
    /** 1 + 5 + 25 + 125 + 625. */
    private static final int TREE = 781;

    @AutoClose
    private final VirtualLoop virtual;

    private final EventLoop loop;
    private final boolean eager;
    private int scheduled;

    TaskCountTest(Mode mode) {
        virtual = new VirtualLoop(mode);
        loop = virtual.loop();
        eager = mode.eager();
        loop.setTaskFactory(new Counting());
    }

    /** Counts the tasks that have not ended when they are made. */
    private final class Counting implements TaskFactory {
        private final TaskFactory factory = loop.taskFactory();

        @Override
        public <T extends @Nullable Object> Task<T> create(
                EventLoop on, Coroutine<? extends T> coroutine, TaskOptions options) {
            Task<T> task = factory.create(on, coroutine, options);
            if (!task.isDone()) {
                scheduled++;
            }
            return task;
        }
    }

    @Test
    @Tag("E5")
    void aTreeOfGathersSchedulesEachTaskOnceAndNoEagerOne() {
        loop.callSoon(() -> loop.createTask(gathering(DEPTH)));
        settle();
        assertThat(scheduled).isEqualTo(eager ? 0 : TREE);
    }

    private static Coroutine<Integer> gathering(int depth) {
        if (depth == 0) {
            return Coroutine.of(1);
        }
        List<Coroutine<Integer>> children = new ArrayList<>();
        for (int i = 0; i < WIDTH; i++) {
            children.add(gathering(depth - 1));
        }
        await(Async.gather(children));
        return Coroutine.of(1);
    }

    @Test
    @Tag("E5")
    void aTreeOfTaskGroupsSchedulesEachTaskOnceAndNoEagerOne() {
        loop.callSoon(() -> loop.createTask(grouping(DEPTH)));
        settle();
        assertThat(scheduled).isEqualTo(eager ? 0 : TREE);
    }

    private static Coroutine<Integer> grouping(int depth) {
        return coroutine(() -> {
            if (depth > 0) {
                await(TaskGroup.run(group -> {
                    for (int i = 0; i < WIDTH; i++) {
                        group.start(grouping(depth - 1));
                    }
                    return Coroutine.done();
                }));
            }
            return Coroutine.of(1);
        });
    }

    private void settle() {
        virtual.settle();
        assertThat(loop.allTasks()).isEmpty();
    }
}

package io.samovar.tests.core;

import static io.samovar.Async.await;
import static io.samovar.tests.support.Coroutines.awaiting;
import static org.assertj.core.api.Assertions.assertThat;

import io.samovar.Async;
import io.samovar.Coroutine;
import io.samovar.EventLoop;
import io.samovar.Promise;
import io.samovar.Task;
import io.samovar.TaskFactory;
import io.samovar.tests.support.VirtualLoop;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A million tasks, each of which awaits the next: no Java stack is as deep as that. */
@Timeout(60)
class DeepTasksTest {
    private static final int MILLION = 1_000_000;

    @AutoClose
    private final VirtualLoop virtual = new VirtualLoop();

    private final EventLoop loop = virtual.loop();

    @Test
    void aRequestToCancelGoesThroughAllOfThem() {
        Promise<Integer> future = loop.createFuture();
        Task<Integer> innermost = loop.createTask(awaiting(future));
        Task<Integer> outermost = innermost;
        for (int i = 1; i < MILLION; i++) {
            outermost = loop.createTask(awaiting(outermost));
        }
        virtual.turn();
        outermost.cancel("enough");
        assertThat(innermost.cancelling()).isEqualTo(1);
        assertThat(future.isCancelled()).isTrue();
    }

    @Test
    void eachMayMakeTheNextEagerly() {
        loop.setTaskFactory(TaskFactory.EAGER);
        assertThat(loop.runUntilComplete(nesting(MILLION))).isEqualTo(MILLION);
    }

    private static Coroutine<Integer> nesting(int deeper) {
        return Coroutine.of(deeper == 0 ? 0 : 1 + await(Async.createTask(nesting(deeper - 1))));
    }
}

package io.samovar.tests.sync;

import static org.assertj.core.api.Assertions.assertThat;

import io.samovar.Coroutine;
import io.samovar.EventLoop;
import io.samovar.Task;
import io.samovar.sync.Event;
import io.samovar.sync.Lock;
import io.samovar.sync.Queue;
import io.samovar.sync.Semaphore;
import io.samovar.tests.support.VirtualLoop;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A hundred thousand that wait for the same: a look at each for each of them would take ten thousand million looks. */
@Timeout(10)
class CrowdTest {
    private static final int CROWD = 100_000;

    @AutoClose
    private final VirtualLoop virtual = new VirtualLoop();

    private final EventLoop loop = virtual.loop();

    private List<Task<?>> crowd(Supplier<? extends Coroutine<?>> wait) {
        List<Task<?>> crowd = new ArrayList<>();
        for (int i = 0; i < CROWD; i++) {
            crowd.add(loop.createTask(wait.get()));
        }
        virtual.turn();
        return crowd;
    }

    @Test
    void allMayBeCancelledTheLastFirst() {
        Lock lock = new Lock();
        loop.runUntilComplete(lock.acquire());
        List<Task<?>> crowd = crowd(lock::acquire);
        assertThat(lock).hasToString("Lock(locked, 100000 waiting)");
        Collections.reverse(crowd);
        crowd.forEach(Task::cancel);
        virtual.turn();
        assertThat(crowd).allMatch(Task::isCancelled);
        assertThat(lock).hasToString("Lock(locked)");
    }

    @Test
    void allMayBeCancelledAfterTheyWereWoken() {
        Semaphore semaphore = new Semaphore(0);
        List<Task<?>> crowd = crowd(semaphore::acquire);
        for (int i = 0; i < CROWD; i++) {
            semaphore.release();
        }
        crowd.forEach(Task::cancel);
        virtual.turn();
        assertThat(crowd).allMatch(Task::isCancelled);
        assertThat(semaphore).hasToString("Semaphore(100000 free)");
    }

    @Test
    void allMayBeWokenAtOnce() {
        Event event = new Event();
        List<Task<?>> crowd = crowd(event::whenSet);
        event.set();
        virtual.turn();
        assertThat(crowd).allMatch(Task::isDone);
    }

    @Test
    void allMayGetAnItemInOneTurn() {
        Queue<Integer> queue = new Queue<>();
        List<Task<?>> crowd = crowd(queue::get);
        for (int i = 0; i < CROWD; i++) {
            queue.putNowait(i);
        }
        virtual.turn();
        assertThat(crowd).allMatch(Task::isDone);
        assertThat(crowd.get(CROWD - 1).result()).isEqualTo(CROWD - 1);
    }

    @Test
    void theirItemsMayAllBeTakenByAnother() {
        Queue<Integer> queue = new Queue<>();
        List<Task<?>> crowd = crowd(queue::get);
        for (int i = 0; i < CROWD; i++) {
            queue.putNowait(i);
        }
        for (int i = 0; i < CROWD; i++) {
            assertThat(queue.getNowait()).isEqualTo(i);
        }
        virtual.turn();
        assertThat(crowd).noneMatch(Task::isDone);
        queue.putNowait(7);
        virtual.turn();
        assertThat(crowd.get(0).result()).isEqualTo(7);
        crowd.forEach(Task::cancel);
        virtual.turn();
        assertThat(queue).hasToString("Queue(0)");
    }
}

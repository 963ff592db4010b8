package io.samovar.tests.sync;

import static io.samovar.Async.await;
import static io.samovar.tests.support.Coroutines.coroutine;
import static org.assertj.core.api.Assertions.assertThat;

import io.samovar.Coroutine;
import io.samovar.EventLoop;
import io.samovar.sync.Barrier;
import io.samovar.sync.Condition;
import io.samovar.sync.Event;
import io.samovar.sync.Lock;
import io.samovar.sync.Queue;
import io.samovar.sync.Semaphore;
import io.samovar.tests.support.EveryMode;
import io.samovar.tests.support.Mode;
import io.samovar.tests.support.VirtualLoop;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How many iterations of the loop each wait takes, which is as many as in asyncio. */
@Timeout(30)
@EveryMode
class TickTest {
    @AutoClose
    private final VirtualLoop virtual;

    private final EventLoop loop;
    private int ticks;
    private boolean counting;

    TickTest(Mode mode) {
        virtual = new VirtualLoop(mode);
        loop = virtual.loop();
    }

    private void tick() {
        if (counting) {
            ticks++;
            loop.callSoon(this::tick);
        }
    }

    /** Iterations until the wait is over, if {@code meanwhile} is called in the first of them. */
    private int ticks(Coroutine<?> wait, Runnable meanwhile) {
        ticks = 0;
        counting = true;
        int waited = loop.runUntilComplete(coroutine(() -> {
            loop.callSoon(meanwhile);
            loop.callSoon(this::tick);
            await(wait);
            return Coroutine.of(ticks);
        }));
        counting = false;
        virtual.settle();
        return waited;
    }

    private int ticks(Coroutine<?> wait) {
        return ticks(wait, () -> {});
    }

    @Test
    void whatNeedNotWaitTakesNoTick() {
        Lock lock = new Lock();
        assertThat(ticks(lock.acquire())).isZero();
        lock.release();
        assertThat(ticks(lock.hold())).isZero();
        Semaphore semaphore = new Semaphore(2);
        assertThat(ticks(semaphore.acquire())).isZero();
        assertThat(ticks(semaphore.hold())).isZero();
        Event event = new Event();
        event.set();
        assertThat(ticks(event.whenSet())).isZero();
        Condition condition = new Condition();
        assertThat(ticks(condition.acquire())).isZero();
        assertThat(ticks(condition.waitFor(() -> true))).isZero();
        Queue<Integer> queue = new Queue<>(1);
        assertThat(ticks(queue.put(1))).isZero();
        assertThat(ticks(queue.get())).isZero();
        queue.taskDone();
        assertThat(ticks(queue.join())).isZero();
        assertThat(ticks(new Barrier(1).whenFull())).isZero();
    }

    @Test
    void whatIsWokenInTheFirstTickGoesOnInTheSecond() {
        Lock lock = new Lock();
        loop.runUntilComplete(lock.acquire());
        assertThat(ticks(lock.acquire(), lock::release)).isEqualTo(1);
        Semaphore semaphore = new Semaphore(0);
        assertThat(ticks(semaphore.acquire(), semaphore::release)).isEqualTo(1);
        Event event = new Event();
        assertThat(ticks(event.whenSet(), event::set)).isEqualTo(1);
        Queue<Integer> queue = new Queue<>(1);
        assertThat(ticks(queue.get(), () -> queue.putNowait(1))).isEqualTo(1);
        assertThat(ticks(queue.join(), queue::taskDone)).isEqualTo(1);
        queue.putNowait(1);
        assertThat(ticks(queue.put(2), queue::getNowait)).isEqualTo(1);
        Condition condition = new Condition();
        loop.runUntilComplete(condition.acquire());
        assertThat(ticks(condition.whenSignalled(), () -> {
                    loop.createTask(condition.acquire());
                    loop.callSoon(condition::signal);
                    loop.callSoon(condition::release);
                }))
                .as("acquired by another in the second, signalled and released there, too")
                .isEqualTo(2);
    }
}

package io.samovar.tests.sync;

import static io.samovar.Async.await;
import static io.samovar.tests.support.Coroutines.coroutine;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.samovar.Coroutine;
import io.samovar.NotLoopThreadException;
import io.samovar.sync.Barrier;
import io.samovar.sync.Condition;
import io.samovar.sync.Event;
import io.samovar.sync.Lock;
import io.samovar.sync.Queue;
import io.samovar.sync.Semaphore;
import io.samovar.tests.support.VirtualLoop;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Whose loop a lock, a queue and the like belong to. */
@Timeout(30)
class BindingTest {
    @AutoClose
    private final VirtualLoop virtual = new VirtualLoop();

    private final Lock lock = new Lock();
    private final Event event = new Event();
    private final Semaphore semaphore = new Semaphore(1);
    private final Condition condition = new Condition(lock);
    private final Barrier barrier = new Barrier(2);
    private final Queue<Integer> queue = new Queue<>(1);

    private static Coroutine<Void> after(Supplier<Coroutine<Void>> first, Supplier<? extends Coroutine<?>> second) {
        return coroutine(() -> {
            await(first.get());
            await(second.get());
            return Coroutine.done();
        });
    }

    /** Awaits each of the calls that may have to wait. */
    private List<Coroutine<?>> waits() {
        return List.of(
                lock.acquire(),
                lock.hold(),
                event.whenSet(),
                semaphore.acquire(),
                semaphore.hold(),
                barrier.whenFull(),
                queue.get(),
                queue.put(2));
    }

    @Test
    void whatNobodyWaitedForServesOneLoopAfterTheOther() {
        event.set();
        for (int i = 0; i < 2; i++) {
            try (VirtualLoop each = new VirtualLoop()) {
                each.loop().runUntilComplete(after(lock::acquire, event::whenSet));
                lock.release();
                each.loop().runUntilComplete(after(() -> queue.put(1), queue::get));
                each.loop().runUntilComplete(semaphore.acquire());
                semaphore.release();
            }
        }
    }

    @Test
    void whatATaskWaitedForBelongsToItsLoop() {
        virtual.loop().runUntilComplete(after(lock::acquire, semaphore::acquire));
        waits().forEach(virtual.loop()::createTask);
        virtual.turn();
        try (VirtualLoop other = new VirtualLoop()) {
            for (Coroutine<?> wait : waits()) {
                assertThatThrownBy(() -> other.loop().runUntilComplete(wait))
                        .as("%s", wait)
                        .isInstanceOf(IllegalStateException.class)
                        .hasMessageContaining("belongs to another loop")
                        .hasMessageEndingWith("make one for each loop, or use it there by loop.submit(...)");
            }
        }
    }

    @Test
    void aConditionOfAnotherLoopFailsWithTheLockHeld() {
        virtual.loop().createTask(after(condition::acquire, condition::whenSignalled));
        virtual.turn();
        try (VirtualLoop other = new VirtualLoop()) {
            assertThatThrownBy(() -> other.loop().runUntilComplete(after(condition::acquire, condition::whenSignalled)))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage(
                            "Condition(locked, 1 waiting) belongs to another loop, on which tasks have waited for it: make"
                                    + " one for each loop, or use it there by loop.submit(...)");
        }
        assertThat(lock.isLocked()).isTrue();
    }

    @Test
    void whatWakesATaskIsForItsThreadOnly() throws InterruptedException {
        virtual.loop().createTask(after(condition::acquire, condition::whenSignalled));
        virtual.turn();
        virtual.loop().runUntilComplete(after(lock::acquire, semaphore::acquire));
        waits().forEach(virtual.loop()::createTask);
        virtual.turn();
        List<Runnable> calls = List.of(
                lock::release,
                event::set,
                event::clear,
                semaphore::release,
                condition::signal,
                barrier::reset,
                barrier::abort,
                queue::getNowait,
                () -> queue.putNowait(3),
                queue::taskDone,
                queue::shutdown);
        for (Runnable call : calls) {
            AtomicReference<Throwable> thrown = new AtomicReference<>();
            Thread elsewhere = new Thread(call);
            elsewhere.setUncaughtExceptionHandler((thread, failure) -> thrown.set(failure));
            elsewhere.start();
            elsewhere.join();
            assertThat(thrown.get()).isInstanceOf(NotLoopThreadException.class);
        }
    }
}

package io.samovar.tests.sync;

import static io.samovar.Async.await;
import static io.samovar.tests.support.Coroutines.coroutine;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.samovar.CancelledError;
import io.samovar.Coroutine;
import io.samovar.EventLoop;
import io.samovar.Task;
import io.samovar.sync.Condition;
import io.samovar.sync.Held;
import io.samovar.sync.Lock;
import io.samovar.tests.support.EveryMode;
import io.samovar.tests.support.Mode;
import io.samovar.tests.support.VirtualLoop;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a condition promises, with the rows of asyncio's conformance cases as tags. */
@Timeout(30)
@EveryMode
class ConditionTest {
    @AutoClose
    private final VirtualLoop virtual;

    private final EventLoop loop;
    private final Condition condition = new Condition();
    private final List<Object> log = new ArrayList<>();

    ConditionTest(Mode mode) {
        virtual = new VirtualLoop(mode);
        loop = virtual.loop();
    }

    private void acquire() {
        loop.runUntilComplete(condition.acquire());
    }

    /** A task that waits for a signal, and keeps the lock when it has got it. */
    private Task<Void> waiting(Object name) {
        return loop.createTask(coroutine(() -> {
            await(condition.acquire());
            await(condition.whenSignalled());
            log.add(name);
            return Coroutine.done();
        }));
    }

    /** A task that waits for a signal, and releases the lock then. */
    private Task<Void> passing(Object name) {
        return loop.createTask(coroutine(() -> {
            Held held = await(condition.hold());
            try (held) {
                await(condition.whenSignalled());
                log.add(name);
            }
            return Coroutine.done();
        }));
    }

    private void signal(int tasks) {
        acquire();
        condition.signal(tasks);
        condition.release();
    }

    @Test
    void whoIsSignalledGoesOnWhenTheLockIsReleasedOneAfterTheOther() {
        waiting(1);
        waiting(2);
        waiting(3);
        virtual.turn();
        assertThat(condition.isLocked()).isFalse();
        acquire();
        condition.signal();
        virtual.turn();
        assertThat(log).isEmpty();
        condition.release();
        virtual.turn();
        assertThat(log).containsExactly(1);
        assertThat(condition.isLocked()).isTrue();
        condition.signal(2);
        virtual.turn();
        assertThat(log).containsExactly(1);
        condition.release();
        virtual.turn();
        assertThat(log).containsExactly(1, 2);
        condition.release();
        virtual.turn();
        assertThat(log).containsExactly(1, 2, 3);
    }

    @Test
    void soManyAreWokenAsTheSignalSaysAndAllByOneForAll() {
        for (int i = 1; i <= 6; i++) {
            passing(i);
        }
        virtual.turn();
        signal(0);
        virtual.settle();
        assertThat(log).isEmpty();
        signal(1);
        virtual.turn();
        assertThat(log).containsExactly(1);
        signal(2);
        virtual.turn();
        assertThat(log).containsExactly(1, 2, 3);
        acquire();
        condition.signalAll();
        condition.release();
        virtual.turn();
        assertThat(log).containsExactly(1, 2, 3, 4, 5, 6);
        signal(2048);
    }

    @Test
    void waitingForASignalNeedsTheLockAndSoDoesSignalling() {
        assertThatThrownBy(() -> loop.runUntilComplete(condition.whenSignalled()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("the lock of the condition is free: acquire it before waiting for it");
        assertThatThrownBy(condition::signal)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("the lock of the condition is free: acquire it before signalling");
        assertThatThrownBy(condition::signalAll).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void aPredicateThatHoldsAlreadyNeedsNoLock() {
        loop.runUntilComplete(condition.waitFor(() -> true));
        assertThatThrownBy(() -> loop.runUntilComplete(condition.waitFor(() -> false)))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void waitForGoesOnOnlyWhenThePredicateHolds() {
        boolean[] ready = {false};
        Task<Void> task = loop.createTask(coroutine(() -> {
            Held held = await(condition.hold());
            try (held) {
                await(condition.waitFor(() -> ready[0]));
                log.add(condition.isLocked());
            }
            return Coroutine.done();
        }));
        virtual.turn();
        signal(1);
        virtual.settle();
        assertThat(log).isEmpty();
        ready[0] = true;
        virtual.settle();
        assertThat(log).isEmpty();
        signal(1);
        virtual.turn();
        assertThat(log).containsExactly(true);
        assertThat(task.isDone()).isTrue();
    }

    @Test
    void aPredicateThatFailsEndsTheWaitWithTheLockHeld() {
        Task<Void> task = loop.createTask(coroutine(() -> {
            Held held = await(condition.hold());
            try (held) {
                await(condition.waitFor(() -> {
                    if (log.isEmpty()) {
                        return false;
                    }
                    throw new IllegalArgumentException("locked: " + condition.isLocked());
                }));
            }
            return Coroutine.done();
        }));
        virtual.turn();
        log.add("fail");
        signal(1);
        virtual.settle();
        assertThat(task.exception()).hasMessage("locked: true");
        assertThat(condition.isLocked()).isFalse();
    }

    @Test
    void aTaskThatIsCancelledWhileItWaitsHasTheLockWhenItGetsTheError() {
        Task<Void> task = loop.createTask(coroutine(() -> {
            await(condition.acquire());
            try {
                await(condition.whenSignalled());
            } catch (CancelledError cancelled) {
                log.add(condition.isLocked());
                throw cancelled;
            }
            return Coroutine.done();
        }));
        virtual.turn();
        task.cancel("enough");
        virtual.settle();
        assertThat(log).containsExactly(true);
        assertThatThrownBy(task::result).isInstanceOf(CancelledError.class).hasMessage("enough");
        assertThat(condition).hasToString("Condition(locked)");
    }

    @Test
    @Tag("C4")
    void aSignalledTaskThatIsCancelledWhileOthersHaveTheLockGetsTheErrorWithTheLockHeld() {
        Task<Void> task = waiting(1);
        virtual.turn();
        acquire();
        condition.signal();
        loop.callSoon(task::cancel);
        loop.callSoon(condition::release);
        virtual.settle();
        assertThat(task.isDone()).isTrue();
        assertThat(condition.isLocked()).isTrue();
    }

    @Test
    @Tag("C4")
    void aTaskThatIsCancelledAfterTheSignalIsCancelledAfterTheRelease() {
        Task<Void> waiter = passing(1);
        virtual.turn();
        acquire();
        condition.signal();
        virtual.turn(); // it waits for the lock
        waiter.cancel();
        virtual.turn(); // it waits for the lock again
        assertThat(waiter.isDone()).isFalse();
        condition.release();
        virtual.turn();
        assertThat(waiter.isCancelled()).isTrue();
        assertThat(condition.isLocked()).isFalse();
        assertThat(log).isEmpty();
    }

    @Test
    @Tag("C4")
    void ofSeveralCancellationsTheLastOneIsThrownWhenTheLockIsHeld() {
        Task<Void> waiter = passing(1);
        virtual.turn();
        acquire();
        for (String message : List.of("first", "second", "third")) {
            waiter.cancel(message);
            virtual.settle();
            assertThat(waiter.isDone()).isFalse();
        }
        condition.release();
        virtual.settle();
        assertThatThrownBy(waiter::result).isInstanceOf(CancelledError.class).hasMessage("third");
        assertThat(condition).hasToString("Condition(free)");
    }

    /** Two consumers of a queue that the condition guards. */
    private List<Task<Void>> consumers(Deque<Integer> queue) {
        List<Task<Void>> consumers = new ArrayList<>();
        for (int i = 1; i <= 2; i++) {
            int number = i;
            consumers.add(loop.createTask(coroutine(() -> {
                Held held = await(condition.hold());
                try (held) {
                    await(condition.waitFor(() -> !queue.isEmpty()));
                    log.add(number + " got " + queue.remove());
                }
                return Coroutine.done();
            })));
        }
        virtual.turn();
        return consumers;
    }

    @Test
    @Tag("C5")
    void aSignalledTaskThatIsCancelledBeforeItRunsPassesTheSignalOn() {
        Deque<Integer> queue = new ArrayDeque<>();
        List<Task<Void>> consumers = consumers(queue);
        acquire();
        queue.add(7);
        condition.signal();
        condition.release();
        consumers.get(0).cancel();
        virtual.settle();
        assertThat(consumers.get(0).isCancelled()).isTrue();
        assertThat(log).containsExactly("2 got 7");
        assertThat(condition).hasToString("Condition(free)");
    }

    @Test
    @Tag("C5")
    void aSignalledTaskThatIsCancelledWhileItWaitsForTheLockPassesTheSignalOn() {
        Deque<Integer> queue = new ArrayDeque<>();
        List<Task<Void>> consumers = consumers(queue);
        acquire();
        queue.add(7);
        condition.signal();
        virtual.turn(); // the first waits for the lock
        consumers.get(0).cancel();
        virtual.settle();
        assertThat(log).isEmpty();
        condition.release();
        virtual.settle();
        assertThat(consumers.get(0).isCancelled()).isTrue();
        assertThat(log).containsExactly("2 got 7");
        assertThat(condition).hasToString("Condition(free)");
    }

    @Test
    @Tag("C5")
    void aTaskThatIsCancelledWithoutASignalWakesNobody() {
        Task<Void> first = passing(1);
        Task<Void> second = passing(2);
        virtual.turn();
        first.cancel();
        virtual.settle();
        assertThat(first.isCancelled()).isTrue();
        assertThat(second.isDone()).isFalse();
        assertThat(condition).hasToString("Condition(free, 1 waiting)");
    }

    @Test
    void conditionsMayShareALock() {
        Lock lock = new Lock();
        Condition notEmpty = new Condition(lock);
        Condition notFull = new Condition(lock);
        loop.runUntilComplete(notEmpty.acquire());
        assertThat(lock.isLocked()).isTrue();
        assertThat(notFull.isLocked()).isTrue();
        notFull.release();
        assertThat(notEmpty.isLocked()).isFalse();
        Task<Void> waiter = loop.createTask(coroutine(() -> {
            await(lock.acquire());
            await(notEmpty.whenSignalled());
            lock.release();
            return Coroutine.done();
        }));
        virtual.turn();
        loop.runUntilComplete(notFull.acquire());
        notFull.signalAll();
        notFull.release();
        virtual.settle();
        assertThat(waiter.isDone()).isFalse();
        loop.runUntilComplete(lock.acquire());
        notEmpty.signal();
        lock.release();
        virtual.settle();
        assertThat(waiter.isDone()).isTrue();
    }

    @Test
    void aConditionTellsWhatItIsDoing() {
        assertThat(condition).hasToString("Condition(free)");
        waiting(1);
        waiting(2);
        virtual.turn();
        acquire();
        assertThat(condition).hasToString("Condition(locked, 2 waiting)");
    }
}

package io.samovar.tests.sync;

import static io.samovar.Async.await;
import static io.samovar.tests.support.Coroutines.coroutine;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.samovar.Async;
import io.samovar.Coroutine;
import io.samovar.EventLoop;
import io.samovar.Promise;
import io.samovar.Task;
import io.samovar.sync.Held;
import io.samovar.sync.Lock;
import io.samovar.tests.support.EveryMode;
import io.samovar.tests.support.Mode;
import io.samovar.tests.support.VirtualLoop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a lock promises, with the rows of asyncio's conformance cases as tags. */
@Timeout(30)
@EveryMode
class LockTest {
    @AutoClose
    private final VirtualLoop virtual;

    private final EventLoop loop;
    private final Lock lock = new Lock();
    private final List<Object> log = new ArrayList<>();

    LockTest(Mode mode) {
        virtual = new VirtualLoop(mode);
        loop = virtual.loop();
    }

    /** A task that takes the lock, and keeps it. */
    private Task<Void> taking(Object name) {
        return loop.createTask(coroutine(() -> {
            await(lock.acquire());
            log.add(name);
            return Coroutine.done();
        }));
    }

    private void take() {
        loop.runUntilComplete(lock.acquire());
    }

    @Test
    void aLockIsFreeUntilItIsAcquiredAndAfterItIsReleased() {
        assertThat(lock.isLocked()).isFalse();
        take();
        assertThat(lock.isLocked()).isTrue();
        lock.release();
        assertThat(lock.isLocked()).isFalse();
    }

    @Test
    void acquireDoesNothingBeforeItIsAwaited() {
        Coroutine<Void> acquire = lock.acquire();
        virtual.settle();
        assertThat(lock.isLocked()).isFalse();
        assertThat(lock.acquire()).as("nothing is allocated").isSameAs(acquire);
    }

    @Test
    void tasksGetTheLockInTheOrderInWhichTheyCame() {
        take();
        taking(1);
        taking(2);
        virtual.turn();
        assertThat(log).isEmpty();
        lock.release();
        virtual.turn();
        assertThat(log).containsExactly(1);
        virtual.turn();
        assertThat(log).containsExactly(1);
        taking(3);
        lock.release();
        virtual.turn();
        assertThat(log).containsExactly(1, 2);
        lock.release();
        virtual.turn();
        assertThat(log).containsExactly(1, 2, 3);
        assertThat(lock.isLocked()).isTrue();
    }

    @Test
    void nobodyGetsAheadOfATaskThatWasWokenAndHasNotRunYet() {
        take();
        taking("first");
        virtual.turn();
        taking("second"); // runs before the one that is woken
        lock.release();
        virtual.turn();
        assertThat(log).containsExactly("first");
        lock.release();
        virtual.turn();
        assertThat(log).containsExactly("first", "second");
    }

    @Test
    void releasingAndAcquiringAgainGoesBehindThoseWhoWait() {
        Task<Void> greedy = loop.createTask(coroutine(() -> {
            await(lock.acquire());
            log.add("greedy");
            await(Async.sleep(Duration.ofSeconds(1)));
            lock.release();
            await(lock.acquire());
            log.add("greedy again");
            return Coroutine.done();
        }));
        virtual.turn();
        Task<Void> patient = loop.createTask(coroutine(() -> {
            Held held = await(lock.hold());
            try (held) {
                log.add("patient");
            }
            return Coroutine.done();
        }));
        loop.runUntilComplete(greedy);
        assertThat(patient.isDone()).isTrue();
        assertThat(log).containsExactly("greedy", "patient", "greedy again");
    }

    @Test
    void cancellingAWaiterLeavesTheOthersInLine() {
        take();
        Task<Void> first = taking(1);
        taking(2);
        virtual.turn();
        first.cancel("enough");
        virtual.turn();
        assertThat(first.isCancelled()).isTrue();
        assertThatThrownBy(first::result).hasMessage("enough");
        assertThat(lock).hasToString("Lock(locked, 1 waiting)");
        lock.release();
        virtual.turn();
        assertThat(log).containsExactly(2);
    }

    @Test
    @Tag("C1")
    void aWaiterThatIsCancelledInTheTickOfTheReleaseHandsTheLockToTheNext() {
        Promise<Void> blocker = loop.createFuture();
        Task<Void> a = loop.createTask(coroutine(() -> {
            await(lock.acquire());
            try {
                await(blocker);
            } finally {
                lock.release();
            }
            return Coroutine.done();
        }));
        virtual.turn();
        Task<Void> b = taking("b");
        Task<Void> c = taking("c");
        virtual.turn();
        blocker.setResult(null);
        b.cancel();
        virtual.turn();
        assertThat(lock.isLocked()).isFalse();
        assertThat(a.isDone()).isTrue();
        assertThat(b.isCancelled()).isTrue();
        loop.runUntilComplete(c);
        assertThat(log).containsExactly("c");
    }

    @Test
    @Tag("C1")
    void aWaiterThatIsCancelledAfterItWasWokenHandsTheLockToTheNextAndToNobodyElse() {
        take();
        Task<Void> first = taking(1);
        Task<Void> second = taking(2);
        Task<Void> third = taking(3);
        virtual.turn();
        lock.release();
        first.cancel();
        virtual.settle();
        assertThat(first.isCancelled()).isTrue();
        assertThat(second.isDone()).isTrue();
        assertThat(log).containsExactly(2);
        assertThat(third.isDone()).isFalse();
        third.cancel();
        virtual.turn();
        assertThat(lock).hasToString("Lock(locked)");
    }

    @Test
    @Tag("C1")
    void cancellingFirstAndReleasingThenTakesOneLockOnly() {
        take();
        Task<Void> first = taking(1);
        taking(2);
        Task<Void> third = taking(3);
        virtual.turn();
        first.cancel();
        lock.release();
        virtual.settle();
        assertThat(log).containsExactly(2);
        assertThat(third.isDone()).isFalse();
    }

    @Test
    @Tag("C3")
    void aTaskThatComesAfterTheOnlyWaiterWasCancelledGetsTheLock() {
        take();
        Task<Void> b = taking("b");
        virtual.turn();
        Task<Void> c = taking("c");
        b.cancel();
        lock.release();
        virtual.turn();
        assertThat(lock.isLocked()).isTrue();
        assertThat(b.isCancelled()).isTrue();
        assertThat(c.isDone()).isTrue();
    }

    @Test
    void cancellingTheOneThatWasWokenWakesNobodyWhenNobodyWaits() {
        take();
        Task<Void> only = taking(1);
        virtual.turn();
        lock.release();
        only.cancel();
        virtual.settle();
        assertThat(only.isCancelled()).isTrue();
        assertThat(lock).hasToString("Lock(free)");
    }

    @Test
    void cancellingTwiceHandsTheLockOnOnce() {
        take();
        Task<Void> first = taking(1);
        taking(2);
        taking(3);
        virtual.turn();
        lock.release();
        first.cancel();
        first.cancel();
        virtual.settle();
        assertThat(log).containsExactly(2);
        assertThat(lock).hasToString("Lock(locked, 1 waiting)");
    }

    @Test
    void aTaskThatCancelledItselfDoesNotStayInLine() {
        take();
        Task<Void> self = loop.createTask(coroutine(() -> {
            loop.currentTask().wakeup(); // for nothing
            loop.currentTask().cancel();
            await(lock.acquire());
            return Coroutine.done();
        }));
        virtual.settle();
        assertThat(self.isCancelled()).isTrue();
        taking("next");
        virtual.turn();
        lock.release();
        virtual.settle();
        assertThat(log).containsExactly("next");
    }

    @Test
    void aTaskThatIsWokenForNothingKeepsItsPlace() {
        take();
        Task<Void> first = taking(1);
        taking(2);
        virtual.turn();
        first.wakeup();
        virtual.turn();
        lock.release();
        virtual.turn();
        assertThat(log).containsExactly(1);
    }

    @Test
    void releasingAFreeLockFails() {
        assertThatThrownBy(lock::release)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("the lock is free, so it cannot be released: acquire it before");
    }

    @Test
    void whatIsHeldIsReleasedAtTheEndOfTheBlockHoweverThatEnds() {
        Task<Void> fails = loop.createTask(coroutine(() -> {
            Held held = await(lock.hold());
            try (held) {
                assertThat(lock.isLocked()).isTrue();
                throw new IllegalArgumentException("boom");
            }
        }));
        virtual.settle();
        assertThat(fails.exception()).hasMessage("boom");
        assertThat(lock.isLocked()).isFalse();
    }

    @Test
    void whatIsHeldMayBeClosedEarlyAndReleasesOnlyOnce() {
        loop.runUntilComplete(coroutine(() -> {
            Held held = await(lock.hold());
            try (held) {
                held.close();
                await(lock.acquire());
            }
            return Coroutine.done();
        }));
        assertThat(lock.isLocked()).isTrue();
    }

    @Test
    void aCancelledHolderReleasesAndACancelledWaiterForAHoldLosesNothing() {
        Task<Void> holder = loop.createTask(coroutine(() -> {
            Held held = await(lock.hold());
            try (held) {
                await(loop.createFuture());
            }
            return Coroutine.done();
        }));
        Task<Held> waiter = loop.createTask(lock.hold());
        taking("last");
        virtual.turn();
        holder.cancel();
        virtual.turn();
        waiter.cancel();
        virtual.settle();
        assertThat(log).containsExactly("last");
    }

    @Test
    void aLockTellsWhatItIsDoing() {
        assertThat(lock).hasToString("Lock(free)");
        take();
        assertThat(lock).hasToString("Lock(locked)");
        taking(1);
        taking(2);
        virtual.turn();
        assertThat(lock).hasToString("Lock(locked, 2 waiting)");
        assertThat(lock.acquire()).hasToString("Lock(locked, 2 waiting).acquire()");
        assertThat(lock.hold()).hasToString("Lock(locked, 2 waiting).acquire()");
    }
}

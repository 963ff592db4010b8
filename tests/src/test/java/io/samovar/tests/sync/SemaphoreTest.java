package io.samovar.tests.sync;

import static io.samovar.Async.await;
import static io.samovar.tests.support.Coroutines.coroutine;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.samovar.Async;
import io.samovar.Coroutine;
import io.samovar.EventLoop;
import io.samovar.Task;
import io.samovar.sync.BoundedSemaphore;
import io.samovar.sync.Held;
import io.samovar.sync.Semaphore;
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

/** What semaphores promise, with the rows of asyncio's conformance cases as tags. */
@Timeout(30)
@EveryMode
class SemaphoreTest {
    @AutoClose
    private final VirtualLoop virtual;

    private final EventLoop loop;
    private final Semaphore semaphore = new Semaphore(0);
    private final List<Object> log = new ArrayList<>();

    SemaphoreTest(Mode mode) {
        virtual = new VirtualLoop(mode);
        loop = virtual.loop();
    }

    private Task<Void> taking(Object name) {
        return taking(semaphore, name);
    }

    /** A task that takes a permit, and keeps it. */
    private Task<Void> taking(Semaphore from, Object name) {
        return loop.createTask(coroutine(() -> {
            await(from.acquire());
            log.add(name);
            return Coroutine.done();
        }));
    }

    @Test
    void soManyGetInAsThereArePermits() {
        Semaphore three = new Semaphore(3);
        for (int i = 1; i <= 5; i++) {
            taking(three, i);
        }
        virtual.turn();
        assertThat(log).containsExactly(1, 2, 3);
        assertThat(three.isLocked()).isTrue();
        assertThat(three).hasToString("Semaphore(0 free, 2 waiting)");
        three.release();
        three.release();
        assertThat(three).as("granted already").hasToString("Semaphore(0 free, 2 waiting)");
        virtual.turn();
        assertThat(log).containsExactly(1, 2, 3, 4, 5);
        assertThat(three).hasToString("Semaphore(0 free)");
        three.release();
        assertThat(three.isLocked()).isFalse();
        assertThat(three).hasToString("Semaphore(1 free)");
    }

    @Test
    void acquireDoesNothingBeforeItIsAwaited() {
        Semaphore one = new Semaphore(1);
        Coroutine<Void> acquire = one.acquire();
        virtual.settle();
        assertThat(one.isLocked()).isFalse();
        assertThat(one.acquire()).as("nothing is allocated").isSameAs(acquire);
    }

    @Test
    void aSemaphoreIsLockedUntilThoseWhoHaveAPermitHaveRun() {
        taking(1);
        virtual.turn();
        semaphore.release();
        semaphore.release();
        assertThat(semaphore).hasToString("Semaphore(1 free, 1 waiting)");
        assertThat(semaphore.isLocked()).isTrue();
        taking(2); // runs before 1 does, and must not get ahead of it
        virtual.settle();
        assertThat(log).containsExactly(1, 2);
    }

    @Test
    @Tag("C7")
    void cancelledWaitersTakeNoPermit() {
        Task<Void> t1 = taking(1);
        Task<Void> t2 = taking(2);
        taking(3);
        Task<Void> t4 = taking(4);
        virtual.turn();
        t1.cancel();
        t2.cancel();
        semaphore.release();
        virtual.settle();
        assertThat(log).containsExactly(3);
        assertThat(t4.isDone()).isFalse();
    }

    @Test
    @Tag("C7")
    void aTaskThatIsCancelledAfterItWasGivenAPermitGivesItToTheNext() {
        Task<Void> t1 = taking(1);
        taking(2);
        Task<Void> t3 = taking(3);
        virtual.turn();
        semaphore.release();
        t1.cancel();
        virtual.settle();
        assertThat(t1.isCancelled()).isTrue();
        assertThat(log).containsExactly(2);
        t3.cancel();
        virtual.settle();
        assertThat(semaphore).hasToString("Semaphore(0 free)");
    }

    @Test
    void aPermitOfACancelledTaskIsKeptWhenNobodyWaits() {
        Task<Void> only = taking(1);
        virtual.turn();
        semaphore.release();
        only.cancel();
        only.cancel();
        virtual.settle();
        assertThat(semaphore).hasToString("Semaphore(1 free)");
        loop.runUntilComplete(semaphore.acquire());
    }

    @Test
    void aCancelledTaskLetsThroughAllForWhomThereArePermits() {
        Task<Void> first = taking(1);
        virtual.turn();
        taking(2); // lazy ones come to wait before the first runs, behind whom they wait although there is a permit
        taking(3);
        semaphore.release();
        semaphore.release();
        first.cancel();
        virtual.settle();
        assertThat(first.isCancelled()).isTrue();
        assertThat(log).containsExactly(2, 3);
        assertThat(semaphore).hasToString("Semaphore(0 free)");
    }

    @Test
    void cancellingAWaiterWhileAnotherHasThePermitHangsNobody() {
        Semaphore one = new Semaphore(1);
        List<Task<Void>> tasks = new ArrayList<>();
        tasks.add(loop.createTask(coroutine(() -> {
            Held held = await(one.hold());
            try (held) {
                await(Async.sleep(Duration.ZERO));
            }
            tasks.get(1).cancel();
            return Coroutine.done();
        })));
        tasks.add(taking(one, "never"));
        virtual.settle();
        assertThat(tasks.get(0).isDone()).isTrue();
        assertThat(tasks.get(1).isCancelled()).isTrue();
        assertThat(log).isEmpty();
        loop.runUntilComplete(one.acquire());
    }

    @Test
    void tasksTakeTurns() {
        Semaphore one = new Semaphore(1);
        List<Task<Void>> tasks = new ArrayList<>();
        for (String name : List.of("a", "b", "c")) {
            tasks.add(loop.createTask(coroutine(() -> {
                for (int turn = 1; turn <= 2; turn++) {
                    await(one.acquire());
                    log.add(name + turn);
                    await(Async.sleep(Duration.ofMillis(10)));
                    one.release();
                }
                return Coroutine.done();
            })));
        }
        for (Task<Void> task : tasks) {
            loop.runUntilComplete(task);
        }
        assertThat(log).containsExactly("a1", "b1", "c1", "a2", "b2", "c2");
    }

    @Test
    @Tag("C8")
    void whoReleasesAndAcquiresAgainGoesBehindThoseWhoWait() {
        Semaphore one = new Semaphore(1);
        taking(one, 1);
        loop.createTask(coroutine(() -> {
            await(one.acquire());
            log.add(2);
            one.release();
            await(one.acquire());
            log.add(4);
            return Coroutine.done();
        }));
        taking(one, 3);
        virtual.turn();
        one.release();
        one.release();
        virtual.settle();
        assertThat(log).containsExactly(1, 2, 3, 4);
    }

    @Test
    @Tag("C8")
    void theOrderStaysWhenTheFirstIsCancelled() {
        Task<Void> first = taking(1);
        taking(2);
        taking(3);
        virtual.turn();
        first.cancel();
        virtual.turn();
        semaphore.release();
        semaphore.release();
        virtual.settle();
        assertThat(log).containsExactly(2, 3);
    }

    @Test
    void aPermitIsHeldUntilTheEndOfTheBlock() {
        Semaphore one = new Semaphore(1);
        loop.runUntilComplete(coroutine(() -> {
            Held held = await(one.hold());
            try (held) {
                log.add(one.isLocked());
            }
            held.close();
            return Coroutine.done();
        }));
        assertThat(log).containsExactly(true);
        assertThat(one).hasToString("Semaphore(1 free)");
    }

    @Test
    void aSemaphoreHasNoLimitUnlessItIsBounded() {
        semaphore.release();
        semaphore.release();
        assertThat(semaphore).hasToString("Semaphore(2 free)");
        BoundedSemaphore bounded = new BoundedSemaphore(1);
        assertThatThrownBy(bounded::release)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("released more often than acquired: BoundedSemaphore(1 free)");
        loop.runUntilComplete(coroutine(() -> {
            Held held = await(bounded.hold());
            try (held) {
                log.add(bounded.isLocked());
            }
            return Coroutine.done();
        }));
        assertThat(log).containsExactly(true);
        assertThat(bounded.isLocked()).isFalse();
        assertThatThrownBy(bounded::release).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void aSemaphoreCannotHaveLessThanNoPermits() {
        assertThatThrownBy(() -> new Semaphore(-1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("a semaphore cannot have -1 permits");
        assertThatThrownBy(() -> new BoundedSemaphore(-1)).isInstanceOf(IllegalArgumentException.class);
        assertThat(new Semaphore(0).isLocked()).isTrue();
        assertThat(semaphore.acquire()).hasToString("Semaphore(0 free).acquire()");
    }
}

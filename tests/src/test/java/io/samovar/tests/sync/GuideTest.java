package io.samovar.tests.sync;

import static io.samovar.Async.await;
import static io.samovar.tests.support.Coroutines.coroutine;
import static org.assertj.core.api.Assertions.assertThat;

import io.samovar.Async;
import io.samovar.Coroutine;
import io.samovar.EventLoop;
import io.samovar.Task;
import io.samovar.sync.Barrier;
import io.samovar.sync.Condition;
import io.samovar.sync.Event;
import io.samovar.sync.Held;
import io.samovar.sync.Lock;
import io.samovar.sync.Queue;
import io.samovar.sync.QueueShutDownException;
import io.samovar.sync.Semaphore;
import io.samovar.tests.support.EveryMode;
import io.samovar.tests.support.Mode;
import io.samovar.tests.support.VirtualLoop;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The samples of the user's guide. */
@Timeout(30)
@EveryMode
class GuideTest {
    @AutoClose
    private final VirtualLoop virtual;

    private final EventLoop loop;
    private final List<String> log = new ArrayList<>();

    GuideTest(Mode mode) {
        virtual = new VirtualLoop(mode);
        loop = virtual.loop();
    }

    private static final class Account {
        private int stored;

        Coroutine<Integer> read() {
            await(Async.sleep(Duration.ofMillis(1)));
            return Coroutine.of(stored);
        }

        Coroutine<Void> write(int balance) {
            await(Async.sleep(Duration.ofMillis(1)));
            stored = balance;
            return Coroutine.done();
        }
    }

    private static Coroutine<Void> deposit(Lock lock, Account account, int amount) {
        await(lock.acquire());
        try {
            int balance = await(account.read());
            await(account.write(balance + amount));
        } finally {
            lock.release();
        }
        return Coroutine.done();
    }

    private static Coroutine<Void> depositHeld(Lock lock, Account account, int amount) {
        Held held = await(lock.hold());
        try (held) {
            int balance = await(account.read());
            await(account.write(balance + amount));
        }
        return Coroutine.done();
    }

    @Test
    void aLockKeepsOthersOutOfWhatHasAwaitsInIt() {
        Lock lock = new Lock();
        Account account = new Account();
        List<Task<Void>> deposits = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            deposits.add(loop.createTask(deposit(lock, account, 10)));
            deposits.add(loop.createTask(depositHeld(lock, account, 1)));
        }
        for (Task<Void> deposit : deposits) {
            loop.runUntilComplete(deposit);
        }
        assertThat(account.stored).isEqualTo(55);
    }

    private Coroutine<Void> guest(Event boiling, String name) {
        await(boiling.whenSet());
        log.add(name + " has tea");
        return Coroutine.done();
    }

    @Test
    void anEventTellsAll() {
        Event boiling = new Event();
        loop.createTask(guest(boiling, "Anna"));
        loop.createTask(guest(boiling, "Boris"));
        loop.callLater(Duration.ofMinutes(3), boiling::set);
        loop.runUntilComplete(boiling.whenSet());
        virtual.settle();
        assertThat(log).containsExactly("Anna has tea", "Boris has tea");
    }

    @Test
    void aConditionWaitsUntilSomethingHolds() {
        Condition condition = new Condition();
        ArrayDeque<String> orders = new ArrayDeque<>();
        Task<Void> brewer = loop.createTask(coroutine(() -> {
            await(condition.acquire());
            try {
                await(condition.waitFor(() -> orders.size() >= 2));
                log.add("brew for " + orders);
            } finally {
                condition.release();
            }
            return Coroutine.done();
        }));
        for (String name : List.of("Anna", "Boris")) {
            loop.createTask(coroutine(() -> {
                await(condition.acquire());
                try {
                    orders.add(name);
                    condition.signal();
                } finally {
                    condition.release();
                }
                return Coroutine.done();
            }));
        }
        loop.runUntilComplete(brewer);
        assertThat(log).containsExactly("brew for [Anna, Boris]");
    }

    @Test
    void aSemaphoreBoundsWhatGoesOnAtOnce() {
        Semaphore slots = new Semaphore(2);
        int[] running = {0};
        List<Task<Void>> fetches = new ArrayList<>();
        for (int page = 0; page < 6; page++) {
            fetches.add(loop.createTask(coroutine(() -> {
                await(slots.acquire());
                try {
                    assertThat(++running[0]).isLessThanOrEqualTo(2);
                    await(Async.sleep(Duration.ofSeconds(1)));
                    running[0]--;
                } finally {
                    slots.release();
                }
                return Coroutine.done();
            })));
        }
        for (Task<Void> fetch : fetches) {
            loop.runUntilComplete(fetch);
        }
        assertThat(virtual.clock().elapsed()).isEqualTo(Duration.ofSeconds(3));
    }

    private Coroutine<Void> player(Barrier barrier, String name) {
        log.add(name + " is ready");
        int number = await(barrier.whenFull());
        if (number == 0) {
            log.add("all are ready"); // one of them says so
        }
        return Coroutine.done();
    }

    @Test
    void aBarrierWaitsForAll() {
        Barrier barrier = new Barrier(2);
        loop.createTask(player(barrier, "Anna"));
        loop.createTask(player(barrier, "Boris"));
        virtual.settle();
        assertThat(log).containsExactly("Anna is ready", "Boris is ready", "all are ready");
    }

    private Coroutine<Void> worker(Queue<String> orders) {
        try {
            while (true) {
                String order = await(orders.get());
                await(Async.sleep(Duration.ofMinutes(3)));
                log.add(order + " is ready");
                orders.taskDone();
            }
        } catch (QueueShutDownException end) {
            log.add("goes home");
        }
        return Coroutine.done();
    }

    @Test
    void workersTakeOrdersFromAQueue() {
        Queue<String> orders = new Queue<>(10);
        loop.createTask(worker(orders));
        loop.createTask(worker(orders));
        loop.runUntilComplete(coroutine(() -> {
            for (String order : List.of("green tea", "black tea", "mint tea")) {
                await(orders.put(order));
            }
            await(orders.join()); // all three are ready
            orders.shutdown(); // the workers end
            return Coroutine.done();
        }));
        virtual.settle();
        assertThat(log)
                .containsExactly(
                        "green tea is ready", "black tea is ready", "mint tea is ready", "goes home", "goes home");
        assertThat(virtual.clock().elapsed()).isEqualTo(Duration.ofMinutes(6));
    }
}

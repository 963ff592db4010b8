package io.samovar.sync;

import static io.samovar.Async.await;

import io.samovar.CancelledError;
import io.samovar.Coroutine;
import io.samovar.EventLoop;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A lock, and a way for the task that has it to wait until another one has changed something.
 *
 * <pre>{@code
 * await(condition.acquire());
 * try {
 *     await(condition.waitFor(() -> !orders.isEmpty()));
 *     brew(orders.remove());
 * } finally {
 *     condition.release();
 * }
 *
 * await(condition.acquire());                  // in another task
 * try {
 *     orders.add(order);
 *     condition.signal();
 * } finally {
 *     condition.release();
 * }
 * }</pre>
 *
 * <p>A signal is never lost: if the task that was woken is cancelled, the next one is woken in its place. A task may also be woken
 * for nothing; so wait for a predicate. asyncio: {@code Condition}; {@code notify} is called {@code signal} here, as in {@code
 * java.util.concurrent}, for {@code notify()} and {@code notifyAll()} are methods of every object.
 */
public final class Condition extends LoopBound {
    private final Lock lock;
    private final Signal signal = new Signal(this);

    /** A condition with a lock of its own. */
    public Condition() {
        this(new Lock());
    }

    /** A condition that shares a lock with others. */
    public Condition(Lock lock) {
        this.lock = lock;
    }

    /** {@link Lock#acquire()} of the lock. */
    public Coroutine<@Nullable Void> acquire() {
        return lock.acquire();
    }

    /** {@link Lock#hold()} of the lock. */
    public Coroutine<Held> hold() {
        return lock.hold();
    }

    /** {@link Lock#release()} of the lock. */
    public void release() {
        lock.release();
    }

    /** Whether a task has the lock. */
    public boolean isLocked() {
        return lock.isLocked();
    }

    /**
     * Releases the lock, waits for a {@link #signal()}, and acquires the lock again. asyncio: {@code wait}.
     *
     * <p>However this ends, the lock is held: a task that is cancelled meanwhile gets its {@link CancelledError} when it has the
     * lock again, and the last one if it is cancelled more than once. Fails with an {@link IllegalStateException} if the lock is
     * free, or if the condition belongs to another loop.
     */
    public Coroutine<@Nullable Void> whenSignalled() {
        checkLocked("waiting for it");
        bind(EventLoop.current()); // so that nothing but a cancellation can be thrown while the lock is released
        lock.release();
        CancelledError cancellation = null;
        boolean signalled = false;
        try {
            await(signal);
            signalled = true;
        } catch (CancelledError cancelled) {
            cancellation = cancelled;
        }
        for (boolean acquired = false; !acquired; ) {
            try {
                await(lock.acquire());
                acquired = true;
            } catch (CancelledError cancelled) {
                cancellation = cancelled;
            }
        }
        if (cancellation != null) {
            if (signalled) {
                signal.passOn();
            }
            throw cancellation;
        }
        return Coroutine.done();
    }

    /**
     * Waits for signals until {@code predicate} holds, if it does not. Fails as {@link #whenSignalled()} does, and with what the
     * predicate throws. asyncio: {@code wait_for}.
     *
     * @param predicate called with the lock held
     */
    public Coroutine<@Nullable Void> waitFor(BooleanSupplier predicate) {
        while (!predicate.getAsBoolean()) {
            await(whenSignalled());
        }
        return Coroutine.done();
    }

    /**
     * Wakes the task that has waited the longest, if one waits. It goes on when the lock is released. asyncio: {@code notify}.
     *
     * @throws IllegalStateException if the lock is free
     */
    public void signal() {
        signal(1);
    }

    /**
     * Wakes so many tasks, or all if fewer wait. asyncio: {@code notify}.
     *
     * @throws IllegalStateException if the lock is free
     */
    public void signal(int tasks) {
        checkThread();
        checkLocked("signalling");
        for (int left = tasks; left > 0 && signal.waiters.wakeNext(); left--) {
            // the next
        }
    }

    /**
     * Wakes all tasks that wait. asyncio: {@code notify_all}.
     *
     * @throws IllegalStateException if the lock is free
     */
    public void signalAll() {
        signal(Integer.MAX_VALUE);
    }

    private void checkLocked(String before) {
        if (!lock.isLocked()) {
            throw new IllegalStateException("the lock of the condition is free: acquire it before " + before);
        }
    }

    @Override
    public String toString() {
        return (lock.isLocked() ? "Condition(locked" : "Condition(free") + signal.waiters.describe() + ')';
    }
}

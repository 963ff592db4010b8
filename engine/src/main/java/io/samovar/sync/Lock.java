package io.samovar.sync;

import io.samovar.Coroutine;
import io.samovar.Task;
import org.jspecify.annotations.Nullable;

/**
 * Lets one task at a time into what has awaits in it. Between two awaits no lock is needed: nobody else runs.
 *
 * <pre>{@code
 * Held held = await(lock.hold());
 * try (held) {
 *     int balance = await(account.read());
 *     await(account.write(balance + 1));
 * }
 * }</pre>
 *
 * <p>or {@code await(lock.acquire()); try {...} finally { lock.release(); }}, which allocates nothing when the lock is free.
 *
 * <p>It is fair: tasks get it in the order in which they came, and none gets ahead of one that waits. It is not owned: any
 * coroutine or callback of the loop may release it. It is not reentrant: a task that acquires it twice waits for itself. asyncio:
 * {@code Lock}.
 */
public final class Lock extends LoopBound {
    private final Acquire acquire = new Acquire(new Waiters(this));
    private @Nullable Holding holding;
    private boolean locked;

    /** A lock that is free. */
    public Lock() {}

    /**
     * Waits until the lock is free, and takes it. Fails with an {@link IllegalStateException} if the lock belongs to another loop.
     */
    public Coroutine<@Nullable Void> acquire() {
        return acquire;
    }

    /** {@link #acquire()}, and gives what releases the lock, for try-with-resources. */
    public Coroutine<Held> hold() {
        if (holding == null) {
            holding = new Holding(acquire, this::release);
        }
        return holding;
    }

    /**
     * Frees the lock, and wakes the task that has waited the longest.
     *
     * @throws IllegalStateException if the lock is free
     */
    public void release() {
        checkThread();
        if (!locked) {
            throw new IllegalStateException("the lock is free, so it cannot be released: acquire it before");
        }
        locked = false;
        acquire.waiters.wakeNext();
    }

    /** Whether a task has the lock. */
    public boolean isLocked() {
        return locked;
    }

    @Override
    public String toString() {
        return (locked ? "Lock(locked" : "Lock(free") + acquire.waiters.describe() + ')';
    }

    private final class Acquire extends Wait<@Nullable Void> {
        Acquire(Waiters waiters) {
            super(waiters);
        }

        @Override
        public @Nullable Object poll(Task<?> task) {
            check(task);
            if (locked || !(waiters.isEmpty() || waiters.isFirst(task))) {
                return PENDING;
            }
            waiters.remove(task);
            locked = true;
            return null;
        }

        @Override
        void passOn() {
            waiters.wakeNext(); // it was woken because the lock is free, and as long as somebody waits nobody else
            // takes it
        }

        @Override
        public String toString() {
            return Lock.this + ".acquire()";
        }
    }
}

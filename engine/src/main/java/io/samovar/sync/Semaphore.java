package io.samovar.sync;

import io.samovar.Coroutine;
import io.samovar.Task;
import org.jspecify.annotations.Nullable;

/**
 * Lets so many tasks at a time into something.
 *
 * <pre>{@code
 * Semaphore slots = new Semaphore(10);
 * ...
 * await(slots.acquire());
 * try {
 *     await(fetch(page));
 * } finally {
 *     slots.release();
 * }
 * }</pre>
 *
 * <p>It is strictly fair: permits are given in the order in which tasks came, and none gets ahead of one that waits, or that has
 * been given a permit and has not run since. asyncio: {@code Semaphore}.
 */
public sealed class Semaphore extends LoopBound permits BoundedSemaphore {
    private final Acquire acquire = new Acquire(new Waiters(this));
    private @Nullable Holding holding;
    /** The permits that nobody has. A waiter that was woken has one. */
    private int free;

    /**
     * A semaphore with so many permits.
     *
     * @throws IllegalArgumentException if {@code permits} is negative
     */
    public Semaphore(int permits) {
        if (permits < 0) {
            throw new IllegalArgumentException("a semaphore cannot have " + permits + " permits");
        }
        free = permits;
    }

    /**
     * Waits for a permit, and takes it. Fails with an {@link IllegalStateException} if the semaphore belongs to another loop.
     */
    public final Coroutine<@Nullable Void> acquire() {
        return acquire;
    }

    /** {@link #acquire()}, and gives what releases the permit, for try-with-resources. */
    public final Coroutine<Held> hold() {
        if (holding == null) {
            holding = new Holding(acquire, this::release);
        }
        return holding;
    }

    /** Gives a permit to the task that has waited the longest, or keeps it for the next that comes. */
    public void release() {
        checkThread();
        free++;
        if (acquire.waiters.wakeNext()) {
            free--;
        }
    }

    /** Whether a task that came now would have to wait. */
    public final boolean isLocked() {
        return free == 0 || !acquire.waiters.isEmpty();
    }

    final int free() {
        return free;
    }

    private void grant() {
        while (free > 0 && acquire.waiters.wakeNext()) {
            free--;
        }
    }

    @Override
    public String toString() {
        return getClass().getSimpleName() + '(' + free + " free" + acquire.waiters.describe() + ')';
    }

    private final class Acquire extends Wait<@Nullable Void> {
        Acquire(Waiters waiters) {
            super(waiters);
        }

        @Override
        public @Nullable Object poll(Task<?> task) {
            check(task);
            if (!isLocked()) {
                free--;
                return null;
            }
            if (waiters.removeWoken(task)) {
                grant(); // to those who found permits, and had to wait behind this one
                return null;
            }
            return PENDING;
        }

        @Override
        void passOn() {
            free++;
            grant();
        }

        @Override
        public String toString() {
            return Semaphore.this + ".acquire()";
        }
    }
}

package io.samovar.sync;

import io.samovar.Coroutine;
import io.samovar.Task;
import org.jspecify.annotations.Nullable;

/**
 * A wait in line. Who waits stands in the {@link Waiters}, so one such object may serve all tasks. What is waited for is taken in
 * {@link #poll}, when the task really runs, so a cancelled one has taken nothing.
 */
abstract class Wait<T extends @Nullable Object> extends Coroutine<T> {
    final Waiters waiters;

    Wait(Waiters waiters) {
        this.waiters = waiters;
    }

    @Override
    public final void park(Task<?> task) {
        waiters.add(task);
    }

    @Override
    public final boolean interrupt(Task<?> task, @Nullable String message) {
        if (waiters.remove(task)) {
            passOn();
        }
        return false;
    }

    /** A task was cancelled after it was woken, and before it ran: what it was woken for is somebody else's. */
    abstract void passOn();
}

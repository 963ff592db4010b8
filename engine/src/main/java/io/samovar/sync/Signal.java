package io.samovar.sync;

import io.samovar.Task;
import org.jspecify.annotations.Nullable;

/**
 * A wait until somebody wakes the task, for coroutines that then look for themselves what has happened: so it does no harm to wake
 * one too many.
 */
final class Signal extends Wait<@Nullable Void> {
    private final LoopBound owner;

    Signal(LoopBound owner) {
        super(new Waiters(owner));
        this.owner = owner;
    }

    @Override
    public @Nullable Object poll(Task<?> task) {
        return waiters.removeWoken(task) ? null : PENDING;
    }

    @Override
    void passOn() {
        waiters.wakeNext();
    }

    @Override
    public String toString() {
        return owner.toString();
    }
}

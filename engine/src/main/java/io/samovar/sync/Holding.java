package io.samovar.sync;

import io.samovar.Coroutine;
import io.samovar.Task;
import org.jspecify.annotations.Nullable;

/** Acquires, and gives what releases. */
final class Holding extends Coroutine<Held> {
    private final Coroutine<?> acquire;
    private final Runnable release;

    Holding(Coroutine<?> acquire, Runnable release) {
        this.acquire = acquire;
        this.release = release;
    }

    @Override
    public Object poll(Task<?> task) throws Throwable {
        return acquire.poll(task) == PENDING ? PENDING : new Held(release);
    }

    @Override
    public void park(Task<?> task) {
        acquire.park(task);
    }

    @Override
    public boolean interrupt(Task<?> task, @Nullable String message) {
        return acquire.interrupt(task, message);
    }

    @Override
    public String toString() {
        return acquire.toString();
    }
}

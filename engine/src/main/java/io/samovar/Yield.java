package io.samovar;

import org.jspecify.annotations.Nullable;

/** Lets everything else that is ready run once. Its state is in the task, so one serves all. asyncio: {@code sleep(0)}. */
final class Yield implements Awaitable<@Nullable Void> {
    static final Yield INSTANCE = new Yield();

    private Yield() {}

    @Override
    public @Nullable Object poll(Task<?> task) {
        if (task.yielded) {
            task.yielded = false;
            return null;
        }
        return PENDING;
    }

    @Override
    public void park(Task<?> task) {
        task.yielded = true;
        task.wakeup();
    }

    @Override
    public boolean interrupt(Task<?> task, @Nullable String message) {
        task.yielded = false;
        return false;
    }
}

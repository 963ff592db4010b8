package io.samovar.testing;

import io.samovar.Awaitable;
import io.samovar.Task;
import org.jspecify.annotations.Nullable;

/** One wait until nothing else can run. */
final class UntilBlocked implements Awaitable<@Nullable Void> {
    private final VirtualTransport transport;
    private boolean over;
    private @Nullable Task<?> waiting;

    UntilBlocked(VirtualTransport transport) {
        this.transport = transport;
    }

    @Override
    public @Nullable Object poll(Task<?> task) {
        return over ? null : PENDING;
    }

    @Override
    public void park(Task<?> task) {
        waiting = task;
        transport.tellWhenBlocked(this);
    }

    @Override
    public boolean interrupt(Task<?> task, @Nullable String message) {
        waiting = null;
        transport.forget(this);
        return false;
    }

    /** Nothing else can run. */
    void end() {
        over = true;
        if (waiting != null) {
            waiting.wakeup();
        }
    }
}

package io.samovar.net;

import io.samovar.Awaitable;
import io.samovar.Task;
import org.jspecify.annotations.Nullable;

/** Spends a unit of the task's budget, and waits only if it is used up: until the others had their turn. */
final class Turn implements Awaitable<@Nullable Void> {
    /** Has no state, so one serves all. */
    static final Turn OF_TASK = new Turn();

    private Turn() {}

    @Override
    public @Nullable Object poll(Task<?> task) {
        return task.spendBudget() ? null : PENDING;
    }

    @Override
    public void park(Task<?> task) {
        task.wakeup();
    }

    @Override
    public boolean interrupt(Task<?> task, @Nullable String message) {
        return false;
    }
}

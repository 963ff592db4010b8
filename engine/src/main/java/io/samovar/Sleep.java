package io.samovar;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** One wait for time to pass. */
final class Sleep implements Awaitable<@Nullable Void> {
    private final Duration duration;
    private @Nullable TimerHandle timer;
    private boolean over;
    /** The task has been told that the time is over. */
    private boolean taken;
    /** The one task that this sleep is for: a second one would share its timer. */
    private @Nullable Task<?> sleeper;

    Sleep(Duration duration) {
        this.duration = duration;
    }

    @Override
    public @Nullable Object poll(Task<?> task) {
        if (sleeper == null) {
            sleeper = task;
        } else if (sleeper != task || taken) {
            throw new IllegalStateException("this sleep was awaited before: call Async.sleep again for a new one");
        }
        taken = over;
        return over ? null : PENDING;
    }

    @Override
    public void park(Task<?> task) {
        if (timer == null) {
            timer = task.loop.timer(duration, () -> {
                over = true;
                task.wakeup();
            });
        }
    }

    @Override
    public boolean interrupt(Task<?> task, @Nullable String message) {
        if (timer != null) {
            timer.cancel();
        }
        return false;
    }
}

package io.samovar;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** One wait for time to pass. */
final class Sleep implements Awaitable<@Nullable Void> {
    private final Duration duration;
    private @Nullable TimerHandle timer;
    private boolean over;

    Sleep(Duration duration) {
        this.duration = duration;
    }

    @Override
    public @Nullable Object poll(Task<?> task) {
        return over ? null : PENDING;
    }

    @Override
    public void park(Task<?> task) {
        if (duration.isZero() || duration.isNegative()) {
            over = true;
            task.wakeup();
        } else {
            timer = task.loop.callLater(duration, () -> {
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

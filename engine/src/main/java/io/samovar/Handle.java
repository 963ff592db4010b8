package io.samovar;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A callback that a loop will run, and the means to cancel it. asyncio: {@code Handle}.
 *
 * <p>Belongs to the loop thread.
 */
public class Handle {
    final EventLoop loop;
    /** {@code null} once it ran or was cancelled, so that nothing it captured is kept. */
    private @Nullable Runnable callback;

    private boolean cancelled;

    Handle(EventLoop loop, Runnable callback) {
        this.loop = loop;
        this.callback = Objects.requireNonNull(callback, "callback");
    }

    /**
     * Prevents the callback from running, if it has not run. Cancelling twice does nothing.
     *
     * @throws NotLoopThreadException if called from another thread than the loop's
     */
    public void cancel() {
        loop.checkThread();
        if (callback != null) {
            callback = null;
            cancelled = true;
        }
    }

    /** Whether {@link #cancel()} came before the callback ran. */
    public final boolean isCancelled() {
        return cancelled;
    }

    /** Runs the callback, unless it was cancelled. Only the loop calls this. */
    final void run() {
        Runnable toRun = callback;
        if (toRun == null) {
            return;
        }
        callback = null;
        try {
            toRun.run();
        } catch (Throwable failure) {
            loop.callbackFailed(toRun, failure, this);
        }
    }

    @Override
    public String toString() {
        Runnable toRun = callback;
        return getClass().getSimpleName() + (cancelled ? "(cancelled)" : toRun == null ? "(ran)" : "(" + toRun + ')');
    }
}

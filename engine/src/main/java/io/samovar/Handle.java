package io.samovar;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A callback that a loop will run, and the means to cancel it. asyncio: {@code Handle}.
 *
 * <p>Belongs to the loop thread, but for a handle that {@link EventLoop#callSoonThreadsafe} gave: any thread may cancel or
 * ask that one, and waits while its callback runs. So when {@code cancel()} has returned, the callback either never runs or
 * has ended. (Holding a lock that the callback wants, it would wait for ever.)
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
     * @throws NotLoopThreadException if called from another thread than the loop's, unless it is a handle for any thread
     */
    public void cancel() {
        loop.checkThread();
        if (callback != null) {
            callback = null;
            cancelled = true;
        }
    }

    /** Whether {@link #cancel()} came before the callback ran. */
    public boolean isCancelled() {
        return cancelled;
    }

    /**
     * What the callback will run in, or runs in: what is set in it is found by the callback. {@code null} once the callback ran or
     * was cancelled. asyncio: {@code get_context}.
     */
    public final @Nullable Context context() {
        loop.checkThread();
        Runnable toRun = callback;
        if (toRun == null) {
            return null;
        }
        if (toRun instanceof ContextCallback bound) {
            return bound.context();
        }
        Context context = new Context();
        callback = new ContextCallback(context, toRun);
        return context;
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
        if (loop.context != null) {
            loop.context = null; // what a callback sets ends with it
        }
    }

    @Override
    public String toString() {
        Runnable toRun = callback;
        return getClass().getSimpleName() + (cancelled ? "(cancelled)" : toRun == null ? "(ran)" : "(" + toRun + ')');
    }
}

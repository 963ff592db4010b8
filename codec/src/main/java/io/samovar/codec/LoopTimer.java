package io.samovar.codec;

import io.netty.util.concurrent.DefaultPromise;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.ScheduledFuture;
import io.samovar.EventLoop;
import io.samovar.TimerHandle;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.Delayed;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A handler's timer, on the loop's own clock. */
final class LoopTimer<V> extends DefaultPromise<V> implements ScheduledFuture<V> {
    private final EventLoop loop;
    private final Callable<V> callable;
    private final Duration delay;
    private final long dueAt;

    /** Set on the loop thread; {@code null} while it is on its way there. */
    private @Nullable TimerHandle timer;

    LoopTimer(EventExecutor executor, EventLoop loop, Callable<V> callable, Duration delay) {
        super(executor);
        this.loop = loop;
        this.callable = callable;
        this.delay = delay;
        dueAt = loop.time() + delay.toNanos();
    }

    /** Any thread may call this. */
    LoopTimer<V> start() {
        if (loop.isLoopThread()) {
            schedule();
        } else {
            loop.execute(this::schedule);
        }
        return this;
    }

    private void schedule() {
        if (!isCancelled()) {
            timer = loop.callLater(delay, this::due);
        }
    }

    private void due() {
        if (!setUncancellable()) {
            return;
        }
        try {
            trySuccess(callable.call());
        } catch (Throwable failure) {
            tryFailure(failure);
        }
    }

    @Override
    public boolean cancel(boolean mayInterruptIfRunning) {
        boolean cancelled = super.cancel(mayInterruptIfRunning);
        if (cancelled && loop.isLoopThread() && timer != null) {
            timer.cancel(); // from elsewhere it fires, and finds that it was cancelled
        }
        return cancelled;
    }

    @Override
    public long getDelay(TimeUnit unit) {
        return unit.convert(dueAt - loop.time(), TimeUnit.NANOSECONDS);
    }

    @Override
    public int compareTo(Delayed other) {
        return Long.compare(getDelay(TimeUnit.NANOSECONDS), other.getDelay(TimeUnit.NANOSECONDS));
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return this == other;
    }

    @Override
    public int hashCode() {
        return System.identityHashCode(this);
    }
}

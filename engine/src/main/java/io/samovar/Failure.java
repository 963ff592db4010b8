package io.samovar;

import java.lang.ref.Cleaner;
import org.jspecify.annotations.Nullable;

/**
 * Why a future has no value: its failure, which knows whether anybody has looked at it, or its cancellation.
 *
 * <p>A failure that nobody looked at is reported once: when its future is collected, or when the loop is closed. asyncio:
 * "Future exception was never retrieved".
 */
final class Failure implements Runnable {
    final Throwable cause;
    private final boolean cancellation;
    private final EventLoop loop;
    /** The kind of future. */
    private final String of;
    /** If it is a task: where its name and its context are. */
    private final @Nullable TaskDetails task;

    private final Cleaner.@Nullable Cleanable watch;
    /** The stack trace as it was when the first coroutine awaited it; {@code null} before. */
    private StackTraceElement @Nullable [] trace;

    /**
     * @param cancellation whether the future was cancelled; one that failed with a {@link CancelledError} was not
     * @param unwatched the future to watch over, or {@code null} if a task is about to take the failure
     */
    Failure(Throwable cause, boolean cancellation, EventLoop loop, @Nullable Future<?> unwatched) {
        this.cause = cause;
        this.cancellation = cancellation;
        this.loop = loop;
        this.of = unwatched == null ? "" : unwatched.getClass().getSimpleName();
        this.task = unwatched instanceof Task<?> failed ? failed.details() : null;
        if (unwatched == null) {
            this.watch = null;
        } else {
            loop.unretrieved.add(this);
            this.watch = Collected.CLEANER.register(unwatched, this);
        }
    }

    /** Whether the future was cancelled; then nobody needs to look at it. */
    boolean isCancellation() {
        return cancellation;
    }

    /** {@link #retrieve}s the failure for a coroutine that awaits the future, whose frames its stack trace shows then. */
    Throwable raise() {
        // Several may await one future: each finds the trace as it was at first, not with what another one added.
        if (trace == null) {
            trace = AwaitTrace.of(cause);
        } else {
            AwaitTrace.reset(cause, trace);
        }
        AwaitTrace.appendStack(cause);
        return retrieve();
    }

    /** Gives the failure to somebody who will deal with it. */
    Throwable retrieve() {
        if (watch != null && loop.unretrieved.remove(this)) {
            watch.clean(); // nothing to watch over any more; run() sees that it was retrieved
        }
        return cause;
    }

    /** The future was collected (then this runs on the cleaner's thread), or its failure retrieved. */
    @Override
    public void run() {
        if (loop.isClosed() || !loop.unretrieved.contains(this)) {
            return; // close() has reported what was left; or somebody took it
        }
        try {
            loop.execute(this::report);
        } catch (LoopClosedException closedMeanwhile) {
            // close() has reported what was left
        }
    }

    /** Reports the failure, unless somebody took it. */
    void report() {
        if (loop.unretrieved.remove(this)) {
            LoopFailure failure = new LoopFailure(name() + " failed and nobody asked for its result", cause, null);
            loop.report(failure, task == null ? null : task.context);
        }
    }

    /** For those who watch a program: what may turn out to be overlooked, at the moment when it happens. */
    void note() {
        if (EventLoop.LOG.isLoggable(System.Logger.Level.DEBUG)) {
            EventLoop.LOG.log(
                    System.Logger.Level.DEBUG, name() + " has failed, and nobody waits for it at the moment", cause);
        }
    }

    private String name() {
        return task == null ? of : of + " '" + task.name() + '\'';
    }
}

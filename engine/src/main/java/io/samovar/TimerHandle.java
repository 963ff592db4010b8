package io.samovar;

/**
 * A callback that a loop will run at a certain time. asyncio: {@code TimerHandle}.
 *
 * <p>Cancelling costs next to nothing at any number of timers, so set time limits freely.
 */
public final class TimerHandle extends Handle {
    private final long when;
    /** Whether the timer queue holds this handle, and so counts it when it is cancelled. */
    boolean queued;

    TimerHandle(EventLoop loop, long when, Runnable callback) {
        super(loop, callback);
        this.when = when;
    }

    /** The deadline, in the loop's own {@link EventLoop#time() time} in nanoseconds. */
    public long when() {
        return when;
    }

    @Override
    public void cancel() {
        boolean before = isCancelled();
        super.cancel();
        if (!before && isCancelled() && queued) {
            loop.timers.cancelled();
        }
    }
}

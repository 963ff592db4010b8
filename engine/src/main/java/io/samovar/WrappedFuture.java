package io.samovar;

import org.jspecify.annotations.Nullable;

/**
 * A {@link ForeignFuture} as a future of a loop. An outcome that comes on another thread is posted to the loop; cancelling it
 * cancels the other one. asyncio: what {@code wrap_future} makes.
 */
final class WrappedFuture<T extends @Nullable Object> extends Future<T> {
    private final ForeignFuture<T> source;

    WrappedFuture(EventLoop loop, ForeignFuture<T> source) {
        super(loop);
        this.source = source;
        if (source.isDone()) {
            take();
        } else {
            source.onDone(this::arrived);
        }
    }

    /** On the thread that has completed the other future, which may be the loop's own. */
    private void arrived() {
        if (loop.isClosed()) {
            return;
        }
        if (loop.isLoopThread()) {
            take();
            return;
        }
        try {
            loop.execute(this::take);
        } catch (LoopClosedException closedMeanwhile) {
            // nobody waits there any more
        }
    }

    /** Does nothing if this was cancelled before: then nobody wants the outcome. */
    private void take() {
        try {
            finishWith(source.result());
        } catch (CancelledError cancelled) {
            cancelWith(cancelled);
        } catch (Throwable failure) {
            failWith(failure);
        }
    }

    @Override
    public boolean cancel(@Nullable String message) {
        loop.checkThread();
        if (isDone()) {
            return false;
        }
        cancelWith(new CancelledError(message));
        source.cancel();
        return true;
    }
}

package io.samovar;

import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A future's outcome as a {@code CompletableFuture} for other threads, and their cancellation back. asyncio: {@code
 * _chain_future}.
 */
final class OutgoingFuture {
    private OutgoingFuture() {}

    /** Gives {@code copy} the outcome, and ties the two until it is there; on the loop thread. */
    static <T extends @Nullable Object> void connect(Future<T> future, CompletableFuture<T> copy) {
        EventLoop loop = future.loop();
        if (future.isDone()) {
            complete(copy, future);
            return;
        }
        if (loop.isClosed()) {
            copy.completeExceptionally(loop.closedError());
            return;
        }
        loop.outgoing.add(copy);
        future.addDoneCallback(done -> {
            loop.outgoing.remove(copy);
            complete(copy, done);
        });
        CompletableFuture<T> unused = copy.whenComplete((value, failure) -> {
            if (copy.isCancelled()) {
                cancel(future);
            }
        });
    }

    /** Gives {@code copy} the outcome of a future that is done. */
    static <T extends @Nullable Object> void complete(CompletableFuture<T> copy, Future<T> done) {
        try {
            copy.complete(done.result());
        } catch (CancelledError cancelled) {
            CancellationException cancellation = new CancellationException(cancelled.getMessage());
            cancellation.initCause(cancelled);
            copy.completeExceptionally(cancellation); // it counts as cancelled, and has the message
        } catch (Throwable failure) {
            copy.completeExceptionally(failure);
        }
    }

    /** On the thread that has cancelled the copy. A future that is done takes no harm. */
    private static void cancel(Future<?> future) {
        EventLoop loop = future.loop();
        if (loop.isClosed()) {
            return;
        }
        if (loop.isLoopThread()) {
            future.cancel();
            return;
        }
        try {
            loop.execute(future::cancel);
        } catch (LoopClosedException closedMeanwhile) {
            // nothing is left to cancel
        }
    }
}

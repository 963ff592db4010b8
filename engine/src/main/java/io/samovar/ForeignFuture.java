package io.samovar;

import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * A result that is made elsewhere, and may come on any thread: what a {@code CompletionStage} and a Netty future have in
 * common.
 *
 * <p>What is there already is taken on the spot. Only who has to wait needs a {@link WrappedFuture}, which brings the outcome
 * to the loop.
 */
abstract class ForeignFuture<T extends @Nullable Object> implements Awaitable<T> {
    private @Nullable WrappedFuture<T> wrapped;

    /** Whether the outcome is there. Any thread may ask. */
    abstract boolean isDone();

    /** The value once it {@link #isDone}, or throws the failure as its own library gives it. */
    abstract T get() throws Throwable;

    /** Asks for no result any more. */
    abstract void cancel();

    /** Has {@code callback} called once it {@link #isDone}, on whatever thread that happens. */
    abstract void onDone(Runnable callback);

    /** {@link #get} with the failure as its author made it, and a cancellation as our own. */
    final T result() throws Throwable {
        try {
            return get();
        } catch (Throwable failure) {
            throw unwrapped(failure);
        }
    }

    private static Throwable unwrapped(Throwable failure) {
        Throwable inner = failure;
        while ((inner instanceof CompletionException || inner instanceof ExecutionException)
                && inner.getCause() != null) {
            inner = inner.getCause();
        }
        return inner instanceof CancellationException ? cancelled(inner) : inner;
    }

    private static CancelledError cancelled(Throwable cancellation) {
        if (cancellation.getCause() instanceof CancelledError ours) {
            return ours; // Future.toCompletableFuture made one of it
        }
        CancelledError cancelled = new CancelledError(cancellation.getMessage());
        cancelled.initCause(cancellation);
        return cancelled;
    }

    @Override
    public final @Nullable Object poll(Task<?> task) throws Throwable {
        if (wrapped != null) {
            return wrapped.poll(task);
        }
        if (!isDone()) {
            return PENDING;
        }
        try {
            return result();
        } catch (Throwable failure) {
            AwaitTrace.appendStack(failure);
            throw failure;
        }
    }

    @Override
    public final void park(Task<?> task) {
        if (wrapped == null) {
            wrapped = new WrappedFuture<>(task.loop, this);
        }
        wrapped.park(task);
    }

    @Override
    public final boolean interrupt(Task<?> task, @Nullable String message) {
        return wrapped != null && wrapped.interrupt(task, message);
    }
}

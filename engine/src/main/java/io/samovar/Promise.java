package io.samovar;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The side of a {@link Future} that gives it its outcome; made by {@link EventLoop#createFuture()}.
 *
 * <p>Hand out the {@code Future}, keep the {@code Promise}.
 *
 * @param <T> the type of the result
 */
public final class Promise<T extends @Nullable Object> extends Future<T> {
    Promise(EventLoop loop) {
        super(loop);
    }

    /**
     * Completes the future with a value.
     *
     * @throws InvalidStateException if it is done
     */
    public void setResult(T value) {
        loop.checkThread();
        if (!finishWith(value)) {
            throw alreadyDone();
        }
    }

    /**
     * Completes the future with a failure.
     *
     * @throws InvalidStateException if it is done
     */
    public void setException(Throwable failure) {
        loop.checkThread();
        Objects.requireNonNull(failure, "failure");
        if (failure instanceof CancelledError) {
            throw new IllegalArgumentException("a cancellation is not a failure: call cancel()");
        }
        if (!failWith(failure)) {
            throw alreadyDone();
        }
    }

    @Override
    public boolean cancel(@Nullable String message) {
        loop.checkThread();
        if (isDone()) {
            silence();
            return false;
        }
        return cancelWith(new CancelledError(message));
    }

    private InvalidStateException alreadyDone() {
        return new InvalidStateException("the future has its outcome already: " + this);
    }
}

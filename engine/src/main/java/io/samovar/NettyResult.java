package io.samovar;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The result of a Netty future. */
final class NettyResult<T extends @Nullable Object> extends ForeignFuture<T> {
    private final io.netty.util.concurrent.Future<T> future;

    NettyResult(io.netty.util.concurrent.Future<T> future) {
        this.future = Objects.requireNonNull(future, "future");
    }

    @Override
    boolean isDone() {
        return future.isDone();
    }

    @Override
    T get() throws Throwable {
        Throwable failure = future.cause();
        if (failure != null) {
            throw failure;
        }
        return future.getNow();
    }

    @Override
    void cancel() {
        future.cancel(true);
    }

    @Override
    void onDone(Runnable callback) {
        future.addListener(done -> callback.run());
    }
}

package io.samovar;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A future that follows another one, and whose cancellation does not reach it. asyncio: {@code shield}.
 */
final class Shielded<T extends @Nullable Object> extends Future<T> implements Consumer<Future<T>>, AwaitedBy {
    /** One for all, so that a future that is shielded several times is reported once. */
    private static final Consumer<Future<?>> REPORT = Shielded::reportFailure;

    private final Future<T> inner;

    private Shielded(Future<T> inner) {
        super(inner.loop);
        this.inner = inner;
    }

    static <T extends @Nullable Object> Future<T> of(Awaitable<? extends T> awaitable) {
        EventLoop loop = awaitable instanceof Future<?> future ? future.loop : EventLoop.current();
        Future<T> inner = Futures.ensure(loop, awaitable);
        if (inner.isDone()) {
            return inner;
        }
        Shielded<T> outer = new Shielded<>(inner);
        inner.addDoneCallback(outer);
        return outer;
    }

    /** The inner future is done. */
    @Override
    public void accept(Future<T> done) {
        if (isDone()) {
            return; // cancelled in the same iteration: if the inner one has failed, nobody has seen it
        }
        Throwable failure = done.failureOrNull();
        if (failure == null) {
            finishWith(done.result());
        } else if (done.isCancelled()) {
            cancelWith((CancelledError) failure);
        } else {
            failWith(failure);
        }
    }

    @Override
    public Future<?> awaiter() {
        return this;
    }

    @Override
    public boolean cancel(@Nullable String message) {
        loop.checkThread();
        if (isDone()) {
            return false;
        }
        cancelWith(new CancelledError(message));
        if (!inner.isDone()) {
            int unused = inner.removeDoneCallback(this) + inner.removeDoneCallback(REPORT);
            inner.addDoneCallback(REPORT);
        }
        return true;
    }

    private static void reportFailure(Future<?> inner) {
        Throwable failure = inner.failureOrNull();
        if (failure != null && !inner.isCancelled()) {
            inner.loop.report(
                    new LoopFailure("a shielded future failed after whoever awaited it was cancelled", failure, inner));
        }
    }
}

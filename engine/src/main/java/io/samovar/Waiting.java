package io.samovar;

import static io.samovar.Async.await;

import java.time.Duration;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One {@link Async#wait} in progress, and the callback of each future that it waits for. */
final class Waiting implements Consumer<Future<?>>, AwaitedBy {
    private final ReturnWhen condition;
    /** Completed when the condition holds or the time is over. */
    private final Promise<@Nullable Void> over;
    /** Futures that have not said that they are done. */
    private int missing;

    private Waiting(EventLoop loop, int missing, ReturnWhen condition) {
        this.over = loop.createFuture();
        this.missing = missing;
        this.condition = condition;
    }

    /** A set of the futures, in order; each of them really is one. */
    static <F extends Future<?>> Set<F> checked(Collection<? extends F> futures) {
        if (futures.isEmpty()) {
            throw new IllegalArgumentException("there is no future to wait for");
        }
        for (Object future : futures) { // an unchecked cast may have let something else in
            if (!(future instanceof Future)) {
                throw new IllegalArgumentException(
                        "wait takes futures and tasks: make a task of " + future + ", to find it in the result");
            }
        }
        return new LinkedHashSet<>(futures);
    }

    static <F extends Future<?>> Coroutine<DoneAndPending<F>> until(
            Set<F> futures, ReturnWhen condition, @Nullable Duration limit) {
        EventLoop loop = EventLoop.current();
        Waiting waiting = new Waiting(loop, futures.size(), condition);
        for (Future<?> future : futures) {
            waiting.watch(Futures.checkLoop(loop, future));
        }
        TimerHandle timer = limit == null ? null : loop.callLater(limit, waiting::release);
        try {
            await(waiting.over);
        } finally {
            if (timer != null) {
                timer.cancel();
            }
            for (Future<?> future : futures) {
                waiting.leave(future);
            }
        }
        return Coroutine.of(sort(futures));
    }

    private <T extends @Nullable Object> void watch(Future<T> future) {
        future.addDoneCallback(this);
    }

    private <T extends @Nullable Object> void leave(Future<T> future) {
        int unused = future.removeDoneCallback(this);
    }

    /** A future is done. */
    @Override
    public void accept(Future<?> future) {
        missing--;
        if (missing == 0
                || condition == ReturnWhen.FIRST_COMPLETED
                || (condition == ReturnWhen.FIRST_EXCEPTION && failed(future))) {
            release();
        }
    }

    @Override
    public Future<?> awaiter() {
        return over;
    }

    /** The failure counts as seen, as in asyncio: who waits for it will look. */
    private static boolean failed(Future<?> future) {
        return future.failureOrNull() != null && !future.isCancelled();
    }

    private void release() {
        boolean unused = over.finishWith(null); // it may have been before, or cancelled
    }

    /** As they are now: more may be done than what has ended the wait. */
    private static <F extends Future<?>> DoneAndPending<F> sort(Set<F> futures) {
        Set<F> done = new LinkedHashSet<>();
        Set<F> pending = new LinkedHashSet<>();
        for (F future : futures) {
            (future.isDone() ? done : pending).add(future);
        }
        return new DoneAndPending<>(Collections.unmodifiableSet(done), Collections.unmodifiableSet(pending));
    }
}

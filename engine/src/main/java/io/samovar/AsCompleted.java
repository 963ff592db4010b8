package io.samovar;

import static io.samovar.Async.await;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The results of several things that run at once, in the order in which they come. Made by {@link Async#asCompleted}.
 *
 * <p>As an {@code Iterable} it gives one coroutine for each of them: awaiting it gives the next result that comes, or throws the
 * next failure.
 *
 * <pre>{@code
 * for (Coroutine<Price> next : Async.asCompleted(offers)) {
 *     Price price = await(next);
 *     ...
 * }
 * }</pre>
 *
 * <p>There is one iteration: a second {@code for} goes on where the first one stopped. Who leaves before the end may {@link
 * #close()} it; what is not done goes on in any case. Belongs to the loop thread. asyncio: {@code as_completed}.
 *
 * @param <T> the type of the results
 */
public final class AsCompleted<T extends @Nullable Object> implements Iterable<Coroutine<T>>, AutoCloseable {
    private final EventLoop loop;
    private final Results iterator = new Results();
    private final Arrival arrival = new Arrival();
    /** Neither arrived nor given up. */
    private final Set<Future<T>> pending = new LinkedHashSet<>();
    /** Done, and not yet given to anybody. */
    private final ArrayDeque<Future<T>> arrived = new ArrayDeque<>();
    /** Those who wait for the next arrival, in order; who was cancelled meanwhile is done, and skipped. */
    private final ArrayDeque<Promise<@Nullable Void>> waiting = new ArrayDeque<>();

    private final @Nullable Duration limit;
    private final @Nullable TimerHandle timer;
    /** What was neither given nor promised to anybody. */
    private int left;
    /** Nothing arrives any more: the time is over, or this was closed. */
    private boolean over;

    private boolean closed;

    private AsCompleted(
            EventLoop loop, Collection<? extends Awaitable<? extends T>> awaitables, @Nullable Duration limit) {
        this.loop = loop;
        this.limit = limit;
        pending.addAll(Futures.<T>ensureAll(loop, awaitables));
        left = pending.size();
        timer = limit == null || left == 0 ? null : loop.callLater(limit, this::end);
    }

    static <T extends @Nullable Object> AsCompleted<T> of(
            Collection<? extends Awaitable<? extends T>> awaitables, @Nullable Duration limit) {
        AsCompleted<T> made = new AsCompleted<>(Futures.loopOf(awaitables), awaitables, limit);
        made.pending.forEach(future -> future.addDoneCallback(made.arrival));
        return made;
    }

    /**
     * The one iterator, which waits for nothing: it gives coroutines that do, one for each result. Several may be awaited at the
     * same time. They give the result or throw the failure that comes next; {@link AsyncTimeoutException} if the time limit runs
     * out before.
     */
    @Override
    public Iterator<Coroutine<T>> iterator() {
        return iterator;
    }

    /**
     * The same iteration in its other form, which waits itself and gives the futures: those that were given, and the tasks that were
     * made of coroutines. So one can see which of them it is.
     *
     * <pre>{@code
     * AsyncIterator<Future<Price>> done = Async.asCompleted(offers).futures();
     * while (await(done.hasNext())) {
     *     Future<Price> offer = done.next();
     *     ...
     * }
     * }</pre>
     *
     * <p>{@code hasNext} throws {@link AsyncTimeoutException} if the time limit runs out before all are done. asyncio: {@code async
     * for} over {@code as_completed}.
     */
    public AsyncIterator<Future<T>> futures() {
        return new Arrivals();
    }

    private Coroutine<T> result() {
        return Coroutine.of(await(arrival()).result());
    }

    /** The next future that is done. */
    private Coroutine<Future<T>> arrival() {
        while (arrived.isEmpty() && !over) {
            Promise<@Nullable Void> turn = loop.createFuture();
            waiting.add(turn);
            try {
                await(turn);
            } catch (CancelledError cancelled) {
                if (!turn.isCancelled()) {
                    wakeNext(); // it was this one's turn, and now it is the next one's
                }
                throw cancelled;
            }
        }
        Future<T> next = arrived.poll();
        if (next == null) {
            throw closed
                    ? new IllegalStateException("asCompleted was closed while this waited for a result")
                    : new AsyncTimeoutException("the time limit of " + limit + " ran out");
        }
        return Coroutine.of(next);
    }

    private void wakeNext() {
        Promise<@Nullable Void> next = waiting.poll();
        while (next != null && !next.finishWith(null)) { // it was cancelled meanwhile
            next = waiting.poll();
        }
    }

    /**
     * Leaves the iteration: what is not done yet goes on unwatched. Not needed after the last result. Awaiting a coroutine that
     * was not given a result before fails.
     */
    @Override
    public void close() {
        loop.checkThread();
        left = 0;
        if (!over) {
            closed = true;
            end();
        }
    }

    private void end() {
        over = true;
        if (timer != null) {
            timer.cancel();
        }
        pending.forEach(future -> future.removeDoneCallback(arrival));
        pending.clear();
        for (Promise<@Nullable Void> turn : waiting) {
            boolean unused = turn.finishWith(null);
        }
        waiting.clear();
    }

    private final class Results implements Iterator<Coroutine<T>> {
        @Override
        public boolean hasNext() {
            loop.checkThread();
            return left > 0;
        }

        @Override
        public Coroutine<T> next() {
            if (!hasNext()) {
                throw new NoSuchElementException("every result was asked for");
            }
            left--;
            return result();
        }
    }

    private final class Arrivals implements AsyncIterator<Future<T>> {
        private @Nullable Future<T> found;
        private boolean failed;

        @Override
        public Coroutine<Boolean> hasNext() {
            if (found == null && left > 0 && !failed) {
                left--;
                try {
                    found = await(arrival());
                } catch (CancelledError cancelled) {
                    left++; // nothing was taken
                    throw cancelled;
                } catch (Throwable failure) {
                    failed = true;
                    throw failure;
                }
            }
            return Coroutine.of(found != null);
        }

        @Override
        public Future<T> next() {
            Future<T> next = found;
            if (next == null) {
                throw new NoSuchElementException("no element is there: await hasNext() first, which must give true");
            }
            found = null;
            return next;
        }

        @Override
        public Coroutine<@Nullable Void> close() {
            await(Coroutine.done()); // so that nothing happens before this is awaited
            AsCompleted.this.close();
            return Coroutine.done();
        }
    }

    /** The callback of every future. */
    private final class Arrival implements Consumer<Future<T>>, AwaitedBy {
        @Override
        public void accept(Future<T> future) {
            if (!pending.remove(future)) {
                return; // the time was over before
            }
            arrived.add(future);
            wakeNext();
            if (pending.isEmpty() && timer != null) {
                timer.cancel();
            }
        }

        @Override
        public @Nullable Future<?> awaiter() {
            return waiting.peek();
        }
    }
}

package io.samovar;

import static io.samovar.Async.await;

import java.util.ArrayList;
import java.util.Collection;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Makes futures of whatever a combinator was given. asyncio: {@code ensure_future}. */
final class Futures {
    private Futures() {}

    /**
     * The future itself; or a new task for anything else.
     *
     * @throws IllegalArgumentException if it is a future of another loop
     * @throws IllegalStateException if it is a coroutine that was awaited or made a task before
     */
    @SuppressWarnings("unchecked") // nobody can put a value into a future through this reference
    static <T extends @Nullable Object> Future<T> ensure(EventLoop loop, Awaitable<? extends T> awaitable) {
        if (awaitable instanceof Future<? extends T> future) {
            return (Future<T>) checkLoop(loop, future);
        }
        if (awaitable instanceof Coroutine<? extends T> coroutine) {
            return loop.createTask(coroutine);
        }
        return loop.createTask(awaiting(awaitable));
    }

    /** A future for each, in order. A coroutine that is given twice runs once, and its task is here twice. */
    static <T extends @Nullable Object> List<Future<T>> ensureAll(
            EventLoop loop, Collection<? extends Awaitable<? extends T>> awaitables) {
        List<Future<T>> futures = new ArrayList<>(awaitables.size());
        IdentityHashMap<Awaitable<?>, Future<T>> given = null; // made when there is a reason to look into it
        for (Awaitable<? extends T> awaitable : awaitables) {
            Future<T> future = null;
            if (awaitable instanceof Frame<?> frame && !frame.isNew()) {
                given = given == null ? zip(awaitables, futures) : given;
                future = given.get(frame);
            }
            if (future == null) {
                future = ensure(loop, awaitable);
            }
            futures.add(future);
            if (given != null) {
                given.putIfAbsent(awaitable, future);
            }
        }
        return futures;
    }

    /** What has become of the first ones. */
    private static <T extends @Nullable Object> IdentityHashMap<Awaitable<?>, Future<T>> zip(
            Collection<? extends Awaitable<? extends T>> awaitables, List<Future<T>> futures) {
        IdentityHashMap<Awaitable<?>, Future<T>> zipped = new IdentityHashMap<>();
        Iterator<? extends Awaitable<?>> keys = awaitables.iterator();
        for (Future<T> future : futures) {
            zipped.putIfAbsent(keys.next(), future);
        }
        return zipped;
    }

    static <F extends Future<?>> F checkLoop(EventLoop loop, F future) {
        if (future.loop != loop) {
            throw new IllegalArgumentException("this future belongs to another loop: use loop.submit(...) there, and"
                    + " await what it returns. It is " + future);
        }
        return future;
    }

    /**
     * The loop that is running; else the one that the first future belongs to.
     *
     * @throws IllegalStateException if there is neither
     */
    static EventLoop loopOf(Iterable<? extends Awaitable<?>> awaitables) {
        EventLoop running = EventLoop.running();
        if (running != null) {
            return running;
        }
        for (Awaitable<?> awaitable : awaitables) {
            if (awaitable instanceof Future<?> future) {
                return future.loop;
            }
        }
        return EventLoop.current(); // which says what is wrong
    }

    private static <T extends @Nullable Object> Coroutine<T> awaiting(Awaitable<? extends T> operation) {
        return Coroutine.of(await(operation));
    }
}

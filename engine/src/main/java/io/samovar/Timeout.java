package io.samovar;

import java.time.Duration;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * A time limit for a part of a coroutine, which that part may move. Made by {@link Async#timeout(Duration, Body)} and {@link
 * Async#timeoutAt}.
 *
 * <p>When the time is over, the task that runs the part is cancelled. If the {@link CancelledError} leaves the part, it becomes an
 * {@link AsyncTimeoutException}, whose cause it is. If the part catches it and ends by itself, its result or failure stands.
 *
 * <pre>{@code
 * await(Async.timeout(Duration.ofSeconds(5), timeout -> {
 *     for (ByteBuf data; (data = await(peer.read())) != null; ) {
 *         timeout.reschedule(Duration.ofSeconds(5));     // it may take long, as long as something comes
 *         await(store(data));
 *     }
 *     return Coroutine.done();
 * }));
 * }</pre>
 *
 * <p>Belongs to the loop thread. asyncio: {@code Timeout}.
 */
public final class Timeout {
    /** A deadline that never comes. asyncio: {@code None}. */
    public static final long NEVER = Long.MAX_VALUE;

    /** ACTIVE -> FINISHED, or ACTIVE -> EXPIRING -> EXPIRED. */
    private enum State {
        ACTIVE,
        /** The task was cancelled; the part has not ended yet. */
        EXPIRING,
        EXPIRED,
        FINISHED
    }

    /** What runs under a time limit. */
    @FunctionalInterface
    public interface Body<T extends @Nullable Object> {
        /**
         * Makes the coroutine, on the loop.
         *
         * @param timeout the time limit it runs under, which has begun
         */
        Coroutine<? extends T> run(Timeout timeout) throws Exception;
    }

    private final @Nullable Duration limit;
    private final EventLoop loop;
    private final Task<?> task;
    /** The requests to cancel the task that were there before; it was told of them then. */
    private final int cancelsBefore;

    private State state = State.ACTIVE;
    private long when;
    /** {@code null} if no deadline is set. */
    private @Nullable Handle timer;

    /**
     * Begins a time limit for the task that is running.
     *
     * @param limit {@code null} if {@code when} says it
     */
    private Timeout(@Nullable Duration limit, long when) {
        this.limit = limit;
        this.loop = EventLoop.current();
        this.task = loop.requireCurrentTask();
        this.cancelsBefore = task.cancelsDelivered();
        rescheduleAt(limit == null ? when : loop.deadline(limit));
    }

    /** Awaits something under a time limit, in the same task. */
    static <T extends @Nullable Object> Coroutine<T> limit(Duration limit, Awaitable<? extends T> awaitable) {
        return limit.isZero() || limit.isNegative() ? noTime(limit, awaitable) : within(limit, awaitable);
    }

    /** A stage runs already, as a future does. */
    static <T extends @Nullable Object> Coroutine<T> limit(Duration limit, CompletionStage<T> stage) {
        return Coroutine.of(Async.await(Timeout.<T>limit(limit, Async.wrapFuture(stage))));
    }

    private static <T extends @Nullable Object> Coroutine<T> within(Duration limit, Awaitable<? extends T> awaitable) {
        Timeout timeout = new Timeout(limit, NEVER);
        T result;
        try {
            result = Async.await(awaitable);
        } catch (Throwable failure) {
            throw Future.<RuntimeException>sneaky(timeout.end(failure));
        }
        timeout.end();
        return Coroutine.of(result);
    }

    static <T extends @Nullable Object> Coroutine<T> run(@Nullable Duration limit, long when, Body<? extends T> body) {
        Timeout timeout = new Timeout(limit, when);
        T result;
        try {
            result = Async.await(body.run(timeout));
        } catch (Throwable failure) {
            throw Future.<RuntimeException>sneaky(timeout.end(failure));
        }
        timeout.end();
        return Coroutine.of(result);
    }

    /** What is done already has its result; nothing else is begun. */
    private static <T extends @Nullable Object> Coroutine<T> noTime(Duration limit, Awaitable<? extends T> awaitable) {
        if (!(awaitable instanceof Future<? extends T> future)) {
            if (awaitable instanceof Frame<?> frame) {
                frame.claim();
            }
            Async.await(Async.sleep(Duration.ZERO)); // or who tries again and again would starve the others
            throw new AsyncTimeoutException(describe(limit), new CancelledError(null));
        }
        if (future.isDone()) {
            return Coroutine.of(future.result());
        }
        future.cancel();
        Async.await(Waiting.until(Set.of(future), ReturnWhen.ALL_COMPLETED, null));
        try {
            return Coroutine.of(future.result());
        } catch (CancelledError cancelled) {
            throw new AsyncTimeoutException(describe(limit), cancelled);
        }
    }

    /** The deadline, in the loop's {@link EventLoop#time() time} in nanoseconds; or {@link #NEVER}. */
    public long when() {
        return when;
    }

    /**
     * Moves the deadline to so long from now.
     *
     * @throws IllegalStateException if the part has ended or its time is over
     */
    public void reschedule(Duration fromNow) {
        rescheduleAt(loop.deadline(fromNow));
    }

    /**
     * Moves the deadline. One that has passed takes effect in the loop's next iteration.
     *
     * @param newWhen in the loop's {@link EventLoop#time() time} in nanoseconds; or {@link #NEVER}
     * @throws IllegalStateException if the part has ended or its time is over
     */
    public void rescheduleAt(long newWhen) {
        loop.checkThread();
        if (state != State.ACTIVE) {
            throw new IllegalStateException("the deadline cannot be moved any more: " + this);
        }
        cancelTimer();
        when = newWhen;
        if (newWhen != NEVER) {
            timer = newWhen <= loop.time() ? loop.callSoon(this::expire) : loop.callAt(newWhen, this::expire);
        }
    }

    /** Whether the time ran out while the part ran, whatever became of that. */
    public boolean expired() {
        return state == State.EXPIRING || state == State.EXPIRED;
    }

    private void expire() {
        timer = null;
        state = State.EXPIRING;
        task.cancel();
    }

    private void cancelTimer() {
        if (timer != null) {
            timer.cancel();
            timer = null;
        }
    }

    /** The part has ended with a result. */
    private void end() {
        cancelTimer();
        if (state == State.EXPIRING) {
            boolean unused = task.takeCancelBack(cancelsBefore); // the part has dealt with the cancellation
            state = State.EXPIRED;
        } else {
            state = State.FINISHED;
        }
    }

    /** The part has ended with a failure; gives what becomes of it. */
    private Throwable end(Throwable failure) {
        cancelTimer();
        if (state != State.EXPIRING) {
            state = State.FINISHED;
            return failure;
        }
        state = State.EXPIRED;
        if (!task.takeCancelBack(cancelsBefore)) {
            return failure; // somebody else wants the task to end
        }
        if (failure instanceof CancelledError) {
            return new AsyncTimeoutException(describe(limit), failure);
        }
        failure.addSuppressed(new AsyncTimeoutException(describe(limit))); // to be seen where it is printed
        return failure;
    }

    private static String describe(@Nullable Duration limit) {
        return limit == null ? "the deadline has passed" : "the time limit of " + limit + " ran out";
    }

    @Override
    public String toString() {
        String deadline = state != State.ACTIVE ? "" : when == NEVER ? ", no deadline" : ", when=" + when + " ns";
        return "Timeout(" + state.name().toLowerCase(Locale.ROOT) + deadline + ')';
    }
}

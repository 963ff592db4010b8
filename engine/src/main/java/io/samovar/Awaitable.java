package io.samovar;

import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Something a coroutine can await: it gives a value or a failure, now or later.
 *
 * <p>The run-time asks {@link #poll}. If the answer is {@link #PENDING}, it unwinds the task's stack and calls {@link
 * #park}; from then on it is the awaitable's duty to call {@link Task#wakeup()} when asking again is worthwhile. The task
 * then resumes by asking again, so a wake-up too many does no harm, and whatever is waited for is taken only by a task
 * that really runs: a cancelled read loses no byte.
 *
 * <p>Programs use {@link Coroutine}, {@link Future} and what streams return; implement this only to add a new kind of
 * waiting. All methods run on the loop thread. It is what {@code __await__} and a bare future are in asyncio, and close to
 * Rust's {@code Future::poll}.
 *
 * @param <T> the type of the value
 */
public interface Awaitable<T extends @Nullable Object> {
    /** What {@link #poll} gives while there is neither value nor failure. */
    Object PENDING = new Object() {
        @Override
        public String toString() {
            return "PENDING";
        }
    };

    /**
     * Makes one of a {@code CompletionStage}, as {@code await(stage)} does. To hand it to what takes an {@code Awaitable}.
     *
     * <p>It may be completed on any thread. A stage that is complete costs neither a wait nor a turn of the loop. Its failure
     * is thrown without the {@code CompletionException} around it; if it was cancelled, {@link CancelledError} is. Cancelling
     * the task that waits cancels it, with {@code mayInterruptIfRunning}. Serves the tasks of one loop.
     */
    static <T extends @Nullable Object> Awaitable<T> of(CompletionStage<T> stage) {
        return new StageResult<>(stage);
    }

    /** The same of a Netty future, on whatever executor that is completed. */
    static <T extends @Nullable Object> Awaitable<T> of(io.netty.util.concurrent.Future<T> future) {
        return new NettyResult<>(future);
    }

    /**
     * The value if it is there, or {@link #PENDING}.
     *
     * @param task the task that asks
     * @throws Throwable the failure, if that is the outcome; it leaves the {@code await}
     */
    @Nullable
    Object poll(Task<?> task) throws Throwable;

    /**
     * Takes a task that got {@link #PENDING} and will sleep until {@link Task#wakeup()}. If the outcome has come in the
     * meantime, wakes it at once. A task that was woken for nothing may be parked again.
     */
    void park(Task<?> task);

    /**
     * The task that is parked here is being cancelled.
     *
     * @return {@code true} if the cancellation was passed on to what is awaited, which will wake the task with its own
     *     outcome (a {@link Future} does so); {@code false} if the task was just forgotten, and gets its {@link
     *     CancelledError} at the await
     */
    boolean interrupt(Task<?> task, @Nullable String message);
}

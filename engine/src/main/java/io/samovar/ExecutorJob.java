package io.samovar;

import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * A blocking call on a thread of an executor, and the future of its result on the loop. asyncio: {@code run_in_executor}.
 *
 * <p>The executor runs it; all else belongs to the loop thread.
 */
final class ExecutorJob<T extends @Nullable Object> extends Future<T> implements Runnable {
    /** Taken once: by the thread that makes the call, or by {@link #withdraw()}. */
    private final AtomicReference<@Nullable Callable<? extends T>> call;

    /** Called once, by any thread, when the call has ended or will never be made. */
    private final Runnable ended;

    /** Nobody on the loop waits for the outcome any more. */
    private volatile boolean abandoned;

    ExecutorJob(EventLoop loop, Callable<? extends T> call, Runnable ended) {
        super(loop);
        this.call = new AtomicReference<>(Objects.requireNonNull(call, "call"));
        this.ended = ended;
    }

    /** Makes the call, on a thread of the executor. */
    @Override
    public void run() {
        Callable<? extends T> toCall = call.getAndSet(null);
        if (toCall == null) {
            return; // cancelled before it started
        }
        try {
            tell(outcomeOf(toCall));
        } finally {
            ended.run();
        }
    }

    /** Any thread may ask for it to be undone; a call that is being made is not. */
    void withdraw() {
        if (call.getAndSet(null) != null) {
            ended.run();
        }
    }

    /** Withdraws the call if no thread has begun with it; else it goes on, and nobody learns how it ends. */
    @Override
    public boolean cancel(@Nullable String message) {
        loop.checkThread();
        if (isDone()) {
            return false;
        }
        abandoned = true;
        withdraw();
        return cancelWith(new CancelledError(message));
    }

    private Runnable outcomeOf(Callable<? extends T> toCall) {
        try {
            T value = toCall.call();
            return () -> finishWith(value);
        } catch (CancelledError cancelled) {
            return () -> cancelWith(cancelled);
        } catch (Throwable failure) { // errors of the machine, too: whoever awaits decides
            return () -> failWith(failure);
        }
    }

    private void tell(Runnable outcome) {
        if (abandoned || loop.isClosed()) {
            return;
        }
        try {
            loop.execute(outcome);
        } catch (LoopClosedException closedMeanwhile) {
            // nobody is left to be told
        }
    }
}

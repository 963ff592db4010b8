package io.samovar;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A result that will be there later. asyncio: {@code Future}.
 *
 * <p>A future is pending until it gets a value, a failure or is cancelled, once. Its callbacks always run through the
 * loop's ready queue, in the order in which they were added, never inside the call that completes it. Whoever makes the
 * result holds the {@link Promise}; a {@link Task} is the future of a coroutine.
 *
 * <p>Everything here belongs to the loop thread; another thread goes through {@link EventLoop#execute}. A failure that
 * nobody ever looks at is reported to the loop's exception handler when the future is collected or its loop closed.
 *
 * @param <T> the type of the result
 */
public abstract class Future<T extends @Nullable Object> implements Awaitable<T> {
    final EventLoop loop;

    /**
     * {@link #PENDING}; then, once, the value, or a {@link Failure} if there is none. One field says it all, because a million
     * suspended tasks have a million of these.
     */
    private @Nullable Object outcome = PENDING;

    /** Who waits, in order: nothing, one waiter, or an {@code ArrayList} of them. A waiter is a Task or a Consumer. */
    private @Nullable Object waiters;

    Future(EventLoop loop) {
        this.loop = loop;
    }

    /** The loop that this future belongs to. */
    public final EventLoop loop() {
        return loop;
    }

    /** Whether the future has a value or a failure or was cancelled. */
    public final boolean isDone() {
        return outcome != PENDING;
    }

    /** Whether the future was cancelled. */
    public final boolean isCancelled() {
        return outcome instanceof Failure failure && failure.isCancellation();
    }

    /**
     * The value; or throws the failure as it is, checked or not, and the same object each time.
     *
     * @throws InvalidStateException if the future is pending
     * @throws CancelledError if it was cancelled
     */
    @SuppressWarnings({"unchecked", "NullAway"}) // complete() took a T, which may be a nullable type
    public final T result() {
        loop.checkThread();
        Object result = outcome;
        if (result == PENDING) {
            throw new InvalidStateException("the result is not there yet: " + this);
        }
        if (result instanceof Failure failure) {
            throw Future.<RuntimeException>sneaky(failure.retrieve());
        }
        return (T) result;
    }

    /**
     * The failure, or {@code null} if there is a value.
     *
     * @throws InvalidStateException if the future is pending
     * @throws CancelledError if it was cancelled
     */
    public final @Nullable Throwable exception() {
        loop.checkThread();
        Object result = outcome;
        if (result == PENDING) {
            throw new InvalidStateException("the exception is not there yet: " + this);
        }
        if (!(result instanceof Failure failure)) {
            return null;
        }
        if (failure.isCancellation()) {
            throw (CancelledError) failure.cause;
        }
        return failure.retrieve();
    }

    /** Whether the future is done and has a value. */
    final boolean hasResult() {
        return isDone() && !(outcome instanceof Failure);
    }

    /** The failure or the cancellation of a future that is done, if it ended so; it counts as seen. */
    final @Nullable Throwable failureOrNull() {
        assert isDone() : this;
        return outcome instanceof Failure failure ? failure.retrieve() : null;
    }

    /** {@link #cancel(String)} without a message. */
    public final boolean cancel() {
        return cancel(null);
    }

    /**
     * Cancels the future, or asks the task to cancel.
     *
     * @param message goes into the {@link CancelledError}
     * @return {@code false} if the future was done before, so that nothing happened
     */
    public abstract boolean cancel(@Nullable String message);

    /**
     * Has {@code callback} called with this future, through the ready queue, when it is done or at once if it is. It runs in a
     * copy of the {@link Context} of what runs now.
     */
    public final void addDoneCallback(Consumer<? super Future<T>> callback) {
        loop.checkThread();
        addCallback(callback, loop.context == null ? null : Context.capture());
    }

    /** {@link #addDoneCallback(Consumer)} in a context of your choice. */
    public final void addDoneCallback(Consumer<? super Future<T>> callback, Context context) {
        loop.checkThread();
        addCallback(callback, Objects.requireNonNull(context, "context"));
    }

    private void addCallback(Consumer<? super Future<T>> callback, @Nullable Context context) {
        Objects.requireNonNull(callback, "callback");
        Consumer<? super Future<T>> waiter = context == null ? callback : new InContext<>(callback, context);
        if (isDone()) {
            schedule(waiter);
        } else {
            addWaiter(waiter);
        }
    }

    /**
     * Removes every callback that equals {@code callback}.
     *
     * @return how many there were
     */
    public final int removeDoneCallback(Consumer<? super Future<T>> callback) {
        loop.checkThread();
        if (waiters instanceof List<?> several) {
            int before = several.size();
            several.removeIf(waiter -> callback.equals(withoutContext(waiter)));
            return before - several.size();
        }
        if (callback.equals(withoutContext(waiters))) {
            waiters = null;
            return 1;
        }
        return 0;
    }

    /**
     * A copy for code that knows nothing of the loop, and for other threads.
     *
     * <p>It gets the outcome on the loop thread, where what depends on it runs too unless it is told to run elsewhere; waiting
     * for it there would wait for ever. Cancelling it, on any thread, cancels this future; if this one is cancelled, so is the
     * copy. Closing the loop fails it with {@link LoopClosedException}.
     */
    public final CompletableFuture<T> toCompletableFuture() {
        loop.checkThread();
        CompletableFuture<T> copy = new CompletableFuture<>();
        OutgoingFuture.connect(this, copy);
        return copy;
    }

    @Override
    public final @Nullable Object poll(Task<?> task) {
        if (task.loop != loop) {
            throw new IllegalStateException(
                    task + " awaits a future of another loop: use loop.submit(...) and await what it returns");
        }
        if (task == this) {
            throw new IllegalStateException(task + " awaits itself");
        }
        Object result = outcome;
        if (result instanceof Failure failure) {
            throw Future.<RuntimeException>sneaky(failure.raise());
        }
        return result;
    }

    @Override
    public final void park(Task<?> task) {
        if (isDone()) {
            task.wakeup();
        } else if (waiters != task && !(waiters instanceof List<?> several && several.contains(task))) {
            addWaiter(task); // a task that was woken for nothing is here already
        }
    }

    @Override
    public final boolean interrupt(Task<?> task, @Nullable String message) {
        return cancel(message);
    }

    /** Who awaits this future: tasks, and through {@link AwaitedBy} any others. */
    final List<Future<?>> awaiters() {
        List<Future<?>> awaiters = new ArrayList<>();
        for (Object waiter : waiters instanceof List<?> several ? several : Collections.singletonList(waiters)) {
            Object callback = withoutContext(waiter);
            Future<?> awaiter = callback instanceof Task<?> task
                    ? task
                    : callback instanceof AwaitedBy through ? through.awaiter() : null;
            if (awaiter != null) {
                awaiters.add(awaiter);
            }
        }
        return awaiters;
    }

    /** Nobody has to be told of the failure, if there is one: whoever cancels a future does not care for its outcome. */
    final void silence() {
        if (outcome instanceof Failure failure) {
            Throwable unused = failure.retrieve();
        }
    }

    /**
     * The task that is parked here goes on without the outcome, because it is cancelled.
     *
     * @return the error that it gets all the same, if this future was cancelled itself
     */
    final @Nullable CancelledError leave(Task<?> task) {
        if (outcome instanceof Failure failure && failure.isCancellation()) {
            return (CancelledError) failure.raise();
        }
        silence(); // a failure is lost with the rest, as in asyncio
        if (waiters instanceof List<?> several) {
            several.remove(task);
        } else if (waiters == task) {
            waiters = null;
        }
        return null;
    }

    final boolean finishWith(@Nullable Object value) {
        return complete(value);
    }

    final boolean failWith(Throwable failure) {
        if (isDone()) {
            return false;
        }
        // A task that waits here takes the failure in a moment; only where none does, somebody must watch over it.
        // Nor is anybody told of a cancellation, which comes here only as the failure of what has gathered others.
        boolean watched = !(waiters instanceof Task) && !(failure instanceof CancelledError);
        Failure failed = new Failure(failure, false, loop, watched ? this : null);
        if (watched && waiters == null) {
            failed.note();
        }
        return complete(failed);
    }

    final boolean cancelWith(CancelledError cancellation) {
        return complete(new Failure(cancellation, true, loop, null));
    }

    private boolean complete(@Nullable Object with) {
        if (isDone()) {
            return false;
        }
        outcome = with;
        Object toWake = waiters;
        waiters = null; // a callback that removes others must not change this round
        if (toWake instanceof List<?> several) {
            several.forEach(this::wake);
        } else if (toWake != null) {
            wake(toWake);
        }
        return true;
    }

    private void wake(Object waiter) {
        if (waiter instanceof Task<?> task) {
            task.wakeup();
        } else {
            @SuppressWarnings("unchecked") // addDoneCallback took it as such
            Consumer<? super Future<T>> callback = (Consumer<? super Future<T>>) waiter;
            schedule(callback);
        }
    }

    private void schedule(Consumer<? super Future<T>> callback) {
        Context context = (Object) callback instanceof InContext<?> bound ? bound.context : null;
        Runnable call = new DoneCallback<>(this, callback);
        loop.ready(new Handle(loop, context == null ? call : new ContextCallback(context, call)));
    }

    private static @Nullable Object withoutContext(@Nullable Object waiter) {
        return waiter instanceof InContext<?> bound ? bound.callback : waiter;
    }

    @SuppressWarnings("unchecked") // the list is made here
    private void addWaiter(Object waiter) {
        if (waiters == null) {
            waiters = waiter;
        } else if (waiters instanceof List) {
            ((List<Object>) waiters).add(waiter);
        } else {
            List<Object> several = new ArrayList<>(4);
            several.add(waiters);
            several.add(waiter);
            waiters = several;
        }
    }

    @SuppressWarnings("unchecked") // the oldest trick: no cast is made, so a checked exception passes
    static <E extends Throwable> RuntimeException sneaky(Throwable failure) throws E {
        throw (E) failure;
    }

    /** A done-callback that has a context, which one without need not have room for. */
    private record InContext<T extends @Nullable Object>(Consumer<? super Future<T>> callback, Context context)
            implements Consumer<Future<T>> {
        @Override
        public void accept(Future<T> done) {
            callback.accept(done);
        }
    }

    /** What runs a done-callback; a record, so that a failing one is named in the report. */
    private record DoneCallback<T extends @Nullable Object>(Future<T> future, Consumer<? super Future<T>> callback)
            implements Runnable {
        @Override
        public void run() {
            callback.accept(future);
        }
    }

    @Override
    public String toString() {
        return getClass().getSimpleName()
                + '@'
                + Integer.toHexString(System.identityHashCode(this))
                + '('
                + state()
                + ')';
    }

    final String state() {
        if (outcome instanceof Failure failure) {
            return failure.isCancellation() ? "cancelled" : "failed: " + failure.cause;
        }
        return isDone() ? "finished" : "pending";
    }
}

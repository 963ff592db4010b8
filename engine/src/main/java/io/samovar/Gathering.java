package io.samovar;

import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The future of several futures' results, and the callback of each of them. asyncio: {@code gather}.
 *
 * <p>Cancelling it cancels the children; it is done when the first of them says so, or, where all outcomes are wanted, the
 * last. A child that was cancelled fails it with that {@link CancelledError}, and it does not count as cancelled itself.
 */
final class Gathering<T extends @Nullable Object, R extends @Nullable Object> extends Future<R>
        implements Consumer<Future<T>>, AwaitedBy {
    /** Whether the first failure is the result. */
    private final boolean failFast;

    private final Function<? super List<Future<T>>, ? extends R> combine;

    /** One for each argument, in order, so that one that was given twice is here twice. Empty once this is done. */
    private List<Future<T>> children;

    /** Children that have not said that they are done. */
    private int missing;

    private boolean cancelRequested;
    /** {@link #cancelChildren} is to come, or came a moment ago. */
    private boolean cancelNoted;

    private @Nullable String cancelMessage;

    private Gathering(
            EventLoop loop,
            List<Future<T>> children,
            boolean failFast,
            Function<? super List<Future<T>>, ? extends R> combine) {
        super(loop);
        this.children = children;
        this.failFast = failFast;
        this.combine = combine;
        this.missing = children.size();
    }

    static <T extends @Nullable Object> Future<List<T>> results(
            Collection<? extends Awaitable<? extends T>> awaitables) {
        return gather(awaitables, true, done -> listOf(done, Future::result));
    }

    static <T extends @Nullable Object> Future<List<Outcome<T>>> outcomes(
            Collection<? extends Awaitable<? extends T>> awaitables) {
        return gather(awaitables, false, done -> listOf(done, Outcome::of));
    }

    /** Two results of different types. */
    @SuppressWarnings("unchecked") // the two children are what the two arguments became
    static <A extends @Nullable Object, B extends @Nullable Object, R extends @Nullable Object> Future<R> both(
            Awaitable<? extends A> first,
            Awaitable<? extends B> second,
            BiFunction<? super A, ? super B, ? extends R> combine) {
        List<Awaitable<? extends @Nullable Object>> both = List.of(first, second);
        return Gathering.<@Nullable Object, R>gather(
                both,
                true,
                done -> combine.apply((A) done.get(0).result(), (B) done.get(1).result()));
    }

    private static <T extends @Nullable Object, R extends @Nullable Object> Future<R> gather(
            Collection<? extends Awaitable<? extends T>> awaitables,
            boolean failFast,
            Function<? super List<Future<T>>, ? extends R> combine) {
        EventLoop loop = Futures.loopOf(awaitables);
        Gathering<T, R> gathering = new Gathering<>(loop, Futures.ensureAll(loop, awaitables), failFast, combine);
        gathering.start();
        return gathering;
    }

    private void start() {
        if (children.isEmpty()) {
            finish();
        }
        for (Future<T> child : children) {
            if (child.isDone()) {
                accept(child);
            } else {
                child.addDoneCallback(this);
            }
        }
    }

    /** A child is done. */
    @Override
    public void accept(Future<T> child) {
        missing--;
        Throwable failure = child.failureOrNull(); // whatever comes of it here, it is not reported as unseen
        if (isDone()) {
            return;
        }
        if (failFast && failure != null) {
            children = List.of();
            failWith(failure);
        } else if (missing == 0) {
            finish();
        }
    }

    @Override
    public Future<?> awaiter() {
        return this;
    }

    private void finish() {
        List<Future<T>> done = children;
        children = List.of();
        if (cancelRequested) { // even if every child has swallowed it
            failWith(new CancelledError(cancelMessage));
            return;
        }
        R result;
        try {
            result = combine.apply(done);
        } catch (Throwable failure) {
            failWith(failure);
            return;
        }
        finishWith(result);
    }

    @Override
    public boolean cancel(@Nullable String message) {
        loop.checkThread();
        if (cancelNoted) { // what it has gathered awaits it, and would wait for ever
            children = List.of();
            return failWith(new CancelledError(message));
        }
        return loop.gatherCancel.cancel(this, message);
    }

    /** {@return whether there was one that was not done} */
    boolean cancelChildren(@Nullable String message) {
        boolean cancelled = false;
        for (Future<T> child : children) {
            cancelled |= child.cancel(message);
        }
        if (cancelled) {
            cancelRequested = true;
            cancelMessage = message;
        }
        return cancelled;
    }

    /** {@link #cancelChildren} is to come; {@return whether there is one that is not done} */
    boolean noteCancel(@Nullable String message) {
        for (Future<T> child : children) {
            if (!child.isDone()) {
                cancelNoted = true;
                cancelRequested = true;
                cancelMessage = message;
                return true;
            }
        }
        return false;
    }

    void cancelNoted() {
        boolean unused = cancelChildren(cancelMessage);
    }

    void forgetCancel() {
        cancelNoted = false;
    }

    private static <T extends @Nullable Object, R extends @Nullable Object> List<R> listOf(
            List<Future<T>> done, Function<? super Future<T>, ? extends R> each) {
        @SuppressWarnings("unchecked") // it is seen as a list of R only
        R[] results = (R[]) new Object[done.size()];
        for (int i = 0; i < results.length; i++) {
            results[i] = each.apply(done.get(i));
        }
        return Collections.unmodifiableList(Arrays.asList(results));
    }
}

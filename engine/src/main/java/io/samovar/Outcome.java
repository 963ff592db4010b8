package io.samovar;

import org.jspecify.annotations.Nullable;

/**
 * How one of several things ended: with a value, or with a failure that did not stop the others. What {@link
 * Async#gatherOutcomes} gives.
 *
 * <pre>{@code
 * for (Outcome<Page> outcome : await(Async.gatherOutcomes(fetches))) {
 *     if (outcome instanceof Outcome.Success<Page> page) {
 *         show(page.value());
 *     } else {
 *         complain(outcome.failure());
 *     }
 * }
 * }</pre>
 *
 * @param <T> the type of the value
 */
public sealed interface Outcome<T extends @Nullable Object> {
    /** The value; or throws the failure as it is, checked or not. */
    T get();

    /** The failure, which is a {@link CancelledError} if it was cancelled; {@code null} if there is a value. */
    @Nullable
    Throwable failure();

    /** The outcome of a future that is done. */
    static <T extends @Nullable Object> Outcome<T> of(Future<? extends T> done) {
        Throwable failure = done.failureOrNull();
        return failure == null ? new Success<>(done.result()) : new Failed<>(failure);
    }

    /**
     * It ended with a value.
     *
     * @param value the value
     */
    record Success<T extends @Nullable Object>(T value) implements Outcome<T> {
        @Override
        public T get() {
            return value;
        }

        @Override
        public @Nullable Throwable failure() {
            return null;
        }
    }

    /**
     * It failed or was cancelled.
     *
     * @param failure what was thrown
     */
    record Failed<T extends @Nullable Object>(Throwable failure) implements Outcome<T> {
        @Override
        public T get() {
            throw Future.<RuntimeException>sneaky(failure);
        }
    }
}

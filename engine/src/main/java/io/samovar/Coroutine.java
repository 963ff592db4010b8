package io.samovar;

import org.jspecify.annotations.Nullable;

/**
 * A computation that can pause where it awaits, and gives a {@code T} in the end.
 *
 * <p>Making one runs nothing, as with Python's {@code async def}; awaiting it, or {@link Async#createTask making a task}
 * of it, does, and only once. A coroutine runs on the loop thread between two awaits without interruption, so it needs
 * no locks.
 *
 * @param <T> the type of the result
 */
public abstract class Coroutine<T extends @Nullable Object> implements Awaitable<T> {
    private static final Coroutine<@Nullable Object> DONE = new Finished<>(null);

    /** For kinds of waiting that begin when they are awaited; a coroutine that awaits others is a {@link Frame}. */
    protected Coroutine() {}

    /** A coroutine that is finished with {@code value}. */
    public static <T extends @Nullable Object> Coroutine<T> of(T value) {
        return new Finished<>(value);
    }

    /** A coroutine that is finished and has no value. */
    @SuppressWarnings("unchecked") // it holds null, which is of every type
    public static <T extends @Nullable Object> Coroutine<T> done() {
        return (Coroutine<T>) DONE;
    }

    /** A coroutine that has its value already. */
    private static final class Finished<T extends @Nullable Object> extends Coroutine<T> {
        private final @Nullable Object value;

        Finished(@Nullable Object value) {
            this.value = value;
        }

        @Override
        public @Nullable Object poll(Task<?> task) {
            return value;
        }

        @Override
        public void park(Task<?> task) {
            task.wakeup();
        }

        @Override
        public boolean interrupt(Task<?> task, @Nullable String message) {
            return false;
        }
    }
}

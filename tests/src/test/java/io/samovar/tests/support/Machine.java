package io.samovar.tests.support;

import io.samovar.Awaitable;
import io.samovar.Frame;
import io.samovar.Task;
import org.jspecify.annotations.Nullable;

/**
 * A coroutine whose state machine is a lambda: what compiled code does, spelled out where it is tested.
 *
 * @param <T> the type of the result
 */
public final class Machine<T extends @Nullable Object> extends Frame<T> {
    private final Body body;

    /** The first number for an await; {@link Frame} keeps 0 for the start. */
    public static final int FIRST = 1;

    public Machine(Body body) {
        this.body = body;
    }

    /** The code of {@code resume}. */
    @FunctionalInterface
    public interface Body {
        /** {@code at} is 0 at the start; then there is nothing to {@linkplain Machine#got get}. */
        @Nullable
        Object resume(Machine<?> self, Task<?> task, int at) throws Throwable;
    }

    @Override
    protected @Nullable Object resume(Task<?> task, int at) throws Throwable {
        return body.resume(this, task, at);
    }

    /** {@link Frame#await}. */
    public @Nullable Object await(Awaitable<?> awaitable, Task<?> task) throws Throwable {
        return await(awaitable, task, FIRST);
    }

    /** {@link Frame#await}, with a number. */
    public @Nullable Object awaitAt(int number, Awaitable<?> awaitable, Task<?> task) throws Throwable {
        return await(awaitable, task, number);
    }

    /** {@link Frame#awaited}. */
    public static @Nullable Object got(Task<?> task) throws Throwable {
        return awaited(task);
    }

    /** {@link Frame#tail}. */
    public static Object goOn(Awaitable<?> awaitable, Task<?> task) {
        return tail(awaitable, task);
    }

    /** Awaits one thing and gives what it gives. */
    public static <T extends @Nullable Object> Machine<T> awaiting(Awaitable<T> awaitable) {
        return new Machine<>((self, task, at) -> at == 0 ? self.await(awaitable, task) : got(task));
    }

    /** Runs something in a coroutine. */
    public static Machine<@Nullable Void> running(Action action) {
        return new Machine<>((self, task, at) -> {
            action.run();
            return null;
        });
    }

    /** Code that may throw. */
    @FunctionalInterface
    public interface Action {
        void run() throws Throwable;
    }
}

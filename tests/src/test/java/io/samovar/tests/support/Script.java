package io.samovar.tests.support;

import io.samovar.Awaitable;
import io.samovar.Coroutine;
import io.samovar.Frame;
import io.samovar.Task;
import org.jspecify.annotations.Nullable;

/**
 * A coroutine put together from lambdas, each of which gives the next thing to await.
 *
 * <pre>{@code
 * Script.forEach(peer::read, peer::write).andFinally(peer::close)
 * }</pre>
 *
 * <p>is what the coroutine compiler makes of
 *
 * <pre>{@code
 * try {
 *     for (ByteBuf data; (data = await(peer.read())) != null; ) {
 *         await(peer.write(data));
 *     }
 * } finally {
 *     peer.close();
 * }
 * }</pre>
 *
 * @param <T> the type of the result
 */
public final class Script<T extends @Nullable Object> extends Frame<T> {
    private final Body body;

    private Script(Body body) {
        this.body = body;
    }

    /** The code of {@code resume}. */
    @FunctionalInterface
    private interface Body {
        @Nullable
        Object resume(Script<?> self, Task<?> task, int at) throws Throwable;
    }

    /** A step that needs nothing from the one before. */
    @FunctionalInterface
    public interface Step<R extends @Nullable Object> {
        R run() throws Throwable;
    }

    /** A step that goes on with what the one before gave. */
    @FunctionalInterface
    public interface Next<T extends @Nullable Object, R extends @Nullable Object> {
        R apply(T value) throws Throwable;
    }

    /** A step that gives nothing. */
    @FunctionalInterface
    public interface Action {
        void run() throws Throwable;
    }

    /** {@code return await(step());} */
    public static <T extends @Nullable Object> Script<T> of(Step<? extends Awaitable<? extends T>> step) {
        return new Script<>((self, task, at) -> tail(step.run(), task));
    }

    /** {@code return value();}, without any await. */
    public static <T extends @Nullable Object> Script<T> giving(Step<? extends T> value) {
        return new Script<>((self, task, at) -> value.run());
    }

    /** {@code for (T item; (item = await(next())) != null; ) await(body(item));} */
    public static <T> Script<@Nullable Void> forEach(
            Step<? extends Awaitable<? extends @Nullable T>> next, Next<? super T, ? extends Awaitable<?>> body) {
        return new Script<>((self, task, at) -> {
            for (int from = at; ; from = START) {
                Object item = from == 1 ? awaited(task) : null;
                if (from == 2) {
                    Object unused = awaited(task);
                }
                if (from != 1 && (item = self.await(next.run(), task, 1)) == SUSPENDED) {
                    return SUSPENDED;
                }
                if (item == null) {
                    return null;
                }
                if (self.await(body.apply(Script.<T>cast(item)), task, 2) == SUSPENDED) {
                    return SUSPENDED;
                }
            }
        });
    }

    /** {@code for (int i = 0; i < times; i++) await(body(i));} */
    public static Script<@Nullable Void> repeat(int times, Next<Integer, ? extends Awaitable<?>> body) {
        int[] next = {0};
        return forEach(() -> Coroutine.of(next[0] < times ? next[0]++ : null), body);
    }

    /** {@code return await(next(await(this)));} */
    public <R extends @Nullable Object> Script<R> then(Next<? super T, ? extends Awaitable<? extends R>> next) {
        return new Script<>((self, task, at) -> {
            Object got = at == START ? self.await(this, task, 1) : awaited(task);
            return got == SUSPENDED ? SUSPENDED : tail(next.apply(Script.<T>cast(got)), task);
        });
    }

    /** {@code return next(await(this));} */
    public <R extends @Nullable Object> Script<R> map(Next<? super T, ? extends R> next) {
        return then(value -> Coroutine.of(next.apply(value)));
    }

    /** {@code try { return await(this); } catch (X failure) { return rescue(failure); }} */
    public <X extends Throwable> Script<T> onFailure(Class<X> type, Next<? super X, ? extends T> rescue) {
        return new Script<>((self, task, at) -> {
            try {
                return at == START ? self.await(this, task, 1) : awaited(task);
            } catch (Throwable failure) {
                if (type.isInstance(failure)) {
                    return rescue.apply(type.cast(failure));
                }
                throw failure;
            }
        });
    }

    /** {@code try { return await(this); } finally { cleanUp(); }} */
    public Script<T> andFinally(Action cleanUp) {
        return new Script<>((self, task, at) -> {
            boolean suspended = false;
            try {
                Object got = at == START ? self.await(this, task, 1) : awaited(task);
                suspended = got == SUSPENDED;
                return got;
            } finally {
                if (!suspended) {
                    cleanUp.run();
                }
            }
        });
    }

    @Override
    protected @Nullable Object resume(Task<?> task, int at) throws Throwable {
        return body.resume(this, task, at);
    }

    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"}) // an await gives what its awaitable promises
    private static <T extends @Nullable Object> T cast(@Nullable Object got) {
        return (T) got;
    }
}

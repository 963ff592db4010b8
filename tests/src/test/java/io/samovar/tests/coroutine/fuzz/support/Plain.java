package io.samovar.tests.coroutine.fuzz.support;

import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/** The run-time of the plain form: what a coroutine means, without any machinery. Nothing ever waits. */
public final class Plain {
    private Plain() {}

    /** What can be awaited. */
    public interface Awaitable<T extends @Nullable Object> {
        T get() throws Exception;
    }

    /** A call that runs when it is awaited, once; or a value. */
    public static final class Coroutine<T extends @Nullable Object> implements Awaitable<T> {
        private @Nullable Callable<T> body;
        private final boolean once;

        private Coroutine(Callable<T> body, boolean once) {
            this.body = body;
            this.once = once;
        }

        public static <T extends @Nullable Object> Coroutine<T> of(T value) {
            return new Coroutine<>(() -> value, false);
        }

        public static <T> Coroutine<@Nullable T> done() {
            return new Coroutine<>(() -> null, false);
        }

        public static <T extends @Nullable Object> Coroutine<T> lazy(Callable<T> body) {
            return new Coroutine<>(body, true);
        }

        @Override
        public T get() throws Exception {
            Callable<T> call = body;
            if (call == null) {
                throw new IllegalStateException("awaited before");
            }
            if (once) {
                body = null;
            }
            return call.call();
        }
    }

    /** Where await is. */
    public static final class Async {
        private Async() {}

        public static <T extends @Nullable Object> T await(Awaitable<T> awaitable) throws Exception {
            return awaitable.get();
        }
    }

    /** A function that gives a coroutine. */
    public interface Fn<A extends @Nullable Object, R extends @Nullable Object> {
        Coroutine<R> call(A argument) throws Exception;
    }

    /** What the plain form awaits. */
    public static final class PlainTrace extends Trace {
        public <T extends @Nullable Object> Coroutine<T> give(int place, T value) {
            log(place, "give");
            return Coroutine.of(value);
        }

        public <T extends @Nullable Object> Awaitable<T> later(int place, T value) {
            return give(place, value);
        }

        public <T extends @Nullable Object> Coroutine<T> fail(int place) {
            log(place, "fail");
            return Coroutine.lazy(() -> {
                throw place % 3 == 0 ? new Snag("failed " + place) : new Boom("failed " + place);
            });
        }

        public <T extends @Nullable Object> Awaitable<T> failLater(int place) {
            return fail(place);
        }
    }
}

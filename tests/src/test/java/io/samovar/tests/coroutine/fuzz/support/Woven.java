package io.samovar.tests.coroutine.fuzz.support;

import static io.samovar.Async.await;

import io.samovar.Async;
import io.samovar.Awaitable;
import io.samovar.Coroutine;
import io.samovar.EventLoop;
import io.samovar.Promise;
import java.time.Duration;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** The run-time of the coroutine form. */
public final class Woven {
    private Woven() {}

    /** A function that gives a coroutine. */
    public interface Fn<A extends @Nullable Object, R extends @Nullable Object> {
        Coroutine<R> call(A argument) throws Exception;
    }

    /** How often an await suspends. */
    public enum Waits {
        NEVER,
        ALWAYS,
        SOMETIMES
    }

    /** What the coroutine form awaits. */
    public static final class WovenTrace extends Trace {
        private final Waits waits;
        private final Random random;

        public WovenTrace(Waits waits, long seed) {
            this.waits = waits;
            this.random = new Random(seed);
        }

        private boolean waits() {
            return waits == Waits.ALWAYS || (waits == Waits.SOMETIMES && random.nextBoolean());
        }

        public <T extends @Nullable Object> Coroutine<T> give(int place, T value) {
            log(place, "give");
            if (waits()) {
                return random.nextBoolean() ? slow(value) : slowByTail(value);
            }
            return random.nextBoolean() ? Coroutine.of(value) : quick(value);
        }

        public <T extends @Nullable Object> Awaitable<T> later(int place, T value) {
            log(place, "give");
            Promise<T> promise = EventLoop.current().createFuture();
            if (!waits()) {
                promise.setResult(value);
            } else if (random.nextBoolean()) {
                EventLoop.current().callSoon(() -> promise.setResult(value));
            } else {
                return Async.createTask(slow(value));
            }
            return promise;
        }

        public <T extends @Nullable Object> Coroutine<T> fail(int place) {
            log(place, "fail");
            return failing(failure(place), waits());
        }

        public <T extends @Nullable Object> Awaitable<T> failLater(int place) {
            log(place, "fail");
            Promise<T> promise = EventLoop.current().createFuture();
            Exception failure = failure(place);
            if (!waits()) {
                promise.setException(failure);
            } else if (random.nextBoolean()) {
                EventLoop.current().callSoon(() -> promise.setException(failure));
            } else {
                return Async.createTask(failing(failure, true));
            }
            return promise;
        }

        private static Exception failure(int place) {
            return place % 3 == 0 ? new Snag("failed " + place) : new Boom("failed " + place);
        }

        private static <T extends @Nullable Object> Coroutine<T> quick(T value) {
            return Coroutine.of(await(Coroutine.of(value)));
        }

        private static <T extends @Nullable Object> Coroutine<T> slow(T value) {
            await(Async.sleep(Duration.ZERO));
            return Coroutine.of(value);
        }

        private static <T extends @Nullable Object> Coroutine<T> slowByTail(T value) {
            await(Coroutine.done());
            return slow(value);
        }

        private static <T extends @Nullable Object> Coroutine<T> failing(Exception failure, boolean waits) {
            await(waits ? Async.sleep(Duration.ZERO) : Coroutine.done());
            throw WovenTrace.<RuntimeException>sneaky(failure);
        }

        @SuppressWarnings("unchecked") // no cast is made, so a checked exception passes
        private static <E extends Throwable> RuntimeException sneaky(Throwable failure) throws E {
            throw (E) failure;
        }
    }
}

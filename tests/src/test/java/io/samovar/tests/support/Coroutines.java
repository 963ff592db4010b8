package io.samovar.tests.support;

import static io.samovar.Async.await;

import io.samovar.Awaitable;
import io.samovar.Coroutine;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/** Coroutines that are too small for a method of their own. */
public final class Coroutines {
    private Coroutines() {}

    /** Awaits one thing, and gives what it gives. */
    public static <T extends @Nullable Object> Coroutine<T> awaiting(Awaitable<? extends T> awaitable) {
        return Coroutine.of(await(awaitable));
    }

    /** Runs a lambda as a coroutine: not even its first line runs before that does, whether there is an await in it or not. */
    public static <T extends @Nullable Object> Coroutine<T> coroutine(Callable<? extends Coroutine<? extends T>> body) {
        return calling(body);
    }

    /** Makes something on the loop, such as a read, and awaits it at once. */
    public static <T extends @Nullable Object> Coroutine<T> calling(Callable<? extends Awaitable<? extends T>> step) {
        Awaitable<? extends T> made;
        try {
            made = step.call();
        } catch (Exception failure) {
            throw Coroutines.<RuntimeException>asItIs(failure);
        }
        return Coroutine.of(await(made));
    }

    @SuppressWarnings("unchecked") // no cast is made, so a checked exception passes
    private static <E extends Throwable> RuntimeException asItIs(Throwable failure) throws E {
        throw (E) failure;
    }
}

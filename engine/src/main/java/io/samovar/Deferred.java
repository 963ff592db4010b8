package io.samovar;

import static io.samovar.Async.await;

import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/** A coroutine that is yet to be made. */
final class Deferred {
    private Deferred() {}

    /** Makes the coroutine on the loop, inside the task that runs it, and gives what it gives. */
    static <T extends @Nullable Object> Coroutine<T> call(Callable<? extends Coroutine<? extends T>> factory) {
        Coroutine<? extends T> made;
        try {
            made = factory.call();
        } catch (Exception failure) {
            throw Future.<RuntimeException>sneaky(failure);
        }
        return Coroutine.of(
                await(Objects.requireNonNull(made, "a coroutine returned null: return Coroutine.done() instead")));
    }
}

package io.samovar;

import static io.samovar.Async.await;

import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/** A coroutine that is yet to be made. */
final class Deferred {
    private Deferred() {}

    /** Makes the coroutine on the loop, inside the task that runs it. */
    static <T extends @Nullable Object> Coroutine<? extends T> call(
            Callable<? extends Coroutine<? extends T>> factory) {
        await(Coroutine.done()); // without any await this were no coroutine, and would call at once
        Coroutine<? extends T> made;
        try {
            made = factory.call();
        } catch (Exception failure) {
            throw Future.<RuntimeException>sneaky(failure);
        }
        return made; // a tail call: nothing of this stays in the task or in its traces
    }
}

package io.samovar;

import static io.samovar.Async.await;

import org.jspecify.annotations.Nullable;

/** The end of a loop over an iterator, as try-with-resources would do it. */
final class Closing {
    private Closing() {}

    /** @param failed what the loop ended with; what goes wrong in closing is added to it */
    static Coroutine<@Nullable Void> after(@Nullable Throwable failed, AsyncIterator<?> iterator) {
        try {
            await(iterator.close());
        } catch (Throwable closing) {
            if (failed == null) {
                throw closing;
            }
            if (failed != closing) {
                failed.addSuppressed(closing);
            }
        }
        return Coroutine.done();
    }
}

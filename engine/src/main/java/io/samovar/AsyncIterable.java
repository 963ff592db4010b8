package io.samovar;

import static io.samovar.Async.await;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What can be gone through with an {@link AsyncIterator}. asyncio: {@code AsyncIterable}.
 *
 * <p>{@code () -> lines(file)} makes one that begins anew each time, of a method that gives an {@link AsyncSequence}.
 *
 * @param <T> the type of the elements
 */
@FunctionalInterface
public interface AsyncIterable<T extends @Nullable Object> {
    /** An iterator, at the beginning if there can be more than one. Waits for nothing. Python: {@code aiter}. */
    AsyncIterator<T> iterator();

    /**
     * Runs a coroutine for each element, one after the other, and closes the iterator, however that ends.
     *
     * <pre>{@code
     * await(lines(peer).forEach(line -> peer.writeLine(line)));
     * }</pre>
     */
    default Coroutine<@Nullable Void> forEach(Function<? super T, ? extends Coroutine<?>> body) {
        AsyncIterator<T> elements = iterator();
        Throwable failed = null;
        try {
            while (await(elements.hasNext())) {
                await(body.apply(elements.next()));
            }
        } catch (Throwable failure) {
            failed = failure;
            throw failure;
        } finally {
            await(Closing.after(failed, elements));
        }
        return Coroutine.done();
    }

    /** All elements in a list. Python: an asynchronous comprehension. */
    default Coroutine<List<T>> toList() {
        List<T> list = new ArrayList<>();
        await(forEach(element -> {
            list.add(element);
            return Coroutine.done();
        }));
        return Coroutine.of(list);
    }
}

package io.samovar;

import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/**
 * Elements that come one after the other, each perhaps only after a wait. asyncio: what {@code async for} goes through.
 *
 * <pre>{@code
 * AsyncIterator<String> lines = ...;
 * while (await(lines.hasNext())) {
 *     System.out.println(lines.next());
 * }
 * }</pre>
 *
 * <p>It is {@link java.util.Iterator} with a wait in {@code hasNext}. So {@code null} may be an element, asking twice skips nothing,
 * and a wait that is cancelled loses nothing: only {@link #next} takes an element, and that never waits.
 *
 * <p>At its end, and when it fails, an iterator has let go of what it held. Who leaves the loop early closes it; {@link
 * AsyncIterable#forEach} does so by itself:
 *
 * <pre>{@code
 * try {
 *     while (await(lines.hasNext())) {
 *         if (lines.next().isEmpty()) {
 *             break;
 *         }
 *     }
 * } finally {
 *     await(lines.close());
 * }
 * }</pre>
 *
 * <p>An iterator belongs to one loop's thread and is used by one task at a time.
 *
 * @param <T> the type of the elements
 */
public interface AsyncIterator<T extends @Nullable Object> {
    /**
     * Waits until there is a next element, or there will be none. Does not take it: asked again before {@link #next}, it
     * says the same at once. After the end, a failure or {@link #close} it gives {@code false}.
     *
     * @return whether there is one; its failure is that of what makes the elements
     */
    Coroutine<Boolean> hasNext();

    /**
     * Takes the element that {@link #hasNext} has found. Never waits.
     *
     * @throws NoSuchElementException if {@code hasNext} has not said that there is one since the last was taken
     */
    T next();

    /**
     * Ends the iteration early, and gives back what it holds. Closing one that is at its end does nothing, as does closing twice.
     * Without a {@code close} of its own, an iterator holds nothing.
     */
    default Coroutine<@Nullable Void> close() {
        return Coroutine.done();
    }
}

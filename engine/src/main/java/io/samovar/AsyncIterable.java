package io.samovar;

import static io.samovar.Async.await;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Flow;
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
    /** The window of {@link #from(Flow.Publisher)}. */
    int WINDOW = 64;

    /** {@link #from(Flow.Publisher, int)} with a window of {@value #WINDOW}. */
    static <T> AsyncIterable<T> from(Flow.Publisher<? extends T> publisher) {
        return from(publisher, WINDOW);
    }

    /**
     * The elements of a publisher. Each iterator subscribes when its first element is asked for, and cancels its subscription when it
     * is closed: one that is left early must be closed. {@link #iterator} has to be called on a running loop.
     *
     * <p>The publisher may be on any thread. Its failure leaves {@code hasNext} as it is, after the elements that came before it.
     *
     * @param window how many elements may be on their way or waiting: so many are requested at first, and more as they are taken
     */
    static <T> AsyncIterable<T> from(Flow.Publisher<? extends T> publisher, int window) {
        Objects.requireNonNull(publisher, "publisher");
        if (window <= 0) {
            throw new IllegalArgumentException("the window must be at least 1, not " + window);
        }
        return () -> new PublisherIterator<>(publisher, window);
    }

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

    /**
     * A publisher of the elements, for code that knows nothing of the loop. Any thread may subscribe, request and cancel; the
     * subscriber is called on the loop thread, and must not block it.
     *
     * <p>Each subscriber gets an {@link #iterator} and a task that goes through it, as far as elements are requested and no further.
     * Cancelling cancels what the iterator waits for and closes it. If the task is cancelled otherwise, as at the end of {@link
     * Async#run}, the subscriber gets a {@code CancellationException}; if the loop is closed, nothing more. {@code null} is no
     * element for a publisher, and fails it.
     */
    default Flow.Publisher<T> toPublisher(EventLoop loop) {
        return new IterablePublisher<>(loop, this);
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

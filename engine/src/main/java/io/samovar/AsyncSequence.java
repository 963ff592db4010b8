package io.samovar;

import java.util.Objects;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/**
 * The elements that a coroutine emits: an asynchronous generator.
 *
 * <pre>{@code
 * static AsyncSequence<String> words(TcpStream peer) {
 *     return AsyncSequence.generate(out -> {
 *         for (String line; (line = await(peer.readLine())) != null; ) {
 *             for (String word : line.split(" ")) {
 *                 await(out.emit(word));
 *             }
 *         }
 *         return Coroutine.done();
 *     });
 * }
 *
 * AsyncSequence<String> words = words(peer);
 * while (await(words.hasNext())) {
 *     use(words.next());
 * }
 * }</pre>
 *
 * <p>The coroutine runs only while somebody waits in {@link #hasNext}, as a part of that task: there is no second task, no queue
 * and no turn of the loop between the two. It starts with the first {@code hasNext} and stands still at each {@code emit}. What it
 * throws leaves {@code hasNext}. If the task is cancelled while the coroutine waits, the {@link CancelledError} is thrown there, as
 * in any coroutine that is awaited.
 *
 * <p>{@link #close} throws a {@link GeneratorExit} at the {@code emit} at which it stands, so that its {@code finally} blocks run,
 * and they may await. A sequence that was begun and is neither at its end nor closed is closed when it is collected, or at the
 * latest at the end of {@link Async#run}.
 *
 * <p>A sequence is gone through once. Do not emit inside a time limit or a task group: their body would go on to count while the
 * consumer has its turn. Python: a function with {@code async def} and {@code yield}.
 *
 * @param <T> the type of the elements
 */
public final class AsyncSequence<T extends @Nullable Object> implements AsyncIterable<T>, AsyncIterator<T> {
    /** Nothing that this leads to leads back here: a sequence that nobody can reach is closed. */
    final GeneratorFrame<T> generator;

    private AsyncSequence(GeneratorFrame<T> generator) {
        this.generator = generator;
    }

    /** What makes the elements. */
    @FunctionalInterface
    public interface Generator<T extends @Nullable Object> {
        /**
         * Makes the coroutine that emits the elements, when the first is asked for.
         *
         * @param out takes the elements
         */
        Coroutine<?> run(Emitter<T> out) throws Exception;
    }

    /** Where a generator puts its elements. */
    public interface Emitter<T extends @Nullable Object> {
        /**
         * Gives an element to the consumer, and stands still until the next one is asked for. Only the generator's coroutine, or
         * one that it awaits, may await this, not another task.
         */
        Coroutine<@Nullable Void> emit(T element);
    }

    /** A sequence of what {@code generator} emits. Runs nothing. */
    public static <T extends @Nullable Object> AsyncSequence<T> generate(Generator<T> generator) {
        return new AsyncSequence<>(new GeneratorFrame<>(Objects.requireNonNull(generator, "generator")));
    }

    /** This: a sequence is gone through once. */
    @Override
    public AsyncIterator<T> iterator() {
        return this;
    }

    /** {@inheritDoc} It serves one subscriber, and fails for a second. */
    @Override
    public Flow.Publisher<T> toPublisher(EventLoop loop) {
        boolean[] taken = {false};
        return new IterablePublisher<>(loop, () -> {
            if (taken[0]) {
                throw new IllegalStateException("a sequence is gone through once, and has a subscriber already");
            }
            taken[0] = true;
            return this;
        });
    }

    /**
     * {@inheritDoc}
     *
     * @throws IllegalStateException at the await, if a task waits in here already
     */
    @Override
    public Coroutine<Boolean> hasNext() {
        return new GeneratorStep.Next(this);
    }

    @Override
    public T next() {
        return generator.take();
    }

    /**
     * {@inheritDoc}
     *
     * <p>One that has not begun never runs.
     *
     * @throws IllegalStateException at the await, if a task waits in {@link #hasNext}; or if the generator goes on to emit
     */
    @Override
    public Coroutine<@Nullable Void> close() {
        return new GeneratorStep.Close(this, generator);
    }
}

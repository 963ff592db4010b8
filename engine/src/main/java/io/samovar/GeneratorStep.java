package io.samovar;

import org.jspecify.annotations.Nullable;

/**
 * What a consumer awaits: the generator from one emit to the next, or to its end.
 *
 * <p>The generator runs either on top of this on the Java stack, which it does first, or from the task's trampoline. An emit leads
 * back here in both cases.
 */
abstract class GeneratorStep<T extends @Nullable Object> extends Frame<T> {
    private static final int RAN = 1;

    /** Held so that a sequence is not taken for abandoned while its generator runs; {@code null} if it was abandoned. */
    final @Nullable AsyncSequence<?> sequence;

    final GeneratorFrame<?> generator;

    private GeneratorStep(@Nullable AsyncSequence<?> sequence, GeneratorFrame<?> generator) {
        this.sequence = sequence;
        this.generator = generator;
    }

    /** Has the generator do something, or gives the result at once. */
    abstract @Nullable Object start(Task<?> task) throws Throwable;

    /**
     * The generator stands at an emit or is at its end.
     *
     * @param failure what it ended with
     */
    abstract @Nullable Object ran(@Nullable Throwable failure) throws Throwable;

    @Override
    protected final @Nullable Object resume(Task<?> task, int at) throws Throwable {
        if (at == START) {
            return start(task);
        }
        Throwable failed = null;
        try {
            awaited(task);
        } catch (Throwable failure) {
            failed = failure;
        }
        generator.pause();
        return ran(failed);
    }

    /** Runs the generator from its beginning, on the Java stack as far as it gets. */
    final @Nullable Object runFirst(Task<?> task) throws Throwable {
        Throwable failed = null;
        try {
            if (await(generator, task, RAN) == SUSPENDED && !generator.hasElement) {
                return SUSPENDED;
            }
        } catch (Throwable failure) {
            failed = failure;
        }
        generator.pause();
        return ran(failed);
    }

    /** Has the task go on behind the emit. */
    final Object goOnAt(Emission emission, Task<?> task) {
        Frame<?> behind = emission.parent;
        assert behind != null : "it suspended the frame that awaits it";
        return goOnWith(behind, task, RAN);
    }

    /** To the next element. */
    static final class Next extends GeneratorStep<Boolean> {
        Next(AsyncSequence<?> sequence) {
            super(sequence, sequence.generator);
        }

        @Override
        @Nullable
        Object start(Task<?> task) throws Throwable {
            return generator.hasElement || generator.isOver() ? ran(null) : generator.advance(this, task);
        }

        @Override
        Object ran(@Nullable Throwable failure) throws Throwable {
            if (failure != null) {
                throw failure;
            }
            return generator.hasElement;
        }
    }

    /** To the end. */
    static final class Close extends GeneratorStep<@Nullable Void> {
        Close(@Nullable AsyncSequence<?> sequence, GeneratorFrame<?> generator) {
            super(sequence, generator);
        }

        @Override
        @Nullable
        Object start(Task<?> task) {
            return generator.exit(this, task);
        }

        @Override
        @Nullable
        Object ran(@Nullable Throwable failure) throws Throwable {
            if (failure != null && !(failure instanceof GeneratorExit)) {
                throw failure;
            }
            if (generator.hasElement) {
                generator.drop();
                throw new IllegalStateException(
                        "the generator went on to emit although it was closed: let GeneratorExit pass, or return");
            }
            return null;
        }
    }
}

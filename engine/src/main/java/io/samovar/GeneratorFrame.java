package io.samovar;

import io.samovar.AsyncSequence.Emitter;
import io.samovar.AsyncSequence.Generator;
import java.lang.ref.Cleaner;
import java.util.NoSuchElementException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The outermost frame of a generator, and what is known of it.
 *
 * <p>NEW -> RUNNING -> PAUSED at an emit -> RUNNING -> ... -> OVER. While it runs, its parent is the {@link GeneratorStep} that its
 * consumer awaits, so the generator's frames and the consumer's are one chain, as with any coroutine that is awaited. An emit
 * ({@link Emission}) cuts the chain there: the task goes on with the step, and the frames inside stay as they are until another
 * step joins them.
 */
final class GeneratorFrame<T extends @Nullable Object> extends Frame<@Nullable Void> implements Emitter<T>, Runnable {
    /** {@code null} once it has begun. */
    private @Nullable Generator<T> body;

    /** Where it runs; {@code null} before it has begun. */
    @Nullable
    EventLoop loop;

    /** Has it closed when nobody can reach its sequence any more. */
    private Cleaner.@Nullable Cleanable watch;

    /** Whom it runs for; {@code null} unless it is running. */
    @Nullable
    GeneratorStep<?> step;

    private @Nullable Task<?> task;

    /** The emit at which it is paused; {@code null} unless it is. */
    private @Nullable Emission emission;

    /** An element was emitted that the consumer has not taken. */
    boolean hasElement;

    private @Nullable T element;
    /** It has returned or failed, or was closed. */
    private boolean over;
    /** No element is given any more, whether the coroutine has ended or not. */
    private boolean closed;

    GeneratorFrame(Generator<T> body) {
        this.body = body;
        if (DebugMode.IS_DEFAULT) {
            // A sequence that nobody goes through is no coroutine that was forgotten.
            DebugMode.NeverAwaited.started(this);
        }
    }

    boolean isOver() {
        return over || closed;
    }

    /** Takes the element. */
    @SuppressWarnings("NullAway") // it was given as a T, which may be a nullable type
    T take() {
        if (!hasElement) {
            throw new NoSuchElementException("no element is there: await hasNext() first, which must give true");
        }
        T taken = element;
        drop();
        return taken;
    }

    void drop() {
        element = null;
        hasElement = false;
    }

    /** Has it run for {@code next} until the next emit or to its end. What this gives is what the step returns. */
    @Nullable
    Object advance(GeneratorStep<?> next, Task<?> by) throws Throwable {
        begin(next, by);
        Emission at = emission;
        if (at == null) {
            return next.runFirst(by);
        }
        emission = null;
        parent = next;
        return next.goOnAt(at, by);
    }

    /**
     * Has the emit where it stands throw; or ends it at once if it does not stand there.
     *
     * @return {@link #SUSPENDED} if it is cleaning up
     */
    @Nullable
    Object exit(GeneratorStep<?> by, Task<?> task) {
        checkNotRunning();
        closed = true;
        drop();
        Emission at = emission;
        if (at == null) {
            if (!over) {
                over();
            }
            return null;
        }
        begin(by, task);
        emission = null;
        parent = by;
        task.loop.handedError = new GeneratorExit();
        return by.goOnAt(at, task);
    }

    private void begin(GeneratorStep<?> next, Task<?> by) {
        checkNotRunning();
        if (loop == null) {
            loop = by.loop;
            loop.generators.add(this);
            watch = Collected.CLEANER.register(Objects.requireNonNull(next.sequence, "unused before it began"), this);
        } else if (loop != by.loop) {
            throw new IllegalStateException("this sequence was begun on another loop");
        }
        step = next;
        task = by;
    }

    private void checkNotRunning() {
        if (step != null) {
            throw new IllegalStateException("a task waits for this sequence's next element already: " + task);
        }
    }

    /** The step has ended. */
    void pause() {
        step = null;
        task = null;
        parent = null; // it leads to the consumer, and so to the sequence
    }

    @Override
    public Coroutine<@Nullable Void> emit(T emitted) {
        return new Emission(this, emitted);
    }

    /** The innermost frame is about to stand still. */
    @SuppressWarnings("unchecked") // emit() has put in a T
    void emitted(Emission at, @Nullable Object emitted, Task<?> by) {
        if (step == null || by != task) {
            throw new IllegalStateException(
                    "emit is for the generator's own coroutine and for those that it awaits: not for another task, nor for after"
                            + " its end");
        }
        emission = at;
        element = (T) emitted;
        hasElement = true;
        by.leaf = step; // so the task goes on there, unless the step is on the Java stack and sees it itself
    }

    @Override
    protected @Nullable Object resume(Task<?> by, int at) throws Throwable {
        try {
            if (at == START) {
                Generator<T> maker = Objects.requireNonNull(body);
                body = null;
                Coroutine<?> made = Objects.requireNonNull(
                        maker.run(this), "a generator returned null: return Coroutine.done() instead");
                if (await(made, by, 1) == SUSPENDED) {
                    return SUSPENDED;
                }
            } else {
                awaited(by);
            }
            over();
            return null;
        } catch (Throwable failure) {
            over();
            throw failure;
        }
    }

    private void over() {
        over = true;
        body = null;
        if (watch != null) {
            watch.clean();
        }
        if (loop != null) {
            loop.generators.remove(this);
        }
    }

    /** Its sequence was collected: this is the cleaner's thread, unless it is over. */
    @Override
    public void run() {
        EventLoop owner = loop;
        if (over || owner == null || owner.isClosed()) {
            return;
        }
        try {
            owner.execute(() -> {
                if (!over) {
                    Task<?> unused = owner.createTask(new GeneratorStep.Close(null, this));
                }
            });
        } catch (LoopClosedException closedMeanwhile) {
            // its frames are as dead as the loop's tasks
        }
    }
}

package io.samovar;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The state machine of one call of a coroutine: frame and coroutine are one object.
 *
 * <p>Programs write methods that return {@link Coroutine} and call {@link Async#await}, and the coroutine compiler makes frames of
 * them. This is the run-time protocol that they follow, and that a coroutine written by hand follows too:
 *
 * <pre>{@code
 * final class Echo extends Frame<Void> {
 *     private final TcpStream peer;
 *
 *     Echo(TcpStream peer) {
 *         this.peer = peer;
 *     }
 *
 *     protected Object resume(Task<?> task, int at) throws Throwable {
 *         Object data = at == START ? null : awaited(task);        // what the await at "at" gave, or throws
 *         for (boolean read = at == 1; ; read = false) {
 *             if (!read && (data = await(peer.read(), task, 1)) == SUSPENDED) return SUSPENDED;
 *             if (data == null) return null;                       // the end of the stream
 *             if (await(peer.write((ByteBuf) data), task, 2) == SUSPENDED) return SUSPENDED;
 *         }
 *     }
 * }
 * }</pre>
 *
 * <p>A {@link Task} drives the innermost frame directly: resuming costs the same at any depth, and a child that never
 * suspends costs a method call. No Java stack grows with the length of a loop, with the depth of a recursion or with a
 * chain of tail calls.
 *
 * @param <T> the type of the result
 */
public abstract class Frame<T extends @Nullable Object> extends Coroutine<T> {
    /** What {@link #resume} returns when the task has to wait. */
    public static final Object SUSPENDED = PENDING;

    /** The state of a frame that has not run yet, and the {@code at} of its first {@link #resume}. */
    protected static final int START = 0;

    private static final int CLAIMED = -1;
    /** See {@link #end}. */
    private static final int ENDED = Integer.MIN_VALUE;
    /** A running frame's state is this less its depth: the frames that it has below it on the Java stack. */
    private static final int RUNNING = -2;

    /** What {@link #resume} returns when another awaitable takes its place. */
    private static final Object TAIL = new Object();

    /**
     * Frames that call each other directly on one Java stack; the next one is left to the task's trampoline. High enough
     * that ordinary code never notices, low enough for small thread stacks.
     */
    static final int MAX_DEPTH = 128;

    /** START -> CLAIMED -> RUNNING -> k -> RUNNING -> ..., where k > 0 is the await at which the frame is suspended. */
    private int state = START;

    /** The frame that awaits this one; valid only while this one is suspended, and see {@link Task#leaf}. */
    @Nullable
    Frame<?> parent;

    @SuppressWarnings("this-escape") // to a map that looks at nothing but its identity
    protected Frame() {
        if (DebugMode.IS_DEFAULT) {
            DebugMode.NeverAwaited.made(this);
        }
    }

    /**
     * Runs until the next await that has to wait, or to the end.
     *
     * @param task the task that drives this frame
     * @param at {@link #START}, or the number that was given to the await that suspended; then call {@link #awaited}
     * @return the result, {@link #SUSPENDED} if an await said so, or what {@link #tail} gave
     * @throws Throwable the failure of the coroutine
     */
    protected abstract @Nullable Object resume(Task<?> task, int at) throws Throwable;

    /**
     * Where in the source the await is that has number {@code at}, for stack traces; {@code null} if that is not known.
     */
    protected @Nullable StackTraceElement at(int at) {
        return null;
    }

    /**
     * {@link #at(int)} for compiled code.
     *
     * @param owner the class that the coroutine was written in
     * @param method its method
     * @param file its source file, if that is known
     * @param lines a character for each await, whose code is the line, 0 if that is not known
     * @param at the number of the await, from 1
     */
    protected static StackTraceElement at(String owner, String method, @Nullable String file, String lines, int at) {
        int line = at <= lines.length() ? lines.charAt(at - 1) : 0;
        return new StackTraceElement(owner, method, file, line == 0 ? -1 : line);
    }

    /** Where this frame is suspended; {@code null} if it is not, or if that is not known. */
    final @Nullable StackTraceElement awaitsAt() {
        int at = state; // once: a debugger may ask while the frame runs
        return at > START ? at(at) : null;
    }

    /**
     * Awaits.
     *
     * @param resumeAt the number, above 0, that {@link #resume} will get if the task has to wait
     * @return the value; or {@link #SUSPENDED}, and then {@code resume} must save what it needs and return that at once
     */
    protected final @Nullable Object await(Awaitable<?> awaitable, Task<?> task, int resumeAt) throws Throwable {
        return await(awaitable, this, task, resumeAt);
    }

    /**
     * {@link #await(Awaitable, Task, int)} of {@code self}, for compiled code, whose body stays in the class that it was
     * written in.
     *
     * @param awaitable what to await
     * @param self the frame that awaits
     * @param task the task that drives it
     * @param resumeAt the number, above 0, that {@link #resume} will get if the task has to wait
     * @return the value, or {@link #SUSPENDED}
     * @throws Throwable the failure
     */
    public static @Nullable Object await(Awaitable<?> awaitable, Frame<?> self, Task<?> task, int resumeAt)
            throws Throwable {
        assert resumeAt > 0;
        // A child is run to its end or its first wait, as a plain call. All in one method: a second one would be on the
        // Java stack, and in every stack trace that is filled in, as often as coroutines are deep.
        if (awaitable instanceof Frame<?> child) {
            if (child.state != START) {
                throw child.usedBefore();
            }
            if (DebugMode.IS_DEFAULT) {
                DebugMode.NeverAwaited.started(child);
            }
            int depth = RUNNING + 1 - self.state;
            if (depth >= MAX_DEPTH) {
                return self.leaveToTask(child, task, resumeAt);
            }
            child.state = RUNNING - depth;
            Object got = child.resume(task, START);
            if (got == SUSPENDED) {
                child.parent = self;
                self.state = resumeAt;
                return SUSPENDED; // the innermost frame has noted what the task waits for
            }
            return got == TAIL ? self.goOn(task, depth, resumeAt) : got;
        }
        Object got = awaitable.poll(task);
        if (got == SUSPENDED) {
            self.state = resumeAt;
            task.suspended(self, awaitable);
        }
        return got;
    }

    /** What the await gave at which this frame was suspended: its value, or its failure is thrown. */
    public static @Nullable Object awaited(Task<?> task) throws Throwable {
        return task.takeOutcome();
    }

    /**
     * Hands the rest over to another awaitable: {@code return tail(other, task)}. This frame is finished, so a chain of
     * such calls needs no memory.
     */
    public static Object tail(Awaitable<?> awaitable, Task<?> task) {
        task.loop.tail =
                Objects.requireNonNull(awaitable, "a coroutine returned null: return Coroutine.done() instead");
        return TAIL;
    }

    /** The trampoline in Task goes on with the child. */
    private Object leaveToTask(Frame<?> child, Task<?> task, int resumeAt) {
        child.claim();
        child.parent = this;
        task.setLeaf(child);
        state = resumeAt;
        return SUSPENDED;
    }

    /** Suspends this frame, and has the task go on with another one, from which the way leads back here. */
    final Object goOnWith(Frame<?> other, Task<?> task, int resumeAt) {
        task.leaf = other;
        state = resumeAt;
        return SUSPENDED;
    }

    /** Runs what a child has put in its place, and what that puts in its place. */
    private @Nullable Object goOn(Task<?> task, int depth, int resumeAt) throws Throwable {
        while (true) {
            Awaitable<?> next = task.takeTail();
            if (!(next instanceof Frame<?> child)) {
                return await(next, this, task, resumeAt);
            }
            child.claim();
            Object got = child.step(task, depth);
            if (got == SUSPENDED) {
                child.parent = this;
                state = resumeAt;
            }
            if (got != TAIL) {
                return got;
            }
        }
    }

    /** Takes the frame for one awaiter; a coroutine runs once. */
    final void claim() {
        if (state != START) {
            throw usedBefore();
        }
        if (DebugMode.IS_DEFAULT) {
            DebugMode.NeverAwaited.started(this);
        }
        state = CLAIMED;
    }

    private IllegalStateException usedBefore() {
        return new IllegalStateException(
                "this coroutine was awaited or made a task before: call its method again for a new one (" + this + ')');
    }

    /** One call of {@link #resume}, with so many frames below on the Java stack. */
    final @Nullable Object step(Task<?> task, int depth) throws Throwable {
        int at = Math.max(state, START);
        state = RUNNING - depth;
        return resume(task, at);
    }

    /** Marks the frame that its task still has as its leaf, though it has ended. */
    final void end() {
        state = ENDED;
    }

    final boolean hasEnded() {
        return state == ENDED;
    }

    /** Whether the frame has not run yet, so that a cancellation has nothing to unwind in it. */
    final boolean isUnstarted() {
        return state == CLAIMED || state == START;
    }

    /** The method that was written, as far as the name of a compiled frame's class tells. */
    final String method() {
        String name = getClass().getName();
        int body = name.indexOf("$$");
        int number = name.lastIndexOf('$');
        return body < 0 || number < body + 2
                ? name
                : name.substring(0, body) + '.' + name.substring(body + 2, number) + "()";
    }

    /** Whether nobody has taken the frame yet. */
    final boolean isNew() {
        return state == START;
    }

    @Override
    public String toString() {
        StackTraceElement place = awaitsAt();
        return place == null ? super.toString() : "coroutine at " + place;
    }

    static boolean isTail(@Nullable Object got) {
        return got == TAIL;
    }

    @Override
    public final @Nullable Object poll(Task<?> task) {
        throw new IllegalStateException(
                "a coroutine runs only when a coroutine awaits it or as a task: use createTask");
    }

    @Override
    public final void park(Task<?> task) {
        throw new IllegalStateException("a coroutine is never parked on");
    }

    @Override
    public final boolean interrupt(Task<?> task, @Nullable String message) {
        throw new IllegalStateException("a coroutine is never parked on");
    }
}

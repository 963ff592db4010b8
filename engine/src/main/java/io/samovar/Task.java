package io.samovar;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Runs a coroutine on a loop, and is the future of its result. asyncio: {@code Task}.
 *
 * <p>A task starts in the loop's next iteration. It runs until its coroutine awaits something that is not there yet, then
 * stands aside, and goes on when that has come. A task that is cancelled gets a {@link CancelledError} at its await.
 *
 * @param <T> the type of the result
 */
public final class Task<T extends @Nullable Object> extends Future<T> {
    /*
     * Not started: scheduled. Running: the loop's current task. Waiting: suspended, then parked, at waitsFor. Woken:
     * scheduled, still parked. Done: leaf and waitsFor are null.
     *
     * While a task runs, leaf and waitsFor are what they were before; they are written again only where they differ, for
     * a task that awaits the same thing in a loop need not touch them at all.
     *
     * The frames of a suspended task are a chain from the innermost ("leaf") outwards by Frame.parent. Only the leaf is
     * called when the task goes on; a result or a failure moves to the parent when a frame ends.
     */

    /** Not waiting: before the first step, in a step, or done. */
    private static final byte RUNS = 0;
    /** {@link #waitsFor} has said "not yet". */
    private static final byte SUSPENDED = 1;
    /** {@link #waitsFor} has this task parked, and has to be told when it is cancelled, woken or not. */
    private static final byte PARKED = 2;

    /** The innermost frame of a suspended task; {@code null} if the task awaits something that has no frame. */
    @Nullable
    Frame<?> leaf;

    /** What the leaf awaits; valid unless {@link #phase} is {@link #RUNS}. */
    private @Nullable Awaitable<?> waitsFor;

    /** In the loop's list of tasks that are not done. */
    @Nullable
    Task<?> next;

    @Nullable
    Task<?> previous;

    private @Nullable String cancelMessage;
    /** A {@link CancelledError} is to be thrown at the next step. */
    private boolean mustCancel;
    /** RUNS -> SUSPENDED -> PARKED -> RUNS ... */
    private byte phase = RUNS;
    /** In the ready queue. */
    private boolean scheduled;
    /** For {@link Yield}: the others have had their turn. */
    boolean yielded;

    Task(EventLoop loop, Awaitable<? extends T> awaitable) {
        super(loop);
        Objects.requireNonNull(awaitable, "awaitable");
        if (awaitable instanceof Frame<?> frame) {
            frame.claim();
            leaf = frame;
        } else {
            suspended(null, awaitable);
        }
        loop.tasks.add(this);
        wakeup();
    }

    /**
     * Asks the task to cancel: a {@link CancelledError} is thrown at the await where it stands, at its next step.
     *
     * <p>If it waits for a future or another task, that one is cancelled. A task that has not started never runs. The
     * coroutine may catch the error to clean up, and may even go on; the task is cancelled only if the error leaves it.
     *
     * @return {@code false} if the task was done
     */
    @Override
    public boolean cancel(@Nullable String message) {
        loop.checkThread();
        if (isDone()) {
            return false;
        }
        // A loop, for a chain of tasks may be longer than the stack; bounded, for tasks that await each other are a
        // ring.
        Task<?> innermost = this;
        for (int left = loop.tasks.size(); left > 0 && innermost.awaitsTask() != null; left--) {
            innermost = innermost.awaitsTask();
        }
        return innermost.cancelHere(message);
    }

    /** The task that this one is parked on and that is not done, or {@code null}. */
    private @Nullable Task<?> awaitsTask() {
        return phase == PARKED && waitsFor instanceof Task<?> awaits && !awaits.isDone() ? awaits : null;
    }

    private boolean cancelHere(@Nullable String message) {
        Awaitable<?> awaited = phase == PARKED ? waitsFor : null;
        if (awaited != null && awaitsTask() == null && awaited.interrupt(this, message)) {
            return true; // what it waits for wakes it with the cancellation
        }
        mustCancel = true;
        cancelMessage = message;
        if (awaited != null) {
            wakeup();
        }
        return true;
    }

    /**
     * Puts the task into the ready queue, to ask again what it waits for. For implementations of {@link Awaitable}; does
     * nothing if the task is there already or is done.
     */
    public void wakeup() {
        assert loop.isLoopThread() : "wakeup off the loop thread";
        if (!scheduled && !isDone()) {
            scheduled = true;
            loop.ready(this);
        }
    }

    /**
     * Takes one unit of the budget that the task has for one step, so that awaits which never really wait cannot starve
     * the others. For implementations of {@link Awaitable} that do I/O: on {@code false} answer {@link #PENDING} and wake
     * the task in {@code park}. tokio: cooperative budgeting.
     */
    public boolean spendBudget() {
        return --loop.budget >= 0;
    }

    /**
     * Takes what an operation has cost beyond the unit it began with, so that a few large transfers count as much as many
     * small ones.
     */
    public void spendExtra(int units) {
        loop.budget = Math.max(loop.budget - units, -1);
    }

    /** Whether the budget of this step is spent, so that {@code park} must wake the task at once. */
    public boolean isBudgetSpent() {
        return loop.budget < 0;
    }

    /** One step: from one wait to the next, or to the end. Only the loop calls this. */
    void run() {
        scheduled = false;
        if (isDone()) {
            return; // it was woken while it ran its last step
        }
        loop.enter(this);
        try {
            advance();
        } finally {
            loop.leave();
        }
    }

    // As small as it is so that HotSpot compiles it into the loop's own method.
    private void advance() {
        Object got = null;
        Throwable thrown = null;
        Throwable traced = null; // its stack trace shows the whole chain of awaits already
        try {
            got = arrived();
            if (got == PENDING) {
                return;
            }
        } catch (Throwable failure) {
            thrown = failure;
            traced = traced(failure, leaf);
        }
        Frame<?> frame = leaf;
        while (frame != null) {
            Frame<?> parent = frame.parent;
            if (thrown != null && frame.isUnstarted()) {
                frame.parent = null;
                frame = parent; // cancelled before its first step: its body never runs
                continue;
            }
            hand(got, thrown);
            got = null;
            thrown = null;
            try {
                got = frame.step(this, 0);
                if (Frame.isTail(got)) {
                    Awaitable<?> rest = takeTail();
                    if (rest instanceof Frame<?> replacement) {
                        replacement.claim();
                        replacement.parent = parent;
                        frame = replacement;
                        got = null;
                        continue;
                    }
                    got = rest.poll(this);
                    if (got == PENDING) {
                        suspended(parent, rest);
                    }
                }
                if (got == PENDING) {
                    if (phase == SUSPENDED) {
                        parkOn(waitsFor);
                        return;
                    }
                    got = null;
                    frame = leaf; // a child so deep that it is called from here
                    continue;
                }
            } catch (Throwable failure) {
                got = null;
                thrown = failure;
                if (phase != RUNS) { // what it awaits did not take it: the await itself fails
                    phase = RUNS;
                    frame = leaf;
                    traced = traced(thrown, frame);
                    continue;
                }
                if (thrown != traced) {
                    traced = traced(thrown, parent);
                }
            }
            frame.parent = null; // it has ended: somebody may hold it, and must not hold its callers
            frame = parent;
        }
        finish(got, thrown);
    }

    /** What the task waited for, or {@link #PENDING} once more, and then it is parked again. */
    private @Nullable Object arrived() throws Throwable {
        Awaitable<?> awaited = phase == RUNS ? null : waitsFor;
        phase = RUNS;
        if (mustCancel) {
            mustCancel = false;
            yielded = false; // a task that cancels itself may be woken by a Yield whose turn it does not take
            throw new CancelledError(cancelMessage);
        }
        if (awaited == null) {
            return null;
        }
        Object got = awaited.poll(this);
        if (got == PENDING) {
            parkOn(awaited);
        }
        return got;
    }

    private static Throwable traced(Throwable failure, @Nullable Frame<?> awaitedBy) {
        AwaitTrace.append(failure, awaitedBy);
        return failure;
    }

    private void hand(@Nullable Object got, @Nullable Throwable thrown) {
        if (got != null) {
            loop.handedValue = got;
        }
        if (thrown != null) {
            loop.handedError = thrown;
        }
    }

    private void parkOn(@Nullable Awaitable<?> awaited) {
        assert awaited != null : "suspended";
        awaited.park(this);
        phase = PARKED;
        if (mustCancel && !scheduled) { // it cancelled itself before it came to wait
            if (awaited.interrupt(this, cancelMessage)) {
                mustCancel = false;
            } else {
                wakeup();
            }
        }
    }

    private void finish(@Nullable Object got, @Nullable Throwable thrown) {
        loop.handedValue = null;
        loop.handedError = null;
        leaf = null;
        waitsFor = null;
        loop.finished(this);
        if (thrown instanceof CancelledError cancellation) {
            cancelWith(cancellation);
        } else if (thrown != null) {
            AwaitTrace.tidy(thrown);
            failWith(thrown);
            loop.rethrowIfFatal(thrown);
        } else if (mustCancel) {
            mustCancel = false;
            cancelWith(new CancelledError(cancelMessage));
        } else {
            finishWith(got);
        }
    }

    /** The innermost frame, if there is one, waits for something that is not a frame. */
    void suspended(@Nullable Frame<?> at, Awaitable<?> awaitable) {
        phase = SUSPENDED;
        if (leaf != at) {
            leaf = at;
        }
        if (waitsFor != awaitable) {
            waitsFor = awaitable;
        }
    }

    Awaitable<?> takeTail() {
        Awaitable<?> taken = loop.tail;
        assert taken != null;
        loop.tail = null;
        return taken;
    }

    /** What the resumed frame's await gives. */
    @Nullable
    Object takeOutcome() throws Throwable {
        Throwable thrown = loop.handedError;
        if (thrown != null) {
            loop.handedError = null;
            throw thrown;
        }
        Object given = loop.handedValue;
        if (given != null) {
            loop.handedValue = null;
        }
        return given;
    }
}

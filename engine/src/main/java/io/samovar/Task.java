package io.samovar;

import java.util.List;
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
     * a task that awaits the same thing in a loop need not touch them at all. When the leaf has ended, its parent is the frame
     * that runs: nothing else leads there from the task.
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
    /** {@link #waitsFor} has forgotten this task, because it is cancelled: no {@link #uncancel()} takes that back. */
    private static final byte INTERRUPTED = 3;

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

    /** {@code null} until there is something to put into it. */
    @Nullable
    TaskDetails details;

    /** A {@link CancelledError} is to be thrown at the next step. */
    private boolean mustCancel;
    /** RUNS -> SUSPENDED -> PARKED (-> INTERRUPTED) -> RUNS ... */
    private byte phase = RUNS;
    /** In the ready queue. */
    private boolean scheduled;
    /** For {@link Yield}: the others have had their turn. */
    boolean yielded;

    private Task(EventLoop loop, Awaitable<? extends T> awaitable) {
        super(loop);
        Objects.requireNonNull(awaitable, "awaitable");
        if (awaitable instanceof Frame<?> frame) {
            frame.claim();
            leaf = frame;
        } else {
            suspended(null, awaitable);
        }
        loop.tasks.add(this);
        loop.noteCreation(this);
    }

    /**
     * Makes a task and starts it.
     *
     * @param eager whether it runs its first step at once, if that is possible here
     */
    static <T extends @Nullable Object> Task<T> create(
            EventLoop loop, Awaitable<? extends T> awaitable, TaskOptions options, boolean eager) {
        loop.checkUsable();
        Task<T> task = new Task<>(loop, awaitable);
        Context context = options.context();
        if (context == null && loop.context != null) {
            context = Context.capture();
        }
        if (context != null) {
            task.details().context = context;
        }
        if (options.name() != null) {
            task.details().name = options.name();
        }
        if (eager && EagerStart.isPossible(loop)) {
            EagerStart.run(loop, task);
        } else {
            task.wakeup();
        }
        return task;
    }

    TaskDetails details() {
        TaskDetails made = details;
        if (made == null) {
            made = new TaskDetails();
            details = made;
        }
        return made;
    }

    /**
     * The task's name, for people: the one that was set, or {@code Task-N}. N is given when somebody first asks, so
     * that a task whose name nobody asks for need not keep it; it tells nothing of the order in which tasks were made.
     */
    public String name() {
        loop.checkThread();
        return details().name();
    }

    /** What the task's steps run in: what they set is found in it. asyncio: {@code get_context}. */
    public Context context() {
        loop.checkThread();
        return ownContext();
    }

    Context ownContext() {
        TaskDetails mine = details();
        Context own = mine.context;
        if (own == null) {
            own = new Context();
            mine.context = own;
        }
        return own;
    }

    /** Gives the task a name, for people. */
    public void setName(String name) {
        loop.checkThread();
        details().name = Objects.requireNonNull(name, "name");
    }

    /**
     * Where the coroutines of the task stand, the innermost first; empty before the first step and after the last. asyncio: {@code
     * get_stack}.
     */
    public List<StackTraceElement> stack() {
        loop.checkThread();
        return loop.currentTask() == this ? AwaitTrace.now(leaf) : AwaitTrace.awaiting(leaf);
    }

    /**
     * Asks the task to cancel: a {@link CancelledError} is thrown at the await where it stands, at its next step.
     *
     * <p>If it waits for a future or another task, that one is cancelled, and the error that the task gets is the one with
     * which that ends. A task that has not started never runs. The coroutine may catch the error to clean up, and may even
     * go on; the task is cancelled only if the error leaves it. A result that has come but has not been taken yet is lost
     * to the task.
     *
     * <p>Each call counts as one request, see {@link #cancelling()}.
     *
     * @return {@code false} if the task was done
     */
    @Override
    public boolean cancel(@Nullable String message) {
        loop.checkThread();
        if (isDone()) {
            silence();
            return false;
        }
        TaskDetails mine = details();
        if (mine.isVisited()) { // through a combinator that this task awaits
            leaveRing(message);
            return true;
        }
        // A loop, for a chain of tasks may be longer than the stack.
        Task<?> innermost = this;
        TaskDetails last = mine;
        mine.visit(null);
        try {
            for (Task<?> next = awaitsTask(); next != null; next = innermost.awaitsTask()) {
                TaskDetails theirs = next.details();
                if (theirs.isVisited()) {
                    innermost.leaveRing(message);
                    return true;
                }
                theirs.visit(last);
                last = theirs;
                innermost = next;
            }
            innermost.cancelHere(message);
        } finally {
            mine.unvisit();
        }
        return true;
    }

    /** The task that this one is parked on and that is not done, or {@code null}. */
    private @Nullable Task<?> awaitsTask() {
        return phase == PARKED && waitsFor instanceof Task<?> awaits && !awaits.isDone() ? awaits : null;
    }

    /** Passes the cancellation on to what the task is parked on; or else the next step throws the error. */
    private void cancelHere(@Nullable String message) {
        Awaitable<?> awaited = phase == PARKED ? waitsFor : null;
        if (awaited instanceof Future<?> future) {
            if (!future.cancel(message)) { // its outcome is there or on its way
                cancelNext(message);
            }
        } else if (awaited != null && !scheduled) {
            if (!awaited.interrupt(this, message)) {
                phase = INTERRUPTED;
                cancelNext(message);
                wakeup();
            }
        } else if (phase != INTERRUPTED) { // else there is an error to come, with the message of the first request
            cancelNext(message);
        }
    }

    /** Tasks that await each other in a ring wait for ever, unless one of them is woken. */
    private void leaveRing(@Nullable String message) {
        cancelNext(message);
        wakeup();
    }

    private void cancelNext(@Nullable String message) {
        mustCancel = true;
        details().cancelMessage = message;
    }

    /**
     * The requests to cancel this task that have not been taken back. asyncio: {@code cancelling}.
     *
     * <p>Code that cancels a task and deals with the {@link CancelledError} itself, as a time limit does, takes its own
     * request back with {@link #uncancel()}. If any is left then, somebody else wants the task to end.
     */
    public int cancelling() {
        loop.checkThread();
        return details == null ? 0 : details.cancelRequests;
    }

    /**
     * Takes one request to cancel back. With the last one goes a {@link CancelledError} that the task was to get at its next
     * step; not one that comes from what it waits for. asyncio: {@code uncancel}.
     *
     * @return how many requests are left
     */
    public int uncancel() {
        loop.checkThread();
        TaskDetails mine = details;
        if (mine == null || mine.cancelRequests == 0) {
            return 0;
        }
        mine.cancelRequests--;
        if (mine.cancelRequests == 0 && phase != INTERRUPTED) {
            mustCancel = false;
        }
        return mine.cancelRequests;
    }

    /**
     * For a task that is running: its {@link #cancelling() requests}, without one whose {@link CancelledError} is yet to be
     * thrown at its next await.
     */
    int cancelsDelivered() {
        return cancelling() - (mustCancel ? 1 : 0);
    }

    /**
     * {@link #uncancel()} for who has cancelled this task, which is running, and deals with the {@link CancelledError}.
     *
     * @param before the {@link #cancelsDelivered()} before that
     * @return whether nobody else has cancelled it since; then no error is left to come
     */
    boolean takeCancelBack(int before) {
        if (uncancel() > before) {
            return false;
        }
        mustCancel = false;
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
    void advance() {
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
                left(frame, parent);
                frame = parent; // cancelled before its first step: its body never runs
                continue;
            }
            hand(got, thrown);
            got = null;
            thrown = null;
            try {
                got = frame.step(this, loop.depth);
                if (Frame.isTail(got)) {
                    Awaitable<?> rest = takeTail();
                    if (rest instanceof Frame<?> replacement) {
                        replacement.claim();
                        replacement.parent = parent;
                        left(frame, replacement);
                        frame = replacement;
                        got = null;
                        continue;
                    }
                    got = rest.poll(this);
                    if (got == PENDING) {
                        left(frame, parent);
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
            left(frame, parent);
            frame = parent;
        }
        finish(got, thrown);
    }

    /** What the task waited for, or {@link #PENDING} once more, and then it is parked again. */
    private @Nullable Object arrived() throws Throwable {
        Awaitable<?> awaited = phase == RUNS ? null : waitsFor;
        if (mustCancel) {
            throw takeCancellation(phase == PARKED ? awaited : null);
        }
        phase = RUNS;
        if (awaited == null) {
            return null;
        }
        Object got = awaited.poll(this);
        if (got == PENDING) {
            parkOn(awaited);
        }
        return got;
    }

    /** @param parkedOn what still has the task parked, or has its outcome, which is lost to the task */
    private CancelledError takeCancellation(@Nullable Awaitable<?> parkedOn) {
        mustCancel = false;
        phase = RUNS;
        CancelledError theirs = null;
        if (parkedOn instanceof Future<?> future) {
            theirs = future.leave(this);
        } else if (parkedOn != null) {
            boolean unused = parkedOn.interrupt(this, details().cancelMessage); // this task does not wait for more
        }
        return theirs == null ? new CancelledError(details().cancelMessage) : theirs;
    }

    private static Throwable traced(Throwable failure, @Nullable Frame<?> awaitedBy) {
        AwaitTrace.append(failure, awaitedBy);
        return failure;
    }

    /** A frame has ended, and {@code next} is the one to run. Somebody may hold a frame that ended, and must not hold its callers. */
    private void left(Frame<?> ended, @Nullable Frame<?> next) {
        Frame<?> first = leaf;
        if (first == ended) {
            ended.end();
            if (ended.parent != next) {
                ended.parent = next;
            }
        } else {
            ended.parent = null;
            if (first != null) {
                first.parent = next;
            }
        }
    }

    void setLeaf(@Nullable Frame<?> innermost) {
        Frame<?> before = leaf;
        if (before != innermost) {
            if (before != null && before.hasEnded()) {
                before.parent = null;
            }
            leaf = innermost;
        }
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
            mustCancel = false;
            cancelHere(details().cancelMessage);
        }
    }

    private void finish(@Nullable Object got, @Nullable Throwable thrown) {
        loop.handedValue = null;
        loop.handedError = null;
        setLeaf(null);
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
            cancelWith(new CancelledError(details().cancelMessage));
        } else {
            finishWith(got);
        }
    }

    /** The innermost frame, if there is one, waits for something that is not a frame. */
    void suspended(@Nullable Frame<?> at, Awaitable<?> awaitable) {
        phase = SUSPENDED;
        setLeaf(at);
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

    @Override
    public String toString() { // debuggers and loggers call it from any thread: it changes nothing
        TaskDetails mine = details;
        Frame<?> innermost = leaf;
        String name = mine == null || mine.name == null
                ? '@' + Integer.toHexString(System.identityHashCode(this))
                : " '" + mine.name + '\'';
        StackTraceElement place = innermost == null ? null : innermost.awaitsAt();
        return "Task" + name + '(' + state() + (place == null ? "" : " at " + place) + ')';
    }
}

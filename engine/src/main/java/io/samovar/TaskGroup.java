package io.samovar;

import static io.samovar.Async.await;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Tasks that end together: the group ends when all of them have ended, and when one fails, the others are cancelled.
 *
 * <p>{@link #run} calls a body, which {@linkplain #start starts} tasks; they may start others. When the body has ended, the group
 * waits for the tasks. No task outlives it, whatever happens:
 *
 * <ul>
 *   <li>If a task or the body fails, the tasks that are left and the body are cancelled, and may clean up. Then an {@link
 *       ExceptionGroup} of all failures is thrown.
 *   <li>If the task that runs the group is cancelled, so are the tasks of the group; then {@link CancelledError} is thrown.
 *   <li>A task that is cancelled by itself is no failure.
 *   <li>{@link #cancel()} ends everything, and that is no failure either.
 * </ul>
 *
 * <pre>{@code
 * Breakfast breakfast = await(TaskGroup.run(group -> {
 *     Task<Tea> tea = group.start(brew());
 *     Task<Toast> toast = group.start(toast());
 *     return Coroutine.of(new Breakfast(await(tea), await(toast)));
 * }));
 * }</pre>
 *
 * <p>A {@link VirtualMachineError} of the body or of a task is thrown as it is instead. Belongs to the loop thread. asyncio: {@code
 * TaskGroup}.
 */
public final class TaskGroup {
    /** What a group begins with. */
    @FunctionalInterface
    public interface Body<T extends @Nullable Object> {
        /**
         * Makes the coroutine, on the loop.
         *
         * @param group to start tasks in
         */
        Coroutine<? extends T> run(TaskGroup group) throws Exception;
    }

    /** Fewer tasks than these are not looked through for ones that are done. */
    private static final int MIN_TO_TIDY = 16;

    private final EventLoop loop;
    /** The task that runs the group. */
    private final Task<?> parent;
    /** The requests to cancel the parent that were there before; it was told of them then. */
    private final int cancelsBefore;

    private final Consumer<Future<?>> whenDone = new ChildDone();
    /** The tasks that are not done, and others that are; at most as many of these. */
    private final List<Task<?>> children = new ArrayList<>();
    /** Tasks whose end was not dealt with yet. */
    private int running;

    /** In the order in which they came, the body's last. */
    private final List<Throwable> failures = new ArrayList<>(0);

    /** A {@link VirtualMachineError}, which comes before all else. */
    private @Nullable Throwable fatal;

    /** The body has ended. */
    private boolean exiting;
    /** The tasks are being cancelled, and none may be started. */
    private boolean aborting;
    /** The group has cancelled the parent, so that the body ends. */
    private boolean parentCancelled;
    /** What the parent awaits while {@link #exiting}; completed when no task is left. */
    private @Nullable Promise<@Nullable Void> noneLeft;

    private TaskGroup() {
        loop = EventLoop.current();
        parent = loop.requireCurrentTask();
        cancelsBefore = parent.cancelsDelivered();
    }

    /**
     * Runs a body and the tasks that it starts, and waits for all of them.
     *
     * @return a coroutine that gives what the body gave; {@code null} if {@link #cancel()} has cut it short
     * @throws ExceptionGroup from the coroutine, if anything failed
     */
    public static <T extends @Nullable Object> Coroutine<T> run(Body<? extends T> body) {
        TaskGroup group = new TaskGroup();
        T result = null;
        Throwable failure = null;
        try {
            result = await(body.run(group));
        } catch (Throwable thrown) {
            failure = thrown;
        }
        CancelledError cancellation = group.bodyEnded(failure);
        CancelledError late = null; // came while the tasks were being cancelled for another reason
        while (group.running > 0) {
            try {
                await(group.noneLeft());
            } catch (CancelledError cancelled) {
                if (group.aborting) {
                    late = cancelled;
                } else {
                    cancellation = cancelled;
                    group.abort();
                }
            }
        }
        Throwable thrown = group.outcome(failure, cancellation, late);
        if (thrown != null) {
            throw Future.<RuntimeException>sneaky(thrown);
        }
        return result == null ? Coroutine.done() : Coroutine.of(result);
    }

    /**
     * Starts a task in the group. Its tasks may call this too, also while the group waits for them.
     *
     * @throws IllegalStateException if the group has ended or is cancelling its tasks; the coroutine will not run then
     */
    public <T extends @Nullable Object> Task<T> start(Coroutine<? extends T> coroutine) {
        return start(coroutine, TaskOptions.DEFAULT);
    }

    /** {@link #start(Coroutine)} with a {@linkplain Task#name() name} for the task. */
    public <T extends @Nullable Object> Task<T> start(Coroutine<? extends T> coroutine, String name) {
        return start(coroutine, TaskOptions.DEFAULT.name(name));
    }

    /** {@link #start(Coroutine)} with a name, a context or a start of your choice. */
    public <T extends @Nullable Object> Task<T> start(Coroutine<? extends T> coroutine, TaskOptions options) {
        checkOpen(coroutine);
        return adopt(loop.createTask(coroutine, options));
    }

    private void checkOpen(Coroutine<?> coroutine) {
        loop.checkThread();
        String reason = exiting && running == 0
                ? "the task group has ended"
                : aborting ? "the task group is cancelling its tasks" : null;
        if (reason != null) {
            if (coroutine instanceof Frame<?> frame && frame.isNew()) {
                frame.claim(); // refused, not forgotten: it must not count as one that nobody has awaited
            }
            throw new IllegalStateException(reason + ": no task can be started in it any more");
        }
    }

    private <T extends @Nullable Object> Task<T> adopt(Task<T> task) {
        if (task.hasResult()) {
            return task; // it began at once, and had nothing to wait for
        }
        running++;
        children.add(task);
        // Not at once even if it has failed: that would cancel the task that is just calling this.
        task.addDoneCallback(whenDone);
        if (aborting) { // it has ended the group in its first step, which ran at once
            task.cancel();
        }
        return task;
    }

    /**
     * Cancels the tasks and the body, if it has not ended; the group ends without an error when they have cleaned up, unless they
     * fail in doing so. Does nothing if that is happening already or the group has ended.
     */
    public void cancel() {
        loop.checkThread();
        if (aborting || (exiting && running == 0)) {
            return;
        }
        abort();
        if (!exiting) {
            cancelParent();
        }
    }

    private void cancelParent() {
        parentCancelled = true;
        parent.cancel();
    }

    private void abort() {
        aborting = true;
        for (Task<?> child : children) {
            child.cancel(); // does nothing to one that is done
        }
    }

    private @Nullable CancelledError bodyEnded(@Nullable Throwable failure) {
        exiting = true;
        if (failure == null) {
            return null;
        }
        if (EventLoop.isFatal(failure) && fatal == null) {
            fatal = failure;
        }
        if (!aborting) {
            abort();
        }
        return failure instanceof CancelledError cancelled ? cancelled : null;
    }

    private Promise<@Nullable Void> noneLeft() {
        Promise<@Nullable Void> made = loop.createFuture(); // a new one each time: the last one may have been cancelled
        noneLeft = made;
        return made;
    }

    private void childDone(Future<?> child) {
        running--;
        if (running == 0 && noneLeft != null) {
            boolean unused = noneLeft.finishWith(null); // it may have been cancelled with the parent
        }
        tidy();
        Throwable failure = child.failureOrNull();
        if (failure == null || child.isCancelled()) {
            return;
        }
        failures.add(failure);
        if (EventLoop.isFatal(failure) && fatal == null) {
            fatal = failure;
        }
        if (!aborting) {
            abort();
            cancelParent();
        }
    }

    /** Forgets tasks that are done, at a cost that is shared by all of them. */
    private void tidy() {
        if (children.size() >= MIN_TO_TIDY && running < children.size() / 2) {
            children.removeIf(Task::isDone);
        }
    }

    /** What the group throws, or {@code null} for nothing. */
    private @Nullable Throwable outcome(
            @Nullable Throwable failure, @Nullable CancelledError cancellation, @Nullable CancelledError late) {
        if (fatal != null) {
            return fatal;
        }
        boolean wantedByOthers = !parentCancelled || !parent.takeCancelBack(cancelsBefore);
        if (cancellation != null && wantedByOthers && failures.isEmpty()) {
            return parentCancelled && late != null ? late : cancellation; // the one that is not the group's own
        }
        if (failure != null && !(failure instanceof CancelledError)) {
            failures.add(failure);
        }
        boolean cancelledSince = parent.cancelling() > cancelsBefore;
        if (failures.isEmpty()) {
            return cancelledSince ? late : null;
        }
        if (cancelledSince) { // the failures come first; the error comes again at the next await behind the group
            int unused = parent.uncancel();
            parent.cancel();
        }
        return new ExceptionGroup("unhandled errors in a TaskGroup", failures);
    }

    @Override
    public String toString() {
        String state = exiting && running == 0 ? "ended" : aborting ? "cancelling" : exiting ? "waiting" : "running";
        return "TaskGroup(" + state + ", tasks=" + running + ')';
    }

    /** The callback of every task. */
    private final class ChildDone implements Consumer<Future<?>>, AwaitedBy {
        @Override
        public void accept(Future<?> child) {
            childDone(child);
        }

        @Override
        public Future<?> awaiter() {
            return parent;
        }
    }
}

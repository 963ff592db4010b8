package io.samovar;

import org.jspecify.annotations.Nullable;

/**
 * Makes the tasks of a loop, see {@link EventLoop#setTaskFactory}. asyncio: the argument of {@code set_task_factory}.
 *
 * <p>A factory of a program's own changes the options, wraps the coroutine or notes the task, and leaves the rest to {@link
 * #LAZY} or {@link #EAGER}. It is given as a reference to a generic method:
 *
 * <pre>{@code
 * static <T> Task<T> counted(EventLoop loop, Coroutine<? extends T> coroutine, TaskOptions options) {
 *     started++;
 *     return TaskFactory.LAZY.create(loop, coroutine, options);
 * }
 * ...
 * loop.setTaskFactory(Main::counted);
 * }</pre>
 */
@FunctionalInterface
public interface TaskFactory {
    /** Tasks that start in the loop's next iteration, unless their options say otherwise. */
    TaskFactory LAZY = new StandardTaskFactory(false);

    /**
     * Tasks that run their first step at once, inside {@code createTask}, unless their options say otherwise. asyncio: {@code
     * eager_task_factory}.
     *
     * <p>A coroutine that need not wait is done when {@code createTask} returns: the task never sees the ready queue. Else it
     * runs up to its first wait, as the {@link EventLoop#currentTask() current task} and in its own context; then its creator
     * goes on. So the order in which things run is another one than with lazy tasks.
     *
     * <p>A task starts lazily all the same where the loop is not running, and where eager tasks have started each other so
     * deep that the Java stack might not last.
     */
    TaskFactory EAGER = new StandardTaskFactory(true);

    /**
     * Makes a task.
     *
     * @throws IllegalStateException if the coroutine was awaited or made a task before
     * @throws LoopClosedException if the loop is closed
     */
    <T extends @Nullable Object> Task<T> create(EventLoop loop, Coroutine<? extends T> coroutine, TaskOptions options);

    /** The tasks of {@code factory}, but eager where their options do not say otherwise. asyncio: {@code create_eager_task_factory}. */
    static TaskFactory eager(TaskFactory factory) {
        return new EagerTaskFactory(factory);
    }
}

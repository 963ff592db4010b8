package io.samovar;

import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A coroutine that another thread has handed over, and the way of its outcome back. asyncio: {@code
 * run_coroutine_threadsafe}.
 *
 * <p>Whatever completes {@link #result} first counts. If it is not the task, nobody can get the task's result any more, and
 * the task is cancelled.
 */
final class Submission<T extends @Nullable Object> implements Runnable {
    final CompletableFuture<T> result = new CompletableFuture<>();
    private final EventLoop loop;
    private final Callable<? extends Coroutine<? extends T>> coroutine;

    Submission(EventLoop loop, Callable<? extends Coroutine<? extends T>> coroutine) {
        this.loop = loop;
        this.coroutine = coroutine;
    }

    /** On the loop: starts the task, unless it is not wanted any more. */
    @Override
    public void run() {
        if (result.isDone()) {
            loop.outgoing.remove(result);
            return;
        }
        Task<T> task;
        try {
            task = loop.createTask(Deferred.call(coroutine));
        } catch (Throwable failure) {
            loop.outgoing.remove(result);
            result.completeExceptionally(failure);
            throw failure; // no task, so this is a failure of the loop's as well
        }
        task.addDoneCallback(this::finished);
        CompletableFuture<T> unused = result.whenComplete((value, failure) -> cancelUnlessDone(task));
    }

    private void finished(Future<T> task) {
        loop.outgoing.remove(result);
        if (result.isDone()) {
            return; // if the task failed nevertheless, nobody is told of it here, so it is reported
        }
        OutgoingFuture.complete(result, task);
    }

    /** In whatever thread completed the result. */
    private void cancelUnlessDone(Task<T> task) {
        if (task.isDone() || loop.isClosed()) {
            return;
        }
        try {
            loop.execute(task::cancel);
        } catch (LoopClosedException nothingIsLeftToCancel) {
            // closing has told whoever waits
        }
    }
}

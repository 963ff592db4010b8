package io.samovar;

import java.time.Duration;
import java.util.List;

/** The orderly end of a loop. asyncio: {@code Runner.close}. */
final class Shutdown {
    /** How often tasks are gone after that were made while others were cancelled. asyncio: 1. */
    private static final int MAX_CANCEL_ROUNDS = 10;

    /** How long blocking calls may take to end. asyncio: {@code THREAD_JOIN_TIMEOUT}. */
    private static final Duration WORKER_LIMIT = Duration.ofMinutes(5);

    private final EventLoop loop;

    private Shutdown(EventLoop loop) {
        this.loop = loop;
    }

    /** Cancels every task and runs until all are done, reporting those that fail; closes generators; waits for blocking calls; closes the loop. */
    static void of(EventLoop loop) {
        try (loop) {
            Shutdown shutdown = new Shutdown(loop);
            shutdown.cancelAllTasks();
            if (!loop.generators.isEmpty()) {
                shutdown.runUntilDone(List.of(loop.createTask(loop.shutdownAsyncGenerators())));
            }
            if (loop.hasUsedDefaultExecutor()) {
                shutdown.runUntilDone(List.of(loop.createTask(loop.shutdownDefaultExecutor(WORKER_LIMIT))));
            }
        }
    }

    private void cancelAllTasks() {
        for (int round = 0; round < MAX_CANCEL_ROUNDS && loop.tasks.size() > 0; round++) { // more may come up meanwhile
            cancel(loop.tasks.snapshot());
        }
    }

    private void cancel(List<Task<?>> leftOver) {
        for (Task<?> task : leftOver) {
            task.cancel("the program is ending");
        }
        runUntilDone(leftOver);
        for (Task<?> task : leftOver) {
            if (!task.isCancelled()) {
                Throwable failure = task.exception();
                if (failure != null) {
                    loop.report(new LoopFailure("a task failed while the program was ending", failure, task));
                }
            }
        }
    }

    private void runUntilDone(List<Task<?>> tasks) {
        int[] running = {tasks.size()};
        for (Task<?> task : tasks) {
            task.addDoneCallback(done -> {
                if (--running[0] == 0) {
                    loop.stop();
                }
            });
        }
        while (running[0] > 0) { // a stop() of the program's own does not count
            loop.runForever();
        }
    }
}

package io.samovar.benchmarks;

import static io.samovar.Async.await;

import io.samovar.Async;
import io.samovar.Coroutine;
import io.samovar.EventLoop;
import io.samovar.Future;
import io.samovar.benchmarks.kotlin.KotlinMemory;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;

/** Ways to have many tasks, each of which waits for a future of its own that never comes. */
enum Sleeper {
    SAMOVAR {
        @Override
        void suspendMany(int tasks, int depth, Runnable whenAllWait) {
            try (Loop loop = new Loop()) {
                loop.run(samovar(tasks, depth, whenAllWait));
            }
        }
    },
    KOTLIN {
        @Override
        void suspendMany(int tasks, int depth, Runnable whenAllWait) {
            KotlinMemory.suspendMany(tasks, depth, BATCH, whenAllWait);
        }
    },
    VIRTUAL_THREADS {
        @Override
        void suspendMany(int tasks, int depth, Runnable whenAllWait) throws InterruptedException {
            CompletableFuture<?>[] keptAlive = new CompletableFuture<?>[tasks]; // nothing else refers to such threads
            for (int i = 0; i < tasks; i++) {
                CompletableFuture<Integer> future = new CompletableFuture<>();
                keptAlive[i] = future;
                VirtualThreads.start(() -> joinAt(depth, future));
                while (i % BATCH == BATCH - 1 && future.getNumberOfDependents() == 0) {
                    LockSupport.parkNanos(1_000);
                }
            }
            for (CompletableFuture<?> future : keptAlive) {
                while (future.getNumberOfDependents() == 0) {
                    LockSupport.parkNanos(1_000);
                }
            }
            whenAllWait.run();
        }
    };

    /** Tasks that are started at once, so that no queue grows with their number. */
    private static final int BATCH = 1_000;

    /**
     * Starts the tasks.
     *
     * @param whenAllWait called while all of them wait
     */
    abstract void suspendMany(int tasks, int depth, Runnable whenAllWait) throws InterruptedException;

    private static Coroutine<Integer> samovar(int tasks, int depth, Runnable whenAllWait) {
        for (int i = 0; i < tasks; i++) {
            Async.createTask(waitFor(depth, EventLoop.current().createFuture()));
            if (i % BATCH == BATCH - 1) {
                await(Async.sleep(Duration.ZERO));
            }
        }
        await(Async.sleep(Duration.ZERO));
        whenAllWait.run();
        return Coroutine.of(tasks);
    }

    private static Coroutine<Integer> waitFor(int depth, Future<Integer> future) {
        if (depth > 1) {
            return Coroutine.of(await(waitFor(depth - 1, future)) + depth);
        }
        return Coroutine.of(await(future) + depth);
    }

    private static int joinAt(int depth, CompletableFuture<Integer> future) {
        return (depth > 1 ? joinAt(depth - 1, future) : future.join()) + depth;
    }
}

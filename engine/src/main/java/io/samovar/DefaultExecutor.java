package io.samovar;

import static io.samovar.Async.await;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Where a loop's blocking calls run when no executor is named, and how many of them have not ended.
 *
 * <p>The executor is the loop's own, made with the first call, or one that the program has set. The loop never shuts the
 * latter down, for others may use it; it only waits for the calls that it has sent there.
 */
final class DefaultExecutor {
    private final EventLoop loop;
    private @Nullable Executor executor;
    /** {@link #executor}, if it was made here. */
    private @Nullable ExecutorService own;

    /** The calls that have not ended, and one more until the shut-down begins. Counted down by any thread. */
    private final AtomicInteger unfinished = new AtomicInteger(1);

    /** Completed when the shut-down has begun and the last call has ended. */
    private final CompletableFuture<@Nullable Void> drained = new CompletableFuture<>();

    private boolean shutDown;

    DefaultExecutor(EventLoop loop) {
        this.loop = loop;
    }

    void set(Executor newExecutor) {
        Objects.requireNonNull(newExecutor, "executor");
        close(); // what it has begun or queued is done all the same
        own = null;
        executor = newExecutor;
    }

    <T extends @Nullable Object> Future<T> run(Callable<? extends T> call) {
        if (shutDown) {
            throw new RejectedExecutionException(
                    "the default executor was shut down: the program is ending, or has called shutdownDefaultExecutor()");
        }
        Executor target = executor;
        if (target == null) {
            target = own = WorkerThreads.open();
            executor = target;
        }
        ExecutorJob<T> job = new ExecutorJob<>(loop, call, this::ended);
        loop.noteCreation(job);
        unfinished.incrementAndGet();
        return start(job, target);
    }

    /** Hands a job to an executor, which may refuse it. */
    static <T extends @Nullable Object> Future<T> start(ExecutorJob<T> job, Executor executor) {
        try {
            executor.execute(job);
        } catch (Throwable refused) {
            job.withdraw();
            throw refused;
        }
        return job;
    }

    /** Refuses further calls, and waits for those that have not ended. */
    Coroutine<@Nullable Void> shutDown(Duration limit) {
        if (!shutDown) {
            shutDown = true;
            close();
            ended();
        }
        if (drained.isDone()) {
            return Coroutine.done();
        }
        // In a thread that waits, and not with a timer: the calls take real time, whatever clock the loop goes by.
        Promise<Boolean> inTime = loop.createFuture();
        Thread waiter = new Thread(() -> waitUntilDrained(limit, inTime), "samovar-shutdown");
        waiter.setDaemon(true);
        waiter.start();
        try {
            if (!await(inTime)) {
                EventLoop.LOG.log(
                        System.Logger.Level.WARNING,
                        unfinished + " blocking call(s) did not end within " + limit + " and are left to themselves");
            }
        } finally {
            waiter.interrupt();
        }
        return Coroutine.done();
    }

    private void waitUntilDrained(Duration limit, Promise<Boolean> inTime) {
        boolean ended;
        try {
            drained.get(EventLoop.saturatedNanos(limit), TimeUnit.NANOSECONDS);
            ended = true;
        } catch (TimeoutException late) {
            ended = false;
        } catch (InterruptedException notWanted) {
            return;
        } catch (ExecutionException impossible) {
            throw new AssertionError(impossible);
        }
        boolean result = ended;
        try {
            loop.execute(() -> {
                if (!inTime.isDone()) {
                    inTime.setResult(result);
                }
            });
        } catch (LoopClosedException nobodyWaits) {
            // the loop was closed without waiting
        }
    }

    private void ended() {
        if (unfinished.decrementAndGet() == 0) {
            drained.complete(null);
        }
    }

    /** Lets the loop's own threads end when they have done what they were given. */
    void close() {
        if (own != null) {
            own.shutdown();
        }
    }
}

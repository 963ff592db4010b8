package io.samovar.benchmarks;

import static io.samovar.Async.await;

import io.samovar.Async;
import io.samovar.Coroutine;
import io.samovar.Task;
import io.samovar.benchmarks.kotlin.KotlinSwitches;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** Suspends and resumes through the ready queue, in turn with other tasks; the innermost of several frames does it. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@State(Scope.Thread)
public class Switch {
    static final int SWITCHES = 1_000_000;

    /** Tasks that take turns. */
    @Param({"1", "100", "10000"})
    public int tasks = 1;

    /** Frames of each task. */
    @Param({"1", "3", "50"})
    public int depth = 1;

    /** Samovar. */
    @Benchmark
    @OperationsPerInvocation(SWITCHES)
    public int samovar(Loop loop) {
        return loop.run(all(tasks, depth, SWITCHES / tasks));
    }

    /** Kotlin, on the event loop of {@code runBlocking}. */
    @Benchmark
    @OperationsPerInvocation(SWITCHES)
    public int kotlin() {
        return KotlinSwitches.runBlocking(tasks, depth, SWITCHES / tasks);
    }

    /** Kotlin, on the plainest dispatcher that one thread can have. */
    @Benchmark
    @OperationsPerInvocation(SWITCHES)
    public int kotlinPlainDispatcher() {
        return KotlinSwitches.plainDispatcher(tasks, depth, SWITCHES / tasks);
    }

    /** Virtual threads that yield, on one carrier; for JDK 21 and newer. */
    @Benchmark
    @OperationsPerInvocation(SWITCHES)
    @Fork(jvmArgsAppend = {"-Djdk.virtualThreadScheduler.parallelism=1", "-Djdk.virtualThreadScheduler.maxPoolSize=1"})
    public void virtualThreads() throws InterruptedException {
        CountDownLatch ended = new CountDownLatch(tasks);
        int times = SWITCHES / tasks;
        for (int i = 0; i < tasks; i++) {
            VirtualThreads.start(() -> {
                descendThread(depth, times);
                ended.countDown();
            });
        }
        ended.await();
    }

    static Coroutine<Integer> all(int tasks, int depth, int times) {
        List<Task<Integer>> running = new ArrayList<>(tasks);
        for (int i = 0; i < tasks; i++) {
            running.add(Async.createTask(descend(depth, times)));
        }
        int sum = 0;
        for (Task<Integer> task : running) {
            sum += await(task);
        }
        return Coroutine.of(sum);
    }

    private static Coroutine<Integer> descend(int depth, int times) {
        if (depth > 1) {
            return Coroutine.of(await(descend(depth - 1, times)) + 1);
        }
        for (int i = 0; i < times; i++) {
            await(Async.sleep(Duration.ZERO));
        }
        return Coroutine.of(1);
    }

    @SuppressWarnings("ThreadPriorityCheck") // the yield is what is measured
    private static int descendThread(int depth, int times) {
        if (depth > 1) {
            return descendThread(depth - 1, times) + 1;
        }
        for (int i = 0; i < times; i++) {
            Thread.yield();
        }
        return 1;
    }
}

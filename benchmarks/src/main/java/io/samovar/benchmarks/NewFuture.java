package io.samovar.benchmarks;

import static io.samovar.Async.await;

import io.samovar.Async;
import io.samovar.Coroutine;
import io.samovar.EventLoop;
import io.samovar.Promise;
import io.samovar.Task;
import io.samovar.benchmarks.kotlin.KotlinFutures;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** Makes a future and awaits it; another task completes it, which wakes the one that waits. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@State(Scope.Thread)
public class NewFuture {
    /** Tasks that wait, so that the turn of the one that completes counts for little. */
    static final int TASKS = 100;

    private static final int ROUNDS = 1_000;

    /** Samovar. */
    @Benchmark
    @OperationsPerInvocation(TASKS * ROUNDS)
    public long samovar(Loop loop) {
        return loop.run(all());
    }

    /** Kotlin. */
    @Benchmark
    @OperationsPerInvocation(TASKS * ROUNDS)
    public long kotlin() {
        return KotlinFutures.all(TASKS, ROUNDS);
    }

    private static Coroutine<Long> all() {
        @Nullable Promise<Integer>[] slots = slots();
        List<Task<Long>> waiting = new ArrayList<>();
        for (int i = 0; i < TASKS; i++) {
            waiting.add(Async.createTask(waiter(slots, i)));
        }
        for (int round = 0; round < ROUNDS; round++) {
            await(Async.sleep(Duration.ZERO));
            for (int i = 0; i < TASKS; i++) {
                Promise<Integer> promise = slots[i];
                if (promise != null) {
                    promise.setResult(i);
                }
            }
        }
        long sum = 0;
        for (Task<Long> task : waiting) {
            sum += await(task);
        }
        return Coroutine.of(sum);
    }

    private static Coroutine<Long> waiter(@Nullable Promise<Integer>[] slots, int slot) {
        long sum = 0;
        for (int round = 0; round < ROUNDS; round++) {
            Promise<Integer> promise = EventLoop.current().createFuture();
            slots[slot] = promise;
            sum += await(promise);
        }
        slots[slot] = null;
        return Coroutine.of(sum);
    }

    @SuppressWarnings({"unchecked", "rawtypes"}) // Java has no arrays of generic types
    private static @Nullable Promise<Integer>[] slots() {
        return new Promise[TASKS];
    }
}

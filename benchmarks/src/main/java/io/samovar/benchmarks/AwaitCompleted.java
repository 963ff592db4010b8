package io.samovar.benchmarks;

import static io.samovar.Async.await;

import io.samovar.Coroutine;
import io.samovar.Future;
import io.samovar.benchmarks.kotlin.KotlinAwaits;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** Awaits a future that is done. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@State(Scope.Thread)
public class AwaitCompleted {
    static final int AWAITS = 10_000;

    private final KotlinAwaits kotlin = new KotlinAwaits(Loop.COMPLETED);

    /** Samovar. */
    @Benchmark
    @OperationsPerInvocation(AWAITS)
    public long samovar(Loop loop) {
        return loop.run(sum(loop.completed(), AWAITS));
    }

    /** Kotlin. */
    @Benchmark
    @OperationsPerInvocation(AWAITS)
    public long kotlin() {
        return kotlin.sum(AWAITS);
    }

    private static Coroutine<Long> sum(List<Future<Integer>> futures, int times) {
        long sum = 0;
        for (int i = 0; i < times; i++) {
            sum += await(futures.get(i & (Loop.COMPLETED - 1)));
        }
        return Coroutine.of(sum);
    }
}

package io.samovar.benchmarks;

import static io.samovar.Async.await;

import io.samovar.Coroutine;
import io.samovar.benchmarks.kotlin.KotlinChildren;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** Awaits a method that returns a coroutine and has no await in it. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@State(Scope.Thread)
public class CallFinished {
    static final int CALLS = 16_384;

    /** Samovar. */
    @Benchmark
    @OperationsPerInvocation(CALLS)
    public long samovar(Loop loop) {
        return loop.run(sum(CALLS));
    }

    /** Kotlin. */
    @Benchmark
    @OperationsPerInvocation(CALLS)
    public long kotlin() {
        return KotlinChildren.sumFinished(CALLS);
    }

    private static Coroutine<Long> sum(int calls) {
        long sum = 0;
        for (int i = 0; i < calls; i++) {
            sum += await(child(i));
        }
        return Coroutine.of(sum);
    }

    private static Coroutine<Integer> child(int i) {
        return Coroutine.of(i & 63);
    }
}

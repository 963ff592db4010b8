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

/** fib(25) by awaits: one operation is one call. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@State(Scope.Thread)
public class Fibonacci {
    /** How often fib is called for fib(25). */
    static final int CALLS = 242_785;

    /** Samovar. */
    @Benchmark
    @OperationsPerInvocation(CALLS)
    public int samovar(Loop loop) {
        return loop.run(fib(25));
    }

    /** Kotlin. */
    @Benchmark
    @OperationsPerInvocation(CALLS)
    public int kotlin() {
        return KotlinChildren.fib25();
    }

    static Coroutine<Integer> fib(int n) {
        if (n < 2) {
            return Coroutine.of(n);
        }
        return Coroutine.of(await(fib(n - 1)) + await(fib(n - 2)));
    }
}

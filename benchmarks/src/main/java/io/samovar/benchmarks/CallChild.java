package io.samovar.benchmarks;

import static io.samovar.Async.await;

import io.samovar.Async;
import io.samovar.Coroutine;
import io.samovar.benchmarks.kotlin.KotlinChildren;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** Calls a coroutine and awaits it. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@State(Scope.Thread)
public class CallChild {
    static final int CALLS = 16_384;

    /** How often the child really waits: never, or once in so many calls. A power of two. */
    @Param({"never", "1024"})
    public String suspendsOnceIn = "never";

    private int mask;
    private int hit;

    /** Reads the parameter. */
    @Setup
    public void setUp() {
        mask = suspendsOnceIn.equals("never") ? 0 : Integer.parseInt(suspendsOnceIn) - 1;
        hit = suspendsOnceIn.equals("never") ? -1 : mask;
    }

    /** Samovar. */
    @Benchmark
    @OperationsPerInvocation(CALLS)
    public long samovar(Loop loop) {
        return loop.run(sum(CALLS, mask, hit));
    }

    /** Kotlin. */
    @Benchmark
    @OperationsPerInvocation(CALLS)
    public long kotlin() {
        return KotlinChildren.sum(CALLS, mask, hit);
    }

    private static Coroutine<Long> sum(int calls, int mask, int hit) {
        long sum = 0;
        for (int i = 0; i < calls; i++) {
            sum += await(child(i, mask, hit));
        }
        return Coroutine.of(sum);
    }

    private static Coroutine<Integer> child(int i, int mask, int hit) {
        if ((i & mask) == hit) {
            await(Async.sleep(Duration.ZERO));
        }
        return Coroutine.of(i & 63);
    }
}

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
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** Calls and awaits a coroutine of an interface that has four implementations, one after the other. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@State(Scope.Thread)
public class CallInterface {
    static final int CALLS = 16_384;

    /** Samovar. */
    @Benchmark
    @OperationsPerInvocation(CALLS)
    public long samovar(Loop loop) {
        return loop.run(sum(CALLS, new Step[] {new Add(), new Subtract(), new Xor(), new Or()}));
    }

    /** Kotlin. */
    @Benchmark
    @OperationsPerInvocation(CALLS)
    public long kotlin() {
        return KotlinChildren.sumOfInterface(CALLS);
    }

    private static Coroutine<Long> sum(int calls, Step[] steps) {
        long sum = 0;
        for (int i = 0; i < calls; i++) {
            sum += await(steps[i & 3].step(i));
        }
        return Coroutine.of(sum);
    }

    private interface Step {
        Coroutine<Integer> step(int i);
    }

    private static final class Add implements Step {
        @Override
        public Coroutine<Integer> step(int i) {
            if ((i & 1023) == 1023) {
                await(Async.sleep(Duration.ZERO));
            }
            return Coroutine.of((i + 1) & 63);
        }
    }

    private static final class Subtract implements Step {
        @Override
        public Coroutine<Integer> step(int i) {
            if ((i & 1023) == 1023) {
                await(Async.sleep(Duration.ZERO));
            }
            return Coroutine.of((i - 1) & 63);
        }
    }

    private static final class Xor implements Step {
        @Override
        public Coroutine<Integer> step(int i) {
            if ((i & 1023) == 1023) {
                await(Async.sleep(Duration.ZERO));
            }
            return Coroutine.of((i ^ 21) & 63);
        }
    }

    private static final class Or implements Step {
        @Override
        public Coroutine<Integer> step(int i) {
            if ((i & 1023) == 1023) {
                await(Async.sleep(Duration.ZERO));
            }
            return Coroutine.of((i | 21) & 63);
        }
    }
}

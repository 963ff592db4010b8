package io.samovar.benchmarks;

import static io.samovar.Async.await;

import io.samovar.Async;
import io.samovar.Coroutine;
import io.samovar.benchmarks.kotlin.KotlinExceptions;
import java.time.Duration;
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

/** An exception that leaves a number of coroutines, and is caught. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@State(Scope.Thread)
public class ThrowThrough {
    static final int THROWS = 1_000;

    /** Coroutines that the exception leaves. */
    @Param({"1", "10", "100"})
    public int frames = 1;

    /** Whether all of them have been suspended before, so that none is on the Java stack. */
    @Param({"false", "true"})
    public boolean suspended;

    /** Whether the exception has a stack trace. */
    @Param({"true", "false"})
    public boolean trace;

    /** Samovar, which writes those who awaited into the stack traces. */
    @Benchmark
    @OperationsPerInvocation(THROWS)
    public int samovar(Loop loop) {
        return loop.run(caught(frames, suspended, trace));
    }

    /** Samovar, with stack traces as the Java machine makes them, which is what Kotlin has. */
    @Benchmark
    @OperationsPerInvocation(THROWS)
    @Fork(jvmArgsAppend = "-Dsamovar.awaitTraces=false")
    public int samovarPlainTraces(Loop loop) {
        return samovar(loop);
    }

    /** Kotlin. */
    @Benchmark
    @OperationsPerInvocation(THROWS)
    public int kotlin() {
        return KotlinExceptions.caught(THROWS, frames, suspended, trace);
    }

    private static Coroutine<Integer> caught(int frames, boolean suspended, boolean trace) {
        int caught = 0;
        for (int i = 0; i < THROWS; i++) {
            try {
                caught += await(descend(frames, suspended, trace));
            } catch (BenchmarkException expected) {
                caught++;
            }
        }
        return Coroutine.of(caught);
    }

    private static Coroutine<Integer> descend(int frames, boolean suspended, boolean trace) {
        if (frames > 1) {
            return Coroutine.of(await(descend(frames - 1, suspended, trace)) + 1);
        }
        if (suspended) {
            await(Async.sleep(Duration.ZERO));
        }
        throw new BenchmarkException(trace);
    }
}

package io.samovar.benchmarks;

import io.samovar.benchmarks.kotlin.KotlinCompute;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/**
 * A loop that computes, inside a loop that awaits, beside the same in a plain method: whether the coroutine's shape keeps the
 * just-in-time compiler from what it does for plain code. One operation is one step of the inner loop.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@State(Scope.Thread)
public class Compute {
    /** Awaits. */
    static final int OUTER = 500;

    static final int SUSPENDS_ONCE_IN = 64;

    /** The nested loops' length. */
    static final int SIDE = 32;

    /** Few of the numbers are not above it. */
    static final int RARE = 10;

    /** Steps of the inner loop. */
    private static final int INNER = SIDE * SIDE;

    /** What is computed between two awaits. */
    @Param
    public Shape shape = Shape.SUM;

    private final Data data = new Data();

    /** Samovar. */
    @Benchmark
    @OperationsPerInvocation(OUTER * INNER)
    public long samovar(Loop loop) {
        return loop.run(ComputeInCoroutine.of(shape, data));
    }

    /** Kotlin. */
    @Benchmark
    @OperationsPerInvocation(OUTER * INNER)
    public long kotlin() {
        return KotlinCompute.of(shape.name().toLowerCase(Locale.ROOT), data.ints, data.doubles, data.written);
    }

    /** A method that awaits nothing. */
    @Benchmark
    @OperationsPerInvocation(OUTER * INNER)
    public long plainJava() {
        return ComputeInMethod.of(shape, data);
    }

    /** What is computed between two awaits. */
    public enum Shape {
        /** A sum, which vectorises. */
        SUM,
        /** A chain of multiplications, which does not. */
        HASH,
        /** Two nested loops over doubles. */
        DOUBLES,
        /** A division, behind a branch that is nearly always taken. */
        BRANCH,
        /** Writes into an array. */
        WRITES,
        /** A loop before the await and one after it. */
        AROUND,
        /** The outer loop has no condition. */
        FOREVER,
        /** All of it in a try with catch and finally. */
        IN_TRY
    }

    /** What is computed on. */
    static final class Data {
        final int[] ints = new Random(1).ints(INNER, 0, 1_000).toArray();
        final double[] doubles = new Random(2).doubles(INNER).toArray();
        final int[] written = new int[INNER];
    }
}

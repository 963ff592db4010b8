package io.samovar.benchmarks;

import io.samovar.benchmarks.generated.JavaCoroutines;
import io.samovar.benchmarks.kotlin.KotlinColdStart;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Calls and awaits {@value ManyCoroutines#METHODS} coroutines once, for the first time in a new Java machine; the loop itself has run
 * before.
 */
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 0)
@Measurement(iterations = 1)
@Fork(10)
@State(Scope.Thread)
public class ColdStart {
    private final Loop loop = new Loop();
    private final KotlinColdStart kotlin = new KotlinColdStart();

    /** Loads both run-times. */
    @Setup
    public void setUp() {
        int unused = loop.run(Switch.all(1, 2, 2));
        kotlin.warmUp();
    }

    /** Samovar. */
    @Benchmark
    public long samovar() {
        return loop.run(JavaCoroutines.all(loop.completed().get(1)));
    }

    /** Kotlin. */
    @Benchmark
    public long kotlin() {
        return kotlin.all();
    }
}

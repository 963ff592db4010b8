package io.samovar.benchmarks;

import io.samovar.EventLoop;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** {@link Switch} at depth 1 on a loop that asks the kernel for sockets in each iteration, which Kotlin has nothing like. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@State(Scope.Thread)
public class SwitchWithSockets {
    /** Tasks that take turns. */
    @Param({"1", "100"})
    public int tasks = 1;

    private final EventLoop loop = EventLoop.open();

    /** Samovar, on the transport that it chooses here. */
    @Benchmark
    @OperationsPerInvocation(Switch.SWITCHES)
    public int samovar() {
        return loop.runUntilComplete(Switch.all(tasks, 1, Switch.SWITCHES / tasks));
    }

    /** Closes the sockets. */
    @TearDown
    public void tearDown() {
        loop.close();
    }
}

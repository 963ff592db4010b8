package io.samovar.benchmarks;

import io.samovar.EventLoop;
import io.samovar.LoopClock;
import io.samovar.TimerHandle;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** Timers among many others whose deadlines lie anywhere in the next minute. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@State(Scope.Thread)
public class Timers {
    static final int TIMERS = 10_000;
    private static final long MINUTE = TimeUnit.MINUTES.toNanos(1);

    /** Timers that are live all the while. */
    @Param({"10", "10000", "1000000"})
    public int live;

    private final SplittableRandom random = new SplittableRandom(42);
    private final JumpingClock clock = new JumpingClock();
    private final EventLoop loop =
            EventLoop.builder().clock(clock).transport(new Jumping(clock)).open();
    private int toFire;

    /** Schedules the others. */
    @Setup(Level.Trial)
    public void fill() {
        for (int i = 0; i < live; i++) {
            schedule();
        }
        cancelled(); // so that each trial begins as it goes on
    }

    private TimerHandle schedule() {
        return loop.callAt(loop.time() + 1 + random.nextLong(MINUTE), this::fired);
    }

    /** Another one takes its place. */
    private void fired() {
        schedule();
        if (--toFire == 0) {
            loop.stop();
        }
    }

    /** A timer is scheduled and cancelled, as nearly every timeout is; the loop turns once for each hundred. */
    @Benchmark
    @OperationsPerInvocation(TIMERS)
    public void cancelled() {
        for (int turn = 0; turn < TIMERS / 100; turn++) {
            for (int i = 0; i < 100; i++) {
                schedule().cancel();
            }
            loop.stop();
            loop.runForever();
        }
    }

    /** A timer is due, runs, and is scheduled again; the loop turns once for each. */
    @Benchmark
    @OperationsPerInvocation(TIMERS)
    public void fire() {
        toFire = TIMERS;
        loop.runForever();
    }

    /** Closes the loop. */
    @TearDown(Level.Trial)
    public void close() {
        loop.close();
    }

    /** Stands still until the loop waits for it. */
    private static final class JumpingClock implements LoopClock {
        long now;

        @Override
        public long nanoTime() {
            return now;
        }
    }

    /** Waits by moving the clock. */
    private static final class Jumping extends NoTransport {
        private final JumpingClock clock;

        Jumping(JumpingClock clock) {
            this.clock = clock;
        }

        @Override
        public void poll(long timeoutNanos) {
            if (timeoutNanos > 0) {
                clock.now += timeoutNanos;
            }
        }
    }
}

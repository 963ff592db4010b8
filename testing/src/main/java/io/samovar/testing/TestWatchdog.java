package io.samovar.testing;

import io.samovar.EventLoop;
import io.samovar.LoopClosedException;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Stops a loop that runs too long, in real time.
 *
 * <p>The loop itself tells where its tasks stand and stops. If it does not come to that within a second, for something holds
 * it up, its thread is interrupted, and the stack says what it was.
 */
final class TestWatchdog implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger("io.samovar.testing");

    private static final Duration GRACE = Duration.ofSeconds(1);

    private static final boolean DEBUGGED = ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
            .anyMatch(argument -> argument.startsWith("-agentlib:jdwp") || argument.startsWith("-Xrunjdwp"));

    private final EventLoop loop;
    private final Thread thread = Thread.currentThread();
    private final Supplier<String> report;
    private final @Nullable ScheduledFuture<?> alarm;

    /** Guarded by this, as are the next. {@code null} until it is too late. */
    private @Nullable String verdict;

    private boolean interrupted;
    private boolean closed;

    /** Made with the first watchdog. */
    private static final class Timer {
        static final ScheduledExecutorService SCHEDULER = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "samovar-test-watchdog");
            thread.setDaemon(true);
            return thread;
        });
    }

    /**
     * @param report what is said when it is too late; asked for on the loop
     */
    TestWatchdog(EventLoop loop, Duration limit, Supplier<String> report) {
        this.loop = loop;
        this.report = report;
        this.alarm = DEBUGGED ? null : Timer.SCHEDULER.schedule(this::late, limit.toNanos(), TimeUnit.NANOSECONDS);
    }

    private void late() {
        try {
            loop.execute(this::stop);
        } catch (LoopClosedException overAlready) {
            return;
        }
        ScheduledFuture<?> unused = Timer.SCHEDULER.schedule(this::stuck, GRACE.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** On the loop. */
    private synchronized void stop() {
        if (!closed) {
            if (verdict == null) {
                verdict = report.get();
            }
            loop.stop();
        }
    }

    /** The loop has not stopped. */
    private synchronized void stuck() {
        if (closed) {
            return;
        }
        String stack = Places.stackAbove(thread);
        if (interrupted) {
            LOG.log(
                    System.Logger.Level.ERROR,
                    "a loop that is to stop is held up, and an interrupt does not help" + stack);
            return;
        }
        if (verdict == null) {
            verdict = "the test took too long, for something held the loop up, and was interrupted" + stack;
        }
        interrupted = true;
        thread.interrupt();
        ScheduledFuture<?> unused = Timer.SCHEDULER.schedule(this::stuck, GRACE.toNanos(), TimeUnit.NANOSECONDS);
    }

    /**
     * @param failure what came of stopping, if anything
     * @throws AssertionError if it was too late
     */
    synchronized void throwIfTooLate(@Nullable Throwable failure) {
        if (verdict != null) {
            throw new AssertionError(verdict, failure instanceof IllegalStateException ? null : failure);
        }
    }

    @Override
    public void close() {
        if (alarm != null) {
            alarm.cancel(false);
        }
        synchronized (this) {
            closed = true;
            if (interrupted) {
                boolean unused = Thread.interrupted(); // it was meant for what is over
            }
        }
    }
}

package io.samovar;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Notices that a loop stands still. One thread looks at all loops of the process a few times within the limit; a loop says
 * what it does by plain stores.
 *
 * <p>While a debugger suspends the process, or the machine sleeps, this thread stands still as well, and starts afresh. In a
 * process that was started for a debugger it keeps quiet unless it was asked for, for there a single thread may be suspended.
 */
final class Watchdog {
    /** The default limit: milliseconds, or {@code off}. */
    static final String PROPERTY = "samovar.watchdog";

    private static final Duration DEFAULT_LIMIT = Duration.ofSeconds(1);

    /** How often it looks within the limit: a block is told of after the limit and at most a fourth more. */
    private static final int LOOKS = 4;

    /** If it comes to look so much too late, the process or the machine has stood still, and not one loop. */
    private static final long STOOD_STILL_NANOS = 250_000_000;

    private static final Set<Watchdog> WATCHED = ConcurrentHashMap.newKeySet();
    private static @Nullable Thread looker;

    /** How long the looker sleeps at most before it looks again. */
    private static volatile long interval = Long.MAX_VALUE;

    private static final VarHandle PROGRESS;

    static {
        try {
            PROGRESS = MethodHandles.lookup().findVarHandle(Watchdog.class, "progress", int.class);
        } catch (ReflectiveOperationException impossible) {
            throw new ExceptionInInitializerError(impossible);
        }
    }

    private final EventLoop loop;
    private final long limitNanos;
    /** The limit was asked for; else a breakpoint must not make it bark. */
    private final boolean evenWithDebugger;

    private final BlockedLoopHandler handler;

    /**
     * Counts what the loop has begun; its complement while the loop waits for its transport, which may take as long as it likes.
     * Written by the loop's thread alone, in no order with anything else.
     */
    private int progress;

    /** As the looker saw it last; its own, as all below. */
    private int seen;

    private long since;
    private boolean told;

    private Watchdog(EventLoop loop, long limitNanos, boolean evenWithDebugger, BlockedLoopHandler handler) {
        this.loop = loop;
        this.limitNanos = limitNanos;
        this.evenWithDebugger = evenWithDebugger;
        this.handler = handler;
    }

    /**
     * A watchdog for a loop.
     *
     * @param limit what the program asked for; {@code null} if it did not say, and then the system property counts
     * @return {@code null} if it is off
     */
    static @Nullable Watchdog of(EventLoop loop, @Nullable Duration limit, BlockedLoopHandler handler) {
        String value = System.getProperty(PROPERTY, "").trim();
        boolean asked = limit != null || !value.isEmpty();
        Duration effective = limit != null ? limit : value.isEmpty() ? DEFAULT_LIMIT : parse(value);
        return effective.isZero() ? null : new Watchdog(loop, EventLoop.saturatedNanos(effective), asked, handler);
    }

    private static Duration parse(String value) {
        try {
            return value.equals("off") ? Duration.ZERO : Duration.ofMillis(Integer.parseUnsignedInt(value));
        } catch (NumberFormatException notANumber) {
            throw new IllegalArgumentException(
                    "-D" + PROPERTY + "=" + value + ": give a number of milliseconds, or off", notANumber);
        }
    }

    // ---- the loop's thread

    /** The loop begins a callback or a step. */
    void step() {
        PROGRESS.setOpaque(this, (progress + 1) & Integer.MAX_VALUE);
    }

    /** The loop begins to wait. */
    void waits() {
        PROGRESS.setOpaque(this, ~progress);
    }

    /** The loop has waited. */
    void waited() {
        PROGRESS.setOpaque(this, ~progress);
    }

    /** The loop runs from here on. */
    void start() {
        step();
        WATCHED.add(this);
        if (interval > lookEvery()) { // else it looks often enough: a loop may start and stop many times a second
            wakeLooker();
        }
    }

    /** The loop has stopped. */
    void stop() {
        WATCHED.remove(this);
    }

    // ---- the looker's thread

    /** How often to look at this loop, in nanoseconds. */
    private long lookEvery() {
        return Math.max(1, limitNanos / LOOKS);
    }

    private static synchronized void wakeLooker() {
        Thread running = looker;
        if (running == null) {
            Thread fresh = new Thread(null, Watchdog::lookAround, "samovar-watchdog", 128 * 1024, false);
            fresh.setDaemon(true);
            fresh.setContextClassLoader(null);
            fresh.start();
            looker = fresh;
        } else {
            LockSupport.unpark(running);
        }
    }

    /** How long to sleep now; 0 if no loop has run since the last look, and the thread is to end. */
    private static synchronized long nextInterval() {
        interval = Long.MAX_VALUE; // before it looks: a loop that starts now is either seen here, or sees this and
        // comes to wake
        long shortest = Long.MAX_VALUE;
        for (Watchdog watched : WATCHED) {
            shortest = Math.min(shortest, watched.lookEvery());
        }
        interval = shortest;
        if (shortest < Long.MAX_VALUE) {
            return shortest;
        }
        looker = null;
        return 0;
    }

    private static void lookAround() {
        long last = System.nanoTime();
        for (long sleep; (sleep = nextInterval()) > 0; ) {
            LockSupport.parkNanos(Watchdog.class, sleep);
            long now = System.nanoTime();
            boolean stoodStill = now - last > Math.max(LOOKS * sleep, STOOD_STILL_NANOS);
            last = now;
            for (Watchdog watched : WATCHED) {
                try {
                    watched.look(now, stoodStill);
                } catch (Throwable broken) {
                    EventLoop.LOG.log(System.Logger.Level.ERROR, "the handler of blocked loops failed", broken);
                }
            }
        }
    }

    /**
     * @param stoodStill this thread did not come to run when it wanted to: neither, most likely, did the loop's
     */
    private void look(long now, boolean stoodStill) {
        int progressNow = (int) PROGRESS.getOpaque(this);
        if (progressNow != seen || progressNow < 0) {
            seen = progressNow;
            since = now;
            told = false;
        } else if (stoodStill) {
            since = now;
        } else if (!told && now - since >= limitNanos) {
            tell(now);
        }
    }

    private void tell(long now) {
        told = true;
        if (!evenWithDebugger && Debugger.IS_THERE) {
            return;
        }
        Task<?> task = loop.runningTask(); // read without order: the loop has been where it is for long
        String name = task == null ? null : task.toString();
        List<StackTraceElement> stack =
                AwaitTrace.ofRunning(loop.thread().getStackTrace(), task == null ? null : task.leaf);
        if ((int) PROGRESS.getOpaque(this) != seen) {
            return; // it went on while it was looked at, and the stack may show something else
        }
        handler.blocked(new BlockedLoop(loop, name, Duration.ofNanos(now - since), stack));
    }

    /** Asked for only when a loop stands still: the management beans take tens of milliseconds to load. */
    private static final class Debugger {
        static final boolean IS_THERE = isThere();

        private static boolean isThere() {
            try {
                return ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                        .anyMatch(
                                argument -> argument.startsWith("-agentlib:jdwp") || argument.startsWith("-Xrunjdwp"));
            } catch (NoClassDefFoundError withoutManagement) { // a run-time image made without java.management
                return false;
            }
        }
    }
}

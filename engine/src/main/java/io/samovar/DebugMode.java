package io.samovar;

import java.lang.ref.Cleaner;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.WeakHashMap;
import org.jspecify.annotations.Nullable;

/** What a loop does in debug mode and not otherwise. asyncio: {@code loop.set_debug}. */
final class DebugMode {
    /** Whether loops are opened in debug mode, and coroutines that nobody awaits are reported. */
    static final boolean IS_DEFAULT = Boolean.getBoolean("samovar.debug");

    /** asyncio: {@code slow_callback_duration}. */
    static final Duration SLOW = Duration.ofMillis(100);

    /** Lines of the stack where something was made. asyncio: {@code DEBUG_STACK_DEPTH}. */
    private static final int STACK = 10;

    /** Where futures, tasks, handles and streams were made; by identity, for none of them defines {@code equals}. */
    private final Map<Object, CreatedHere> created = new WeakHashMap<>();

    private final OpenLoop open;

    /** @param loop is reported when it is collected before {@link #closed} was called */
    DebugMode(EventLoop loop) {
        open = new OpenLoop(loop.toString(), new CreatedHere());
        Cleaner.Cleanable unused = Collected.CLEANER.register(loop, open);
    }

    void closed() {
        open.closed = true;
    }

    void created(Object what) {
        created.put(what, new CreatedHere());
    }

    @Nullable
    Throwable creationOf(Object what) {
        return created.get(what);
    }

    /** Runs what was ready, and tells if it takes long. */
    void run(Object entry, long slowNanos) {
        String what = entry.toString(); // now: a handle forgets its callback when it runs
        long began = System.nanoTime();
        EventLoop.run(entry);
        long took = System.nanoTime() - began;
        if (took >= slowNanos) {
            warn("executing " + what + " took " + took / 1_000_000 + " ms", created.get(entry));
        }
    }

    static void warn(String message, @Nullable Throwable origin) {
        EventLoop.LOG.log(System.Logger.Level.WARNING, message, origin);
    }

    /** Where something was made; logged as the cause of what is told about it. */
    static final class CreatedHere extends Exception {
        private static final long serialVersionUID = 1L;

        CreatedHere() {
            super("it was made here");
            List<StackTraceElement> left = AwaitTrace.tidied(List.of(getStackTrace()));
            int own = 0;
            while (own < left.size() && isEngine(left.get(own))) {
                own++;
            }
            int end = own;
            while (end < left.size() && end < own + STACK && !isEngine(left.get(end))) {
                end++; // below the user's code is the loop again
            }
            setStackTrace(left.subList(own, end).toArray(StackTraceElement[]::new));
        }

        private static boolean isEngine(StackTraceElement element) {
            String name = element.getClassName();
            return name.startsWith("io.samovar.") && name.indexOf('.', "io.samovar.".length()) < 0;
        }
    }

    /** What is left of a loop when it was collected. */
    private static final class OpenLoop implements Runnable {
        private final String loop;
        private final CreatedHere created;
        volatile boolean closed;

        OpenLoop(String loop, CreatedHere created) {
            this.loop = loop;
            this.created = created;
        }

        @Override
        public void run() {
            if (!closed) {
                warn("an event loop was never closed: " + loop, created);
            }
        }
    }

    /** Coroutines that have not run yet, on all loops. Used only where {@link #IS_DEFAULT}. */
    static final class NeverAwaited implements Runnable {
        private static final Map<Frame<?>, NeverAwaited> WATCHED = new WeakHashMap<>();

        private final String coroutine;
        private final CreatedHere created = new CreatedHere();
        private volatile boolean started;

        private NeverAwaited(String coroutine) {
            this.coroutine = coroutine;
        }

        static void made(Frame<?> frame) {
            NeverAwaited watch = new NeverAwaited(frame.method());
            synchronized (WATCHED) {
                WATCHED.put(frame, watch);
            }
            Cleaner.Cleanable unused = Collected.CLEANER.register(frame, watch);
        }

        static void started(Frame<?> frame) {
            synchronized (WATCHED) {
                NeverAwaited watch = WATCHED.remove(frame);
                if (watch != null) {
                    watch.started = true;
                }
            }
        }

        /** The coroutine was collected. */
        @Override
        public void run() {
            if (!started) {
                warn("coroutine " + coroutine + " was never awaited", created);
            }
        }
    }
}

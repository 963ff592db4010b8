package io.samovar;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One signal, and who in this process wants to hear of it: any number of listeners, of any loops. Without a listener it
 * may be the interrupt of a {@link Runner}.
 *
 * <p>It is handled as long as anybody wants to hear of it. After the last one the process does again what it did before.
 */
final class ProcessSignal {
    /** The signals that are handled, by name; also the lock for everything here. */
    private static final Map<String, ProcessSignal> HANDLED = new HashMap<>();

    private final SunSignals signals;
    private final String name;
    private final Object before;
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    private @Nullable BooleanSupplier interrupt;

    private ProcessSignal(SunSignals signals, String name) {
        this.signals = signals;
        this.name = name;
        this.before = signals.handle(name, this::raised);
    }

    /** The name as we use it: {@code INT} for {@code SIGINT}. */
    static String nameOf(String signal) {
        String upper = signal.toUpperCase(Locale.ROOT);
        return upper.startsWith("SIG") ? upper.substring("SIG".length()) : upper;
    }

    /**
     * Has {@code listener} called whenever the signal comes, in a thread of the signal's own.
     *
     * @throws IllegalArgumentException if there is no such signal, or the Java machine needs it
     * @throws UnsupportedOperationException if this Java machine has no signals
     */
    static void listen(String name, Runnable listener) {
        synchronized (HANDLED) {
            handled(name).listeners.add(listener);
        }
    }

    /** Ends what {@link #listen} began. */
    static void leave(String name, Runnable listener) {
        synchronized (HANDLED) {
            ProcessSignal signal = HANDLED.get(name);
            if (signal != null && signal.listeners.remove(listener)) {
                signal.restoreIfUnused();
            }
        }
    }

    /**
     * Has {@code interrupt} called when the signal comes and has no listener. If it gives {@code false}, the Java machine does
     * what it would have done.
     *
     * @return whether it will be called: only where the signal ends the process, and only one at a time
     */
    static boolean interruptWith(String name, BooleanSupplier interrupt) {
        synchronized (HANDLED) {
            ProcessSignal signal;
            try {
                signal = handled(name);
            } catch (IllegalArgumentException | UnsupportedOperationException impossible) {
                return false; // the machine was started with -Xrs, or without its signals
            }
            if (signal.interrupt != null || !signal.signals.isExit(signal.before)) {
                signal.restoreIfUnused();
                return false;
            }
            signal.interrupt = interrupt;
            return true;
        }
    }

    /** Ends what {@link #interruptWith} began. */
    static void endInterrupt(String name, BooleanSupplier interrupt) {
        synchronized (HANDLED) {
            ProcessSignal signal = HANDLED.get(name);
            if (signal != null && signal.interrupt == interrupt) {
                signal.interrupt = null;
                signal.restoreIfUnused();
            }
        }
    }

    private static ProcessSignal handled(String name) {
        ProcessSignal signal = HANDLED.get(name);
        if (signal == null) {
            signal = new ProcessSignal(new SunSignals(), name);
            HANDLED.put(name, signal);
        }
        return signal;
    }

    private void restoreIfUnused() {
        if (listeners.isEmpty() && interrupt == null) {
            HANDLED.remove(name);
            signals.restore(name, before);
        }
    }

    private void raised() {
        BooleanSupplier interrupted;
        synchronized (HANDLED) {
            interrupted = interrupt;
        }
        boolean heard = false;
        for (Runnable listener : listeners) {
            listener.run();
            heard = true;
        }
        if (heard || (interrupted != null && interrupted.getAsBoolean())) {
            return;
        }
        if (interrupted != null) {
            endInterrupt(name, interrupted);
        }
        signals.raise(name); // nobody wants it any more: now it does what it did before
    }
}

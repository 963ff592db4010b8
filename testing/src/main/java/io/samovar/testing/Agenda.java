package io.samovar.testing;

import io.samovar.transport.TransportContext;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/** What happens on a virtual network and when; things of the same time happen in the order in which they were put down. */
final class Agenda {
    private final PriorityQueue<Entry> entries = new PriorityQueue<>();
    private long count;
    private @Nullable TransportContext failures;

    /**
     * @param time of the clock, in nanoseconds
     */
    record Entry(long time, long order, Runnable action) implements Comparable<Entry> {
        @Override
        public int compareTo(Entry other) {
            return time == other.time ? Long.compare(order, other.order) : Long.compare(time, other.time);
        }
    }

    /** Who is told what a readiness listener throws. */
    void failuresTo(TransportContext context) {
        failures = context;
    }

    Entry add(long time, Runnable action) {
        Entry entry = new Entry(time, count++, action);
        entries.add(entry);
        return entry;
    }

    void cancel(Entry entry) {
        entries.remove(entry);
    }

    /** The time of the next thing, or {@link Long#MAX_VALUE}. */
    long next() {
        Entry first = entries.peek();
        return first == null ? Long.MAX_VALUE : first.time();
    }

    boolean isEmpty() {
        return entries.isEmpty();
    }

    /**
     * Does what is due now. What that puts down is left for the next time, so that no chain of things holds the loop up.
     *
     * @return whether there was anything
     */
    boolean run(long now) {
        long end = count;
        boolean any = false;
        for (Entry first; (first = entries.peek()) != null && first.time() <= now && first.order() < end; any = true) {
            entries.remove(first);
            try {
                first.action().run();
            } catch (Throwable failure) {
                if (failures != null) {
                    failures.listenerFailed(failure);
                }
            }
        }
        return any;
    }

    void clear() {
        entries.clear();
    }
}

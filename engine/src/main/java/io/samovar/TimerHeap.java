package io.samovar;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Timers of which the one with the least deadline is known: a heap with four children to a node, the deadlines in an array of
 * their own so that a comparison touches no timer.
 *
 * <p>The least is always at index 0. The others are put in order only when the first one is removed: what is collected here
 * and then passed on as a whole, as a {@link TimerWheel} does, never pays for an order.
 */
final class TimerHeap {
    private static final int ARITY = 4;

    private static final int MIN_CAPACITY = 8;
    /** Arrays up to this length are kept however few timers are left. */
    private static final int MAX_KEPT = 256;

    private long[] deadlines = new long[MIN_CAPACITY];
    private @Nullable TimerHandle[] timers = new @Nullable TimerHandle[MIN_CAPACITY];
    private int size;
    /** Whether each node's deadline is at most those of its children; else only that of index 0 is at most all others. */
    private boolean ordered;

    int size() {
        return size;
    }

    boolean isEmpty() {
        return size == 0;
    }

    /** The least deadline, or {@link Long#MAX_VALUE} if there is none. */
    long firstDeadline() {
        return size == 0 ? Long.MAX_VALUE : deadlines[0];
    }

    /** The timer with the least deadline; there must be one. */
    TimerHandle first() {
        return timer(0);
    }

    /** The deadline at {@code index}, in no particular order but for the first. */
    long deadline(int index) {
        assert index < size;
        return deadlines[index];
    }

    /** The timer at {@code index}, in no particular order but for the first. */
    TimerHandle timer(int index) {
        TimerHandle timer = timers[index];
        assert timer != null;
        return timer;
    }

    void add(long deadline, TimerHandle timer) {
        if (size == timers.length) {
            deadlines = Arrays.copyOf(deadlines, size * 2);
            timers = Arrays.copyOf(timers, size * 2);
        }
        int index = size++;
        if (ordered) {
            siftUp(index, deadline, timer);
        } else if (index > 0 && deadline < deadlines[0]) {
            put(index, deadlines[0], timer(0));
            put(0, deadline, timer);
        } else {
            put(index, deadline, timer);
        }
    }

    /** Removes the timer with the least deadline; there must be one. */
    TimerHandle removeFirst() {
        if (!ordered) {
            order();
        }
        TimerHandle removed = first();
        int last = --size;
        TimerHandle moved = timer(last);
        timers[last] = null;
        if (last > 0) {
            siftDown(0, deadlines[last], moved);
        } else {
            ordered = false;
        }
        return removed;
    }

    /** Removes all that are cancelled and says how many they were. */
    int removeCancelled() {
        int kept = 0;
        int least = 0;
        for (int i = 0; i < size; i++) {
            TimerHandle timer = timer(i);
            if (!timer.isCancelled()) {
                if (kept < i) {
                    put(kept, deadlines[i], timer);
                }
                if (deadlines[kept] < deadlines[least]) {
                    least = kept;
                }
                kept++;
            }
        }
        int removed = size - kept;
        Arrays.fill(timers, kept, size, null);
        size = kept;
        if (removed > 0) {
            ordered = false;
            if (least > 0) {
                long deadline = deadlines[least];
                TimerHandle timer = timer(least);
                put(least, deadlines[0], timer(0));
                put(0, deadline, timer);
            }
            if (timers.length > MAX_KEPT && size < timers.length / 8) {
                deadlines = Arrays.copyOf(deadlines, size + MIN_CAPACITY);
                timers = Arrays.copyOf(timers, size + MIN_CAPACITY);
            }
        }
        return removed;
    }

    /** Adds all of these timers to another heap. */
    void pour(TimerHeap other) {
        for (int i = 0; i < size; i++) {
            other.add(deadlines[i], timer(i));
        }
    }

    /** Removes all, and gives large arrays back. */
    void clear() {
        if (timers.length > MAX_KEPT) {
            deadlines = new long[MIN_CAPACITY];
            timers = new @Nullable TimerHandle[MIN_CAPACITY];
        } else {
            Arrays.fill(timers, 0, size, null);
        }
        size = 0;
        ordered = false;
    }

    private void put(int index, long deadline, TimerHandle timer) {
        deadlines[index] = deadline;
        timers[index] = timer;
    }

    private void order() {
        for (int i = (size - 2) / ARITY; i >= 0 && size > 1; i--) {
            siftDown(i, deadlines[i], timer(i));
        }
        ordered = true;
    }

    private void siftUp(int from, long deadline, TimerHandle timer) {
        int index = from;
        while (index > 0) {
            int parent = (index - 1) / ARITY;
            if (deadlines[parent] <= deadline) {
                break;
            }
            deadlines[index] = deadlines[parent];
            timers[index] = timers[parent];
            index = parent;
        }
        put(index, deadline, timer);
    }

    private void siftDown(int from, long deadline, TimerHandle timer) {
        int index = from;
        for (; ; ) {
            int child = index * ARITY + 1;
            if (child >= size) {
                break;
            }
            int end = Math.min(child + ARITY, size);
            int least = child;
            while (++child < end) {
                if (deadlines[child] < deadlines[least]) {
                    least = child;
                }
            }
            if (deadline <= deadlines[least]) {
                break;
            }
            deadlines[index] = deadlines[least];
            timers[index] = timers[least];
            index = least;
        }
        put(index, deadline, timer);
    }
}

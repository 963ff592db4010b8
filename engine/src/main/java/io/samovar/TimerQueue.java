package io.samovar;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The timers of one loop, the next deadline first: a heap with four children to a node, the deadlines in an array of their
 * own so that a comparison touches no object.
 *
 * <p>A cancelled timer stays where it is, marked, until it comes to the front or until more than half of all are cancelled;
 * then the heap is made anew in one go. So cancelling costs O(1), as adding does on average, and garbage never
 * outnumbers what is alive. asyncio keeps its timers by the same rule.
 *
 * <p>Timers with equal deadlines run in no particular order.
 */
final class TimerQueue {
    /** Below this many timers cancelled ones are not worth a rebuild; asyncio's {@code _MIN_SCHEDULED_TIMER_HANDLES}. */
    private static final int MIN_FOR_REBUILD = 100;

    private static final int ARITY = 4;

    private long[] deadlines = new long[16];
    private @Nullable TimerHandle[] timers = new @Nullable TimerHandle[16];
    private int size;
    private int cancelled;

    void add(TimerHandle timer) {
        if (size == timers.length) {
            deadlines = Arrays.copyOf(deadlines, size * 2);
            timers = Arrays.copyOf(timers, size * 2);
        }
        timer.queued = true;
        siftUp(size++, timer.when(), timer);
    }

    /** One of the queued timers was cancelled. */
    void cancelled() {
        cancelled++;
    }

    /** Timers in the queue, cancelled ones included. */
    int size() {
        return size;
    }

    /** Cancelled timers in the queue. */
    int cancelledCount() {
        return cancelled;
    }

    /** Drops the cancelled timers that are in the way: all if they are too many, else those at the front. */
    void dropCancelled() {
        if (size > MIN_FOR_REBUILD && cancelled > size / 2) {
            rebuild();
            return;
        }
        while (cancelled > 0 && size > 0 && first().isCancelled()) {
            removeFirst();
            cancelled--;
        }
    }

    /** The next deadline, or {@link Long#MAX_VALUE} if there is none. */
    long nextDeadline() {
        return size == 0 ? Long.MAX_VALUE : deadlines[0];
    }

    /** Takes the next timer whose deadline lies before {@code end} and that is not cancelled, or {@code null}. */
    @Nullable
    TimerHandle pollBefore(long end) {
        while (size > 0 && deadlines[0] < end) {
            TimerHandle timer = removeFirst();
            if (!timer.isCancelled()) {
                return timer;
            }
            cancelled--;
        }
        return null;
    }

    void clear() {
        for (int i = 0; i < size; i++) {
            at(i).queued = false;
        }
        Arrays.fill(timers, 0, size, null);
        size = 0;
        cancelled = 0;
    }

    private void rebuild() {
        int kept = 0;
        for (int i = 0; i < size; i++) {
            TimerHandle timer = at(i);
            if (timer.isCancelled()) {
                timer.queued = false;
            } else {
                timers[kept] = timer;
                deadlines[kept++] = deadlines[i];
            }
        }
        Arrays.fill(timers, kept, size, null);
        size = kept;
        cancelled = 0;
        for (int i = (size - 2) / ARITY; i >= 0 && size > 1; i--) {
            siftDown(i, deadlines[i], at(i));
        }
    }

    private TimerHandle first() {
        return at(0);
    }

    private TimerHandle at(int index) {
        TimerHandle timer = timers[index];
        assert timer != null;
        return timer;
    }

    private TimerHandle removeFirst() {
        TimerHandle removed = first();
        removed.queued = false;
        int last = --size;
        TimerHandle moved = at(last);
        timers[last] = null;
        if (last > 0) {
            siftDown(0, deadlines[last], moved);
        }
        return removed;
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
        deadlines[index] = deadline;
        timers[index] = timer;
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
        deadlines[index] = deadline;
        timers[index] = timer;
    }
}

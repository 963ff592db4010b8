package io.samovar;

import org.jspecify.annotations.Nullable;

/**
 * The timers of one loop, the next deadline first.
 *
 * <p>Some thousands lie in a heap. When they become more, only those that are due soon stay there and all later ones go to a
 * {@link TimerWheel}, whose cost does not grow with their number. When few are left the wheel is given up.
 *
 * <p>A cancelled timer stays where it is, marked, until it comes to the front or until more than half of all are cancelled;
 * then all of them are removed in one go. So cancelling costs O(1), as adding does on average, and garbage never
 * outnumbers what is alive. asyncio keeps its timers by the same rule.
 *
 * <p>Timers with equal deadlines run in no particular order.
 */
final class TimerQueue {
    /** Below this many timers cancelled ones are not worth a clearance; asyncio's {@code _MIN_SCHEDULED_TIMER_HANDLES}. */
    private static final int MIN_FOR_CLEARANCE = 100;

    /** Up to this many, 200 KB of arrays, the heap lies in the processor's nearer caches and is faster alone. */
    private static final int MAX_WITHOUT_WHEEL = 16_384;

    /** With fewer than this the wheel is given up; far from the other limit, so that no number of timers goes to and fro. */
    private static final int MIN_WITH_WHEEL = 2_048;

    private TimerHeap near = new TimerHeap();
    /** Holds what is later than everything in {@code near}, while there are many timers. */
    private @Nullable TimerWheel far;
    /** The last time that timers were asked for; a loop's time begins at 0. */
    private long lastEnd;

    private int cancelled;

    void add(TimerHandle timer) {
        timer.queued = true;
        long when = timer.when();
        if (far != null) {
            if (!far.offer(when, timer)) {
                near.add(when, timer);
            }
            return;
        }
        near.add(when, timer);
        if (near.size() > MAX_WITHOUT_WHEEL) {
            makeWheel();
        }
    }

    /** One of the queued timers was cancelled. */
    void cancelled() {
        cancelled++;
    }

    /** Timers in the queue, cancelled ones included. */
    int size() {
        return far == null ? near.size() : near.size() + far.size();
    }

    /** Cancelled timers in the queue. */
    int cancelledCount() {
        return cancelled;
    }

    /** Drops the cancelled timers that are in the way: all if they are too many, else those at the front. */
    void dropCancelled() {
        if (cancelled > 0) {
            int size = size();
            if (size > MIN_FOR_CLEARANCE && cancelled > size / 2) {
                near.removeCancelled();
                if (far != null) {
                    far.removeCancelled();
                }
                cancelled = 0;
            } else {
                dropCancelledAtFront();
            }
        }
        if (far != null && size() < MIN_WITH_WHEEL) {
            giveUpWheel(far);
        }
    }

    private void dropCancelledAtFront() {
        while (cancelled > 0 && !near.isEmpty()) {
            if (!near.first().isCancelled()) {
                return;
            }
            near.removeFirst();
            cancelled--;
        }
        while (cancelled > 0 && far != null && far.first().isCancelled()) { // what is cancelled is in the wheel
            far.removeFirst();
            cancelled--;
        }
    }

    /** The next deadline, or {@link Long#MAX_VALUE} if there is none. */
    long nextDeadline() {
        return far == null || !near.isEmpty() ? near.firstDeadline() : far.firstDeadline();
    }

    /** Takes the next timer whose deadline lies before {@code end} and that is not cancelled, or {@code null}. */
    @Nullable
    TimerHandle pollBefore(long end) {
        lastEnd = end;
        do {
            while (near.firstDeadline() < end) {
                TimerHandle timer = near.removeFirst();
                if (!timer.isCancelled()) {
                    timer.queued = false;
                    return timer;
                }
                cancelled--;
            }
            if (far == null || !near.isEmpty()) {
                return null;
            }
            cancelled -= far.advance(end, near);
        } while (!near.isEmpty());
        return null;
    }

    void clear() {
        if (far != null) {
            giveUpWheel(far);
        }
        for (int i = 0; i < near.size(); i++) {
            near.timer(i).queued = false;
        }
        near.clear();
        cancelled = 0;
    }

    /** Whether the later timers lie in a wheel. */
    boolean hasWheel() {
        return far != null;
    }

    private void makeWheel() {
        TimerHeap all = near;
        near = new TimerHeap();
        far = new TimerWheel(lastEnd);
        for (int i = 0; i < all.size(); i++) {
            if (!far.offer(all.deadline(i), all.timer(i))) {
                near.add(all.deadline(i), all.timer(i));
            }
        }
    }

    private void giveUpWheel(TimerWheel wheel) {
        TimerHeap few = near;
        near = new TimerHeap(); // the other may have had to hold a million
        few.pour(near);
        wheel.pour(near);
        far = null;
    }
}

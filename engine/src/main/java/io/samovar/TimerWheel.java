package io.samovar;

import org.jspecify.annotations.Nullable;

/**
 * The timers that are not due soon: a hierarchical timing wheel (Varghese and Lauck, "Hashed and Hierarchical Timing Wheels",
 * 1987).
 *
 * <p>Time is cut into ticks of about four milliseconds, and a tick's number into digits of six bits, so that a level has a {@code long} of slots. A timer lies at the level of
 * the highest digit in which its tick differs from the current one, in the slot that this digit names. So it is put there
 * without a look at any other; and it moves at most once for each level, to a lower one, when the current tick enters its slot.
 * A move reads and writes arrays in sequence and touches no timer.
 *
 * <p>The wheel holds only what is later than the current tick, so the first slot of the lowest level that has any holds the next
 * timer. Empty slots are skipped however many there are.
 */
final class TimerWheel {
    private static final int TICK_BITS = 22;
    private static final int DIGIT_BITS = 6;
    private static final int SLOTS = 1 << DIGIT_BITS;
    private static final int LEVELS = (Long.SIZE - TICK_BITS + DIGIT_BITS - 1) / DIGIT_BITS;

    private final @Nullable Level[] levels = new @Nullable Level[LEVELS];
    /** A bit for each level that holds timers. */
    private int occupied;
    /** The tick that all timers here are later than. */
    private long current;

    private int size;

    /** A wheel for what is later than the tick of {@code now}. */
    TimerWheel(long now) {
        current = tick(now);
    }

    /** The number of a deadline's tick, from 0 for the most negative deadlines, so that digits compare as numbers do. */
    private static long tick(long deadline) {
        return (deadline ^ Long.MIN_VALUE) >>> TICK_BITS;
    }

    /** Timers in the wheel, cancelled ones included. */
    int size() {
        return size;
    }

    /** Takes the timer if it is later than the current tick. */
    boolean offer(long deadline, TimerHandle timer) {
        long tick = tick(deadline);
        if (tick <= current) {
            return false;
        }
        int index = (Long.SIZE - 1 - Long.numberOfLeadingZeros(tick ^ current)) / DIGIT_BITS;
        Level level = levels[index];
        if (level == null) {
            level = new Level();
            levels[index] = level;
        }
        level.add((int) (tick >>> (index * DIGIT_BITS)) & (SLOTS - 1), deadline, timer);
        occupied |= 1 << index;
        size++;
        return true;
    }

    /** The least deadline, or {@link Long#MAX_VALUE} if there is none. */
    long firstDeadline() {
        return size == 0 ? Long.MAX_VALUE : level(firstLevel()).firstSlot().firstDeadline();
    }

    /** The timer with the least deadline; there must be one. */
    TimerHandle first() {
        return level(firstLevel()).firstSlot().first();
    }

    /** Removes the timer with the least deadline; there must be one. */
    void removeFirst() {
        int index = firstLevel();
        Level level = level(index);
        TimerHeap slot = level.firstSlot();
        slot.removeFirst();
        size--;
        if (slot.isEmpty()) {
            slot.clear();
            emptied(index, level.first());
        }
    }

    /**
     * Moves on to {@code time} or to the next tick before it that has timers which are alive, and hands over those of this tick.
     *
     * @param near takes them; it must be empty, and if it stays so nothing in the wheel is due
     * @return how many were left out because they are cancelled
     */
    int advance(long time, TimerHeap near) {
        long now = tick(time);
        int dropped = 0;
        while (current < now && near.isEmpty()) {
            if (size == 0 || firstSlotTick() > now) {
                current = now;
                break;
            }
            TimerHeap slot = takeFirstSlot();
            current = Math.min(now, tick(slot.firstDeadline())); // there is nothing before
            dropped += scatter(slot, near);
            slot.clear();
        }
        return dropped;
    }

    /** The first tick of the first slot. */
    private long firstSlotTick() {
        int index = firstLevel();
        int shift = index * DIGIT_BITS;
        long higherDigits = (current >>> shift) & -SLOTS;
        return (higherDigits | level(index).first()) << shift;
    }

    /** The first slot, whose timers count no longer as being here. */
    private TimerHeap takeFirstSlot() {
        int index = firstLevel();
        Level level = level(index);
        TimerHeap slot = level.firstSlot();
        emptied(index, level.first());
        size -= slot.size();
        return slot;
    }

    /** Puts the timers of a slot where they belong now: those of the current tick to the heap, others to lower levels. */
    private int scatter(TimerHeap slot, TimerHeap near) {
        int dropped = 0;
        for (int i = 0; i < slot.size(); i++) {
            long deadline = slot.deadline(i);
            TimerHandle timer = slot.timer(i);
            if (offer(deadline, timer)) {
                continue;
            }
            // the first look at a timer for a long time: here the cache misses of many overlap
            if (timer.isCancelled()) {
                dropped++;
            } else {
                near.add(deadline, timer);
            }
        }
        return dropped;
    }

    /** Hands all timers over. */
    void pour(TimerHeap near) {
        for (int bits = occupied; bits != 0; bits &= bits - 1) {
            Level level = level(Integer.numberOfTrailingZeros(bits));
            for (long slots = level.occupied; slots != 0; slots &= slots - 1) {
                level.slot(Long.numberOfTrailingZeros(slots)).pour(near);
            }
        }
    }

    /** Removes all that are cancelled and says how many they were. */
    int removeCancelled() {
        int removed = 0;
        for (int bits = occupied; bits != 0; bits &= bits - 1) {
            int index = Integer.numberOfTrailingZeros(bits);
            Level level = level(index);
            for (long slots = level.occupied; slots != 0; slots &= slots - 1) {
                int slotIndex = Long.numberOfTrailingZeros(slots);
                TimerHeap slot = level.slot(slotIndex);
                removed += slot.removeCancelled();
                if (slot.isEmpty()) {
                    slot.clear();
                    emptied(index, slotIndex);
                }
            }
        }
        size -= removed;
        return removed;
    }

    private int firstLevel() {
        return Integer.numberOfTrailingZeros(occupied);
    }

    private Level level(int index) {
        Level level = levels[index];
        assert level != null;
        return level;
    }

    private void emptied(int index, int slot) {
        Level level = level(index);
        level.occupied &= ~(1L << slot);
        if (level.occupied == 0) {
            occupied &= ~(1 << index);
        }
    }

    /** The slots of one digit. */
    private static final class Level {
        final @Nullable TimerHeap[] slots = new @Nullable TimerHeap[SLOTS];
        /** A bit for each slot that holds timers. */
        long occupied;

        void add(int index, long deadline, TimerHandle timer) {
            TimerHeap slot = slots[index];
            if (slot == null) {
                slot = new TimerHeap();
                slots[index] = slot;
            }
            occupied |= 1L << index;
            slot.add(deadline, timer);
        }

        int first() {
            return Long.numberOfTrailingZeros(occupied);
        }

        TimerHeap firstSlot() {
            return slot(first());
        }

        TimerHeap slot(int index) {
            TimerHeap slot = slots[index];
            assert slot != null;
            return slot;
        }
    }
}

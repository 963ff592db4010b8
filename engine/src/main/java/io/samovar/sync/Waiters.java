package io.samovar.sync;

import io.samovar.Task;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Tasks that wait for the same, in the order in which they came.
 *
 * <p>A waiter sleeps, is woken, and leaves when it runs and finds what it was woken for. If somebody else was quicker, it sleeps
 * again at its old place. A waiter that is cancelled leaves at once, woken or not. All that takes the same time whether a few wait
 * or a hundred thousand.
 */
final class Waiters {
    /** Up to so many, looking at each is quicker than a map. */
    private static final int FEW = 16;

    private final LoopBound owner;

    private @Nullable Waiter first;
    private @Nullable Waiter last;
    /** The first that sleeps. Woken ones may stand behind it, when it was woken before and found nothing. */
    private @Nullable Waiter firstAsleep;
    /** Where each task stands; {@code null} while there are few. */
    private @Nullable Map<Task<?>, Waiter> places;

    private int size;
    /** Numbers the waiters. It may wrap around, so numbers are compared by their difference. */
    private int arrivals;

    Waiters(LoopBound owner) {
        this.owner = owner;
    }

    boolean isEmpty() {
        return first == null;
    }

    /** How many there are, woken ones among them. */
    int size() {
        return size;
    }

    boolean isFirst(Task<?> task) {
        return first != null && first.task == task;
    }

    /** Has a task sleep: at the end, or at its place if it is here. */
    void add(Task<?> task) {
        Waiter present = find(task);
        if (present != null) {
            sleepAgain(present);
            return;
        }
        owner.bind(task.loop());
        Waiter waiter = new Waiter(task, arrivals++, last);
        if (last == null) {
            first = waiter;
        } else {
            last.next = waiter;
        }
        last = waiter;
        if (firstAsleep == null) {
            firstAsleep = waiter;
        }
        size++;
        if (places != null) {
            places.put(task, waiter);
        } else if (size > FEW) {
            places = mapped();
        }
    }

    /**
     * Takes a task out, if it is here.
     *
     * @return whether it had been woken
     */
    boolean remove(Task<?> task) {
        Waiter waiter = find(task);
        if (waiter == null) {
            return false;
        }
        unlink(waiter);
        return waiter.woken;
    }

    /**
     * Takes a task out, if it is here and woken.
     *
     * @return whether it was
     */
    boolean removeWoken(Task<?> task) {
        Waiter waiter = find(task);
        if (waiter == null || !waiter.woken) {
            return false;
        }
        unlink(waiter);
        return true;
    }

    /**
     * Wakes the first that sleeps.
     *
     * @return {@code false} if none does
     */
    boolean wakeNext() {
        Waiter waiter = firstAsleep;
        if (waiter == null) {
            return false;
        }
        waiter.woken = true;
        firstAsleep = asleepFrom(waiter.next);
        waiter.task.wakeup();
        return true;
    }

    /** Wakes all that sleep now. */
    void wakeAll() {
        while (wakeNext()) {
            // each of them
        }
    }

    private void sleepAgain(Waiter waiter) {
        waiter.woken = false;
        if (firstAsleep == null || waiter.number - firstAsleep.number < 0) {
            firstAsleep = waiter;
        }
    }

    private void unlink(Waiter waiter) {
        if (firstAsleep == waiter) {
            firstAsleep = asleepFrom(waiter.next);
        }
        if (waiter.previous == null) {
            first = waiter.next;
        } else {
            waiter.previous.next = waiter.next;
        }
        if (waiter.next == null) {
            last = waiter.previous;
        } else {
            waiter.next.previous = waiter.previous;
        }
        size--;
        if (size < FEW / 2) {
            places = null;
        } else if (places != null) {
            places.remove(waiter.task);
        }
    }

    private @Nullable Waiter find(Task<?> task) {
        if (places != null) {
            return places.get(task);
        }
        Waiter waiter = first;
        while (waiter != null && waiter.task != task) {
            waiter = waiter.next;
        }
        return waiter;
    }

    private Map<Task<?>, Waiter> mapped() {
        Map<Task<?>, Waiter> map = new HashMap<>();
        for (Waiter waiter = first; waiter != null; waiter = waiter.next) {
            map.put(waiter.task, waiter);
        }
        return map;
    }

    private static @Nullable Waiter asleepFrom(@Nullable Waiter start) {
        Waiter waiter = start;
        while (waiter != null && waiter.woken) {
            waiter = waiter.next;
        }
        return waiter;
    }

    /** {@code ", 3 waiting"}, or nothing; for {@code toString}. */
    String describe() {
        return size == 0 ? "" : ", " + size + " waiting";
    }

    private static final class Waiter {
        final Task<?> task;
        final int number;
        boolean woken;

        @Nullable
        Waiter previous;

        @Nullable
        Waiter next;

        Waiter(Task<?> task, int number, @Nullable Waiter previous) {
            this.task = task;
            this.number = number;
            this.previous = previous;
        }
    }
}

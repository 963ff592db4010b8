package io.samovar.sync;

import io.samovar.Coroutine;
import io.samovar.Task;
import org.jspecify.annotations.Nullable;

/**
 * A flag that tasks can wait for.
 *
 * <pre>{@code
 * await(kettle.boiling().whenSet());
 * }</pre>
 *
 * <p>asyncio: {@code Event}.
 */
public final class Event extends LoopBound {
    private final WhenSet whenSet = new WhenSet(new Waiters(this));
    private boolean set;

    /** An event that is not set. */
    public Event() {}

    /** Sets the flag, and wakes all who wait; they go on even if it is cleared before they run. */
    public void set() {
        checkThread();
        if (!set) {
            set = true;
            whenSet.waiters.wakeAll();
        }
    }

    /** Takes the flag back: who comes from now on waits. */
    public void clear() {
        checkThread();
        set = false;
    }

    /** Whether the flag is set. */
    public boolean isSet() {
        return set;
    }

    /**
     * Waits until the flag is set, if it is not. Fails with an {@link IllegalStateException} if the event belongs to another loop.
     * asyncio: {@code wait}.
     */
    public Coroutine<@Nullable Void> whenSet() {
        return whenSet;
    }

    @Override
    public String toString() {
        return (set ? "Event(set" : "Event(not set") + whenSet.waiters.describe() + ')';
    }

    private final class WhenSet extends Wait<@Nullable Void> {
        WhenSet(Waiters waiters) {
            super(waiters);
        }

        @Override
        public @Nullable Object poll(Task<?> task) {
            check(task);
            return waiters.removeWoken(task) || set ? null : PENDING;
        }

        @Override
        void passOn() {
            // all who waited were woken, too
        }

        @Override
        public String toString() {
            return Event.this + ".whenSet()";
        }
    }
}

package io.samovar.sync;

import static io.samovar.Async.await;

import io.samovar.Coroutine;
import io.samovar.EventLoop;
import java.util.Locale;

/**
 * A place where a number of tasks wait for each other; when all are there, they go on, and the barrier can be used again.
 *
 * <pre>{@code
 * int number = await(barrier.whenFull());
 * if (number == 0) {
 *     System.out.println("all are here");     // one of them says so
 * }
 * }</pre>
 *
 * <p>asyncio: {@code Barrier}.
 */
public final class Barrier extends LoopBound {
    /**
     * FILLING -> DRAINING when all are there -> FILLING when all have gone. A reset makes it RESETTING until those who wait have
     * gone, then FILLING. An abort makes it BROKEN until a reset.
     */
    private enum State {
        FILLING,
        DRAINING,
        RESETTING,
        BROKEN
    }

    private final int parties;
    /** For those who wait until all are there, and for those who came while others have yet to go. */
    private final Signal change = new Signal(this);

    private State state = State.FILLING;
    /** The tasks that have come to the barrier and not left it. */
    private int inside;
    /** The number of the next task that leaves. */
    private int leaving;

    /**
     * A barrier for so many tasks.
     *
     * @throws IllegalArgumentException if {@code parties} is less than 1
     */
    public Barrier(int parties) {
        if (parties < 1) {
            throw new IllegalArgumentException("a barrier cannot be for " + parties + " tasks");
        }
        this.parties = parties;
    }

    /**
     * Waits until as many tasks wait here as the barrier is for. asyncio: {@code wait}.
     *
     * <p>While those of the round before have yet to go, it waits for that first. A task that is cancelled is missing. Fails with
     * a {@link BrokenBarrierException} if the barrier is aborted, or is reset meanwhile, and with an {@link
     * IllegalStateException} if the barrier belongs to another loop.
     *
     * @return a number from 0 to {@code parties - 1}, another one for each task of this round
     */
    public Coroutine<Integer> whenFull() {
        check(EventLoop.current());
        while (state == State.DRAINING || state == State.RESETTING) {
            await(change);
        }
        checkNotBroken();
        inside++;
        int number;
        try {
            if (inside == parties) {
                state = State.DRAINING;
                leaving = 0;
                change.waiters.wakeAll();
                number = parties - 1;
            } else {
                while (state == State.FILLING) {
                    await(change);
                }
                checkNotBroken();
                number = leaving++;
            }
        } finally {
            leave();
        }
        return Coroutine.of(number);
    }

    /** Makes the barrier as new: the tasks that wait at it get a {@link BrokenBarrierException}. */
    public void reset() {
        checkThread();
        state = inside == 0 ? State.FILLING : State.RESETTING;
        change.waiters.wakeAll();
    }

    /** Breaks the barrier: who waits at it, or comes to it before a {@link #reset()}, gets a {@link BrokenBarrierException}. */
    public void abort() {
        checkThread();
        state = State.BROKEN;
        change.waiters.wakeAll();
    }

    /** How many tasks the barrier is for. */
    public int parties() {
        return parties;
    }

    /** How many tasks wait for the others. asyncio: {@code n_waiting}. */
    public int waiting() {
        return state == State.FILLING ? inside : 0;
    }

    /** Whether the barrier was aborted and not reset since. */
    public boolean isBroken() {
        return state == State.BROKEN;
    }

    private void checkNotBroken() {
        if (state == State.BROKEN) {
            throw new BrokenBarrierException("the barrier was aborted");
        }
        if (state == State.RESETTING) {
            throw new BrokenBarrierException("the barrier was reset");
        }
    }

    private void leave() {
        inside--;
        if (inside == 0) {
            if (state != State.BROKEN) {
                state = State.FILLING;
            }
            change.waiters.wakeAll();
        }
    }

    @Override
    public String toString() {
        return "Barrier(" + state.name().toLowerCase(Locale.ROOT) + ", " + inside + " of " + parties + ')';
    }
}

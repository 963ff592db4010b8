package io.samovar.sync;

/**
 * A semaphore that cannot be released more often than it was acquired, which finds a release too many where it is made. asyncio:
 * {@code BoundedSemaphore}.
 */
public final class BoundedSemaphore extends Semaphore {
    private final int permits;

    /**
     * A semaphore with so many permits, and never more.
     *
     * @throws IllegalArgumentException if {@code permits} is negative
     */
    public BoundedSemaphore(int permits) {
        super(permits);
        this.permits = permits;
    }

    /**
     * Gives a permit to the task that has waited the longest, or keeps it for the next that comes.
     *
     * @throws IllegalStateException if no permit is taken
     */
    @Override
    public void release() {
        if (free() >= permits) {
            throw new IllegalStateException("released more often than acquired: " + this);
        }
        super.release();
    }
}

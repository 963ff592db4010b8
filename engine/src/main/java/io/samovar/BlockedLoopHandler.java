package io.samovar;

/**
 * Is told while a loop is held up by one callback or one step of a task.
 *
 * <p>asyncio tells of a slow callback in debug mode, when it is over; this is told in every mode, while it lasts.
 */
@FunctionalInterface
public interface BlockedLoopHandler {
    /** Logs it through the {@link System.Logger} named {@code io.samovar}, at level WARNING. */
    BlockedLoopHandler LOGGING = blocked -> EventLoop.LOG.log(System.Logger.Level.WARNING, blocked::describe);

    /**
     * Called on the watchdog's own thread, once each time that a loop is held up; it must return quickly, and touch nothing
     * that belongs to the loop's thread. What it throws is logged.
     */
    void blocked(BlockedLoop blocked);
}

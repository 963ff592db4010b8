package io.samovar.transport;

/** What a {@link Transport} may ask and tell the loop that it serves. */
public interface TransportContext {
    /**
     * Whether the loop has something to run, so that {@link Transport#poll} must not wait.
     *
     * <p>A transport asks this after it has announced that it is about to sleep, so that a {@link Transport#wakeup()}
     * that came just before the announcement is not lost.
     */
    boolean hasWork();

    /** Takes an exception that a {@link ReadinessListener} threw; it goes to the loop's exception handler. */
    void listenerFailed(Throwable failure);
}

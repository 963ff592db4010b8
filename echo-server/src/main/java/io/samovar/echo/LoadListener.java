package io.samovar.echo;

/** Is told how a run goes on, on the thread of its loop. */
interface LoadListener {
    /** Takes no notice. */
    LoadListener NONE = new LoadListener() {};

    /** A phase begins. */
    default void entered(LoadPhase phase) {}

    /** Another second is over. */
    default void second(LoadPhase phase, double messagesPerSecond) {}

    /** The run is over, one way or the other. */
    default void over() {}
}

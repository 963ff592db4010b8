package io.samovar.testing;

/** What is looked at when a test is over; {@link SkipChecks} leaves it out. */
public enum Check {
    /** No task is left that is not done. */
    LEAKED_TASKS,
    /** No stream and no server is left open. */
    UNCLOSED_SOCKETS,
    /** Nothing was reported to the loop's exception handler. */
    UNHANDLED_ERRORS
}

package io.samovar;

/** What {@link Async#wait} waits for. */
public enum ReturnWhen {
    /** One of the futures is done, whether it has a value or failed or was cancelled. */
    FIRST_COMPLETED,
    /** One of the futures has failed, other than by being cancelled; or all are done. */
    FIRST_EXCEPTION,
    /** All futures are done. */
    ALL_COMPLETED
}

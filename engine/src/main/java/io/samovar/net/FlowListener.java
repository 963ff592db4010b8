package io.samovar.net;

/** Told what becomes of the writing of a stream. */
interface FlowListener {
    /** More than the high water mark waits. Called from within the write. */
    void writingPaused();

    /** No more than the low one waits. May be called inside a poll. */
    void writingMayGoOn();

    /** The stream is closed, or nothing can be written any more. May be called inside a poll. */
    void writingIsOver();
}

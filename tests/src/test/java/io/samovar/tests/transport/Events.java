package io.samovar.tests.transport;

import io.samovar.transport.ReadinessListener;

/** A listener that counts what it is told, and may do something then. */
final class Events implements ReadinessListener {
    int calls;
    int readable;
    int writable;
    int closed;

    private Runnable then = () -> {};
    private Runnable thenClosed = () -> {};

    @Override
    public void ready(boolean isReadable, boolean isWritable) {
        calls++;
        readable += isReadable ? 1 : 0;
        writable += isWritable ? 1 : 0;
        then.run();
    }

    @Override
    public void closed() {
        closed++;
        thenClosed.run();
    }

    /** Does this at each call, after it was counted. */
    void then(Runnable action) {
        then = action;
    }

    /** Does this at the next call only. */
    void once(Runnable action) {
        then = () -> {
            then = () -> {};
            action.run();
        };
    }

    /** Does this when the transport has closed the socket. */
    void thenClosed(Runnable action) {
        thenClosed = action;
    }

    void forget() {
        calls = 0;
        readable = 0;
        writable = 0;
    }
}

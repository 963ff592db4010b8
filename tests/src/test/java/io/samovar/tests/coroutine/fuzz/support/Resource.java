package io.samovar.tests.coroutine.fuzz.support;

/** Logs that it was opened and closed, and fails at either if its number says so. */
public final class Resource implements AutoCloseable {
    private final Trace trace;
    private final int number;

    public Resource(Trace trace, int number) {
        this.trace = trace;
        this.number = number;
        trace.log(number, "open");
        if (number % 11 == 0) {
            throw new Boom("open " + number);
        }
    }

    public int number() {
        return number;
    }

    @Override
    public void close() throws Snag {
        trace.log(number, "close");
        if (number % 7 == 0) {
            throw new Snag("close " + number);
        }
    }
}

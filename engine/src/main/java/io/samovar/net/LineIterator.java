package io.samovar.net;

import static io.samovar.Async.await;

import io.samovar.AsyncIterator;
import io.samovar.Coroutine;
import java.util.NoSuchElementException;

/** The lines of a stream. The next one stays in the stream until it is taken. */
final class LineIterator implements AsyncIterator<String> {
    private static final int NOT_ASKED = -2;

    private final StreamReader reader;
    private final int limit;
    /** Where the next line ends, or what stands for that. */
    private int end = NOT_ASKED;

    LineIterator(StreamReader reader, int limit) {
        this.reader = reader;
        this.limit = limit;
    }

    @Override
    public Coroutine<Boolean> hasNext() {
        if (end == NOT_ASKED) {
            end = await(Reads.lineEnd(reader.begin(), limit));
        }
        return Coroutine.of(end >= 0);
    }

    @Override
    public String next() {
        InboundBuffer inbound = reader.begin();
        if (end < 0 || end > inbound.size()) { // less is there if somebody else has read meanwhile
            throw new NoSuchElementException("ask hasNext() first, and let nobody else read");
        }
        int taken = end;
        end = NOT_ASKED;
        return Reads.takeLine(inbound, taken);
    }
}

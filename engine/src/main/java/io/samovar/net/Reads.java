package io.samovar.net;

import static io.samovar.Async.await;

import io.netty.buffer.ByteBuf;
import io.samovar.Coroutine;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The reads that wait for something particular. What they have waited for lies in the stream's {@link InboundBuffer} until all of it is
 * there, so that nothing is lost when one is cancelled.
 */
final class Reads {
    private static final byte[] LINE_FEED = {'\n'};

    private Reads() {}

    static Coroutine<@Nullable ByteBuf> atMost(StreamReader reader, int max) {
        InboundBuffer inbound = reader.begin();
        await(inbound.spendForHeld());
        if (inbound.isEmpty() && !await(inbound)) {
            return Coroutine.done();
        }
        return Coroutine.of(inbound.take(Math.min(max, inbound.size())));
    }

    static Coroutine<ByteBuf> exactly(StreamReader reader, int count) {
        InboundBuffer inbound = reader.begin();
        await(inbound.spendForHeld());
        while (inbound.size() < count) {
            if (!await(inbound)) {
                throw new IncompleteReadException(inbound.takeBytes(), count);
            }
        }
        return Coroutine.of(inbound.take(count));
    }

    static Coroutine<ByteBuf> all(StreamReader reader, int limit) {
        InboundBuffer inbound = reader.begin();
        await(inbound.spendForHeld());
        do {
            if (inbound.size() > limit) {
                throw new LimitOverrunException("the stream has more than " + limit + " bytes", inbound.size());
            }
        } while (await(inbound));
        return Coroutine.of(inbound.take(inbound.size()));
    }

    static Coroutine<String> allText(StreamReader reader, int limit, Charset charset) {
        ByteBuf all = await(all(reader, limit));
        try {
            return Coroutine.of(all.toString(charset));
        } finally {
            all.release();
        }
    }

    /** asyncio's {@code readuntil}: the match that ends first wins, and the limit counts what comes before the separator. */
    static Coroutine<ByteBuf> until(StreamReader reader, Separators separators, int limit) {
        InboundBuffer inbound = reader.begin();
        await(inbound.spendForHeld());
        int searched = 0;
        while (true) {
            if (separators.find(inbound, searched)) {
                int start = separators.start();
                if (start > limit) {
                    throw new LimitOverrunException(
                            "the separator is found, but only after " + start + " bytes: the limit is " + limit, start);
                }
                return Coroutine.of(inbound.take(separators.end()));
            }
            searched = separators.nextFrom(inbound.size());
            if (searched > limit) {
                throw new LimitOverrunException(
                        "the separator is not found in more than " + limit + " bytes, which is the limit", searched);
            }
            if (!await(inbound)) {
                throw new IncompleteReadException(inbound.takeBytes(), IncompleteReadException.UNKNOWN);
            }
        }
    }

    /** asyncio's {@code readline}; what is too long is dropped, up to its end if that has come. */
    static Coroutine<@Nullable String> line(StreamReader reader, int limit) {
        InboundBuffer inbound = reader.begin();
        int end = await(lineEnd(inbound, limit));
        return end < 0 ? Coroutine.done() : Coroutine.of(takeLine(inbound, end));
    }

    /**
     * Waits until a line is there, and does not take it.
     *
     * @return the index of its line feed, or the number of bytes if the stream ends without one; -1 if there is no line
     */
    static Coroutine<Integer> lineEnd(InboundBuffer inbound, int limit) {
        await(inbound.spendForHeld());
        int searched = 0;
        while (true) {
            int found = inbound.find(LINE_FEED, searched, inbound.size());
            int size = inbound.size();
            if (found > limit || (found < 0 && size > limit)) {
                inbound.skip(found < 0 ? size : found + 1);
                throw new LimitOverrunException(
                        "a line has more than " + limit + " bytes, which is the limit", found < 0 ? size : found);
            }
            if (found >= 0) {
                return Coroutine.of(found);
            }
            searched = size;
            if (!await(inbound)) {
                return Coroutine.of(
                        inbound.isEmpty() ? -1 : inbound.size()); // less than before if this side has closed
            }
        }
    }

    /** Takes a line and its end, and gives it without: {@code \n} or {@code \r\n}. */
    static String takeLine(InboundBuffer inbound, int end) {
        boolean terminated = end < inbound.size();
        boolean returned = terminated && end > 0 && inbound.at(end - 1) == '\r';
        String line = inbound.takeText(returned ? end - 1 : end, StandardCharsets.UTF_8);
        inbound.skip(returned ? 2 : terminated ? 1 : 0);
        return line;
    }
}

package io.samovar.net;

import static io.samovar.Async.await;

import io.netty.buffer.ByteBuf;
import io.samovar.AsyncIterator;
import io.samovar.Coroutine;
import java.util.NoSuchElementException;

/** The bytes of a stream as they come. What has come stays in the stream until it is taken, so one that is left early holds nothing. */
final class ChunkIterator implements AsyncIterator<ByteBuf> {
    private final StreamReader reader;

    ChunkIterator(StreamReader reader) {
        this.reader = reader;
    }

    @Override
    public Coroutine<Boolean> hasNext() {
        InboundBuffer inbound = reader.begin();
        return Coroutine.of(!inbound.isEmpty() || await(inbound));
    }

    @Override
    public ByteBuf next() {
        ByteBuf chunk = reader.begin().takeAll();
        if (chunk == null) {
            throw new NoSuchElementException("ask hasNext() first, and let nobody else read");
        }
        return chunk;
    }
}

package io.samovar.net;

import static io.samovar.Async.await;

import io.netty.buffer.ByteBuf;
import io.samovar.AsyncIterator;
import io.samovar.Coroutine;
import java.util.NoSuchElementException;

/** The bytes of a stream as they come. What has come stays in the stream until it is taken, so one that is left early holds nothing. */
final class ChunkIterator implements AsyncIterator<ByteBuf> {
    private final TcpStream stream;

    ChunkIterator(TcpStream stream) {
        this.stream = stream;
    }

    @Override
    public Coroutine<Boolean> hasNext() {
        InboundBuffer inbound = stream.inboundToRead();
        return Coroutine.of(!inbound.isEmpty() || await(inbound));
    }

    @Override
    public ByteBuf next() {
        ByteBuf chunk = stream.inboundToRead().takeAll();
        if (chunk == null) {
            throw new NoSuchElementException("ask hasNext() first, and let nobody else read");
        }
        return chunk;
    }
}

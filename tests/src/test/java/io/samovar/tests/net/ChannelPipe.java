package io.samovar.tests.net;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.Pipe;

/** A pipe of the JDK whose ends do not block. */
final class ChannelPipe implements AutoCloseable {
    final Pipe.SourceChannel source;
    final Pipe.SinkChannel sink;

    ChannelPipe() {
        try {
            Pipe pipe = Pipe.open();
            source = pipe.source();
            sink = pipe.sink();
            source.configureBlocking(false);
            sink.configureBlocking(false);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Writes as many bytes as there is room for.
     *
     * @return how many
     */
    int write(int bytes) {
        try {
            return sink.write(ByteBuffer.allocate(bytes));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Reads once.
     *
     * @return how many bytes; -1 at the end
     */
    int read(int atMost) {
        try {
            return source.read(ByteBuffer.allocate(atMost));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        try {
            sink.close();
            source.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

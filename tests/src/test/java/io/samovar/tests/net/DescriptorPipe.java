package io.samovar.tests.net;

import io.netty.channel.unix.FileDescriptor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;

/** A pipe of which the loop is told the numbers only. Its ends do not block. */
final class DescriptorPipe implements AutoCloseable {
    private final FileDescriptor source;
    private final FileDescriptor sink;

    DescriptorPipe() {
        try {
            FileDescriptor[] ends = FileDescriptor.pipe();
            source = ends[0];
            sink = ends[1];
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    int source() {
        return source.intValue();
    }

    int sink() {
        return sink.intValue();
    }

    /** Writes as many bytes as there is room for; 0 if there is none. */
    int write(int bytes) throws IOException {
        return sink.write(ByteBuffer.allocateDirect(bytes), 0, bytes);
    }

    /** {@link #write} where it cannot fail. */
    int send(int bytes) {
        try {
            return write(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Reads once: how many bytes, 0 if there is none, -1 at the end. */
    int read(int atMost) {
        try {
            return source.read(ByteBuffer.allocateDirect(atMost), 0, atMost);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void closeSource() {
        close(source);
    }

    void closeSink() {
        close(sink);
    }

    @Override
    public void close() {
        closeSource();
        closeSink();
    }

    private static void close(FileDescriptor end) {
        try {
            end.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

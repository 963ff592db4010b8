package io.samovar.net;

import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Cuts the buffers of one write into what goes into a record each; small pieces that follow each other share one. */
final class TlsRecords {
    private final ByteBuf[] buffers;
    private final int end;
    private final TlsMemory memory;
    private int index;
    /** Bytes of the buffer at {@link #index} that were taken. */
    private int offset;

    private long taken;
    private @Nullable ByteBuf gathered;

    TlsRecords(ByteBuf[] buffers, int from, int count, TlsMemory memory) {
        this.buffers = buffers;
        this.index = from;
        this.end = from + count;
        this.memory = memory;
        skipEmpty();
    }

    boolean hasMore() {
        return index < end;
    }

    /** Bytes that were encrypted. */
    long taken() {
        return taken;
    }

    /** The plaintext of the next record; {@link #release} follows. */
    ByteBuffer next() {
        ByteBuf first = buffers[index];
        int length = first.readableBytes() - offset;
        if (length >= TlsMemory.RECORD || index + 1 == end) {
            return first.internalNioBuffer(first.readerIndex() + offset, Math.min(length, TlsMemory.RECORD));
        }
        ByteBuf together = memory.gathered.take();
        gathered = together;
        int at = offset;
        for (int i = index; i < end && together.isWritable(); i++) {
            ByteBuf buffer = buffers[i];
            int bytes = Math.min(buffer.readableBytes() - at, together.writableBytes());
            together.writeBytes(buffer, buffer.readerIndex() + at, bytes);
            at = 0;
        }
        return together.internalNioBuffer(0, together.readableBytes());
    }

    /** The record was encrypted, or failed. */
    void release() {
        if (gathered != null) {
            memory.gathered.giveBack(gathered);
            gathered = null;
        }
    }

    /** So many more bytes were encrypted. */
    void take(int bytes) {
        taken += bytes;
        offset += bytes;
        while (index < end && offset >= buffers[index].readableBytes()) {
            offset -= buffers[index].readableBytes();
            index++;
        }
    }

    private void skipEmpty() {
        take(0);
    }
}

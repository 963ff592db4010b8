package io.samovar.testing;

import io.netty.buffer.ByteBuf;
import java.util.ArrayDeque;
import java.util.Queue;

/** What has arrived at one end of a connection and was not read. */
final class Inbox {
    private final Queue<byte[]> pieces = new ArrayDeque<>();
    /** What of the first piece was read. */
    private int offset;

    private int bytes;
    private boolean ended;

    void add(byte[] piece) {
        pieces.add(piece);
        bytes += piece.length;
    }

    /** No more will come. */
    void end() {
        ended = true;
    }

    int bytes() {
        return bytes;
    }

    /** Whether the peer has sent the end of the stream. */
    boolean hasEnded() {
        return ended;
    }

    /** Whether a read finds bytes or the end. */
    boolean hasSomething() {
        return bytes > 0 || ended;
    }

    /** Moves as many bytes as there are, as have room and as are allowed. */
    int read(ByteBuf into, int limit) {
        int wanted = Math.min(Math.min(bytes, into.writableBytes()), limit);
        for (int left = wanted; left > 0; ) {
            byte[] first = pieces.element();
            int some = Math.min(left, first.length - offset);
            into.writeBytes(first, offset, some);
            offset += some;
            left -= some;
            if (offset == first.length) {
                pieces.remove();
                offset = 0;
            }
        }
        bytes -= wanted;
        return wanted;
    }

    void clear() {
        pieces.clear();
        offset = 0;
        bytes = 0;
    }
}

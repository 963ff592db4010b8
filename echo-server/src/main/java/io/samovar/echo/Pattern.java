package io.samovar.echo;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.PooledByteBufAllocator;
import java.nio.ByteBuffer;
import java.util.Random;

/**
 * The bytes that a load generator sends, made once: what a connection sends at a position of its stream depends on both,
 * so that a byte that is wrong, lost, doubled or on the wrong connection shows.
 *
 * <p>They are random bytes that repeat after {@value #PERIOD}, and each connection begins at another place. The period is
 * prime, so that no whole number of messages hides a shift; and it is short enough to stay in the processor's cache. One
 * byte has one chance in 256 to look right in a wrong place, a message of 64 bytes has none.
 *
 * <p>The pattern belongs to one thread. What {@link #slice} gives belongs to the caller.
 */
final class Pattern implements AutoCloseable {
    static final int PERIOD = 65_521;

    /** Bytes from which on it pays to compare by {@link ByteBuffer#mismatch}, although that allocates a view. */
    private static final int LONG_RUN = 1024;

    /** Neighbouring connections begin far apart; it and the period have no common factor, so that no two begin together. */
    private static final long STEP = 40_503;

    /**
     * Two periods, so that a slice of up to one period may begin anywhere in the first. Not from the default allocator:
     * only this one's slices are pooled too.
     */
    private final ByteBuf bytes = PooledByteBufAllocator.DEFAULT.directBuffer(2 * PERIOD, 2 * PERIOD);

    /** The same memory, to compare long runs several times faster. */
    private final ByteBuffer memory;

    Pattern() {
        byte[] period = new byte[PERIOD];
        new Random(7).nextBytes(period); // the same in every run
        bytes.writeBytes(period).writeBytes(period);
        memory = bytes.nioBuffer();
    }

    /** Where a connection begins in the pattern; add the position in its stream to get where it is. */
    static long start(int connection) {
        return connection * STEP % PERIOD;
    }

    /** The bytes from {@code at} on: {@code wanted} of them, or one period if that is less. Release them, or hand them on. */
    ByteBuf slice(long at, long wanted) {
        return bytes.retainedSlice(index(at), (int) Math.min(wanted, PERIOD));
    }

    /** How many of the readable bytes of {@code data} are right before the first wrong one, or -1 if all are right. */
    int mismatch(ByteBuf data, long at) {
        int length = data.readableBytes();
        for (int done = 0; done < length; ) {
            int index = index(at + done);
            int run = Math.min(length - done, bytes.capacity() - index);
            if (!equal(data, data.readerIndex() + done, index, run)) {
                return firstDifference(data, at, done);
            }
            done += run;
        }
        return -1;
    }

    private boolean equal(ByteBuf data, int from, int index, int length) {
        if (length < LONG_RUN || data.nioBufferCount() != 1) {
            return ByteBufUtil.equals(data, from, bytes, index, length);
        }
        memory.limit(index + length).position(index);
        return memory.mismatch(data.internalNioBuffer(from, length)) < 0;
    }

    /** The byte at {@code at}. */
    byte byteAt(long at) {
        return bytes.getByte(index(at));
    }

    private int firstDifference(ByteBuf data, long at, int from) {
        int i = from;
        while (data.getByte(data.readerIndex() + i) == byteAt(at + i)) {
            i++;
        }
        return i;
    }

    private static int index(long at) {
        return (int) (at % PERIOD);
    }

    /** Returns the memory once the last slice is released. */
    @Override
    public void close() {
        bytes.release();
    }

    /** Whether the memory is still in use, by the pattern or by a slice. */
    boolean isAlive() {
        return bytes.refCnt() > 0;
    }
}

package io.samovar.transport;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import org.jspecify.annotations.Nullable;

/**
 * The memory that the reads of one loop land in, so that they land where the cache is still hot.
 *
 * <p>Each read lands behind the one before and hands out a slice of its own. When the last slice is released, the next
 * read starts at the front again: an echo server uses the same cache lines for ever. A slice that somebody keeps stays
 * where it is, and the loop moves on to a fresh chunk when the current one is full; the old chunk goes back to the
 * allocator with its last slice. A small slice that is kept for long keeps its whole chunk, so copy what must live long.
 *
 * <p>Slices may be released on any thread; everything else belongs to the loop thread.
 */
public final class ReceiveBuffer implements AutoCloseable {
    /** Bytes of one chunk, and of the largest read: more than a socket buffer usually holds. */
    private static final int CHUNK = 256 * 1024;

    /** The least room for a read; a chunk that has less left is given up. */
    private static final int READ = 64 * 1024;

    private final ByteBufAllocator allocator;
    /** {@code null} until the first read, and after {@link #close()}. */
    private @Nullable ByteBuf chunk;

    private boolean closed;

    public ReceiveBuffer(ByteBufAllocator allocator) {
        this.allocator = allocator;
    }

    /** Where the memory comes from; any thread may use it. */
    public ByteBufAllocator allocator() {
        return allocator;
    }

    /**
     * The buffer to read into: its writer index is where the next bytes go. It stays this object's: never keep or
     * release it; call {@link #take(int)} with what was read.
     */
    public ByteBuf prepare() {
        ByteBuf current = chunk;
        if (current != null) {
            if (current.refCnt() == 1) {
                current.clear(); // no slice is alive: nobody can see what is overwritten
                return current;
            }
            if (current.writableBytes() >= READ) {
                return current;
            }
            current.release();
            chunk = null;
        }
        if (closed) {
            throw new IllegalStateException("the transport of this loop is closed");
        }
        ByteBuf fresh = allocator.directBuffer(CHUNK, CHUNK);
        chunk = fresh;
        return fresh;
    }

    /**
     * Hands out the last {@code bytes} that were read. The caller owns the slice and must release it.
     *
     * @param bytes what {@link StreamSocket#read} returned, more than 0
     */
    public ByteBuf take(int bytes) {
        ByteBuf current = chunk;
        assert current != null;
        assert bytes > 0;
        return current.retainedSlice(current.writerIndex() - bytes, bytes);
    }

    /** Returns the memory; slices that were handed out stay valid. */
    @Override
    public void close() {
        closed = true;
        if (chunk != null) {
            chunk.release();
            chunk = null;
        }
    }
}

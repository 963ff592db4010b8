package io.samovar.net;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.samovar.Awaitable;
import io.samovar.Coroutine;
import io.samovar.Task;
import java.nio.charset.Charset;
import org.jspecify.annotations.Nullable;

/**
 * What a stream has read and not yet given out; and the wait for more of it, which gives whether more has come before the end.
 *
 * <p>It holds a slice of the memory that the whole loop reads into, as long as that is all it has. As soon as more is waited for, the
 * bytes move to memory of their own, so that a peer that sends half a line keeps little; into that the kernel writes from then on.
 */
final class InboundBuffer implements Awaitable<Boolean> {
    /** The least memory of its own. */
    private static final int SMALLEST = 1024;
    /** The least room for a read. */
    private static final int LEAST_ROOM = 256;
    /** The most memory. */
    private static final int MOST = Integer.MAX_VALUE - 8;
    /** Beyond this, memory grows twofold and no longer fourfold. */
    private static final int MANY = 1 << 20;

    private final StreamReader reader;
    /** {@code null} while there is nothing. */
    private @Nullable ByteBuf bytes;
    /** The bytes lie in the loop's memory. */
    private boolean shared;

    InboundBuffer(StreamReader reader) {
        this.reader = reader;
    }

    int size() {
        return bytes == null ? 0 : bytes.readableBytes();
    }

    boolean isEmpty() {
        return bytes == null;
    }

    /**
     * What each read awaits first: bytes that are here already cost it a unit of the task's budget, as those cost that it has to wait
     * for. Or a peer that sends many at once could keep a task going for ever.
     */
    Awaitable<@Nullable Void> spendForHeld() {
        return isEmpty() ? Coroutine.done() : Turn.OF_TASK;
    }

    /** Puts a slice of the loop's memory in, which this takes over. */
    void adopt(ByteBuf slice) {
        assert bytes == null;
        bytes = slice;
        shared = true;
    }

    /** Memory of its own behind the bytes that are there, with room for more. */
    ByteBuf writable() {
        ByteBuf held = bytes;
        assert held != null : "nothing to add to";
        if (!shared && held.writableBytes() >= LEAST_ROOM) {
            return held;
        }
        int size = held.readableBytes();
        if (!shared && held.refCnt() == 1 && size <= held.capacity() / 2) {
            return held.discardReadBytes(); // nobody sees what is moved
        }
        long grown = Math.max(SMALLEST, size < MANY ? size * 4L : size * 2L);
        int capacity = (int) Math.min(MOST, grown);
        if (capacity - size < LEAST_ROOM) {
            throw new LimitOverrunException("no more than " + MOST + " bytes can be held at once", size);
        }
        ByteBuf own = held.alloc().directBuffer(capacity);
        own.writeBytes(held);
        held.release();
        bytes = own;
        shared = false;
        return own;
    }

    /** Everything, or {@code null} if there is nothing. The caller owns it. */
    @Nullable
    ByteBuf takeAll() {
        ByteBuf all = bytes;
        bytes = null;
        return all;
    }

    /** The first {@code count} bytes. The caller owns them. */
    ByteBuf take(int count) {
        ByteBuf held = bytes;
        if (held == null || count == 0) {
            assert count == 0;
            return Unpooled.EMPTY_BUFFER;
        }
        if (count == held.readableBytes()) {
            bytes = null;
            return held;
        }
        return held.readRetainedSlice(count);
    }

    /** Moves as much into a buffer as it has room for. */
    int moveTo(ByteBuf into) {
        ByteBuf moved = take(Math.min(size(), into.writableBytes()));
        try {
            into.writeBytes(moved, moved.readerIndex(), moved.readableBytes());
            return moved.readableBytes();
        } finally {
            moved.release();
        }
    }

    byte[] takeBytes() {
        ByteBuf all = take(size());
        try {
            return ByteBufUtil.getBytes(all);
        } finally {
            all.release();
        }
    }

    String takeText(int count, Charset charset) {
        ByteBuf held = bytes;
        if (held == null) {
            assert count == 0;
            return "";
        }
        String text = held.toString(held.readerIndex(), count, charset);
        skip(count);
        return text;
    }

    void skip(int count) {
        ByteBuf held = bytes;
        if (held != null) {
            held.skipBytes(count);
            if (!held.isReadable()) {
                clear();
            }
        }
    }

    void clear() {
        if (bytes != null) {
            bytes.release();
            bytes = null;
        }
    }

    /** The byte at an index, counted from the first that was not given out. */
    byte at(int index) {
        ByteBuf held = bytes;
        assert held != null;
        return held.getByte(held.readerIndex() + index);
    }

    /** Where {@code wanted} begins, at {@code from} or behind; -1 if it is not there as a whole before {@code to}. */
    int find(byte[] wanted, int from, int to) {
        ByteBuf held = bytes;
        if (held == null) {
            return -1;
        }
        int origin = held.readerIndex();
        int end = origin + to - wanted.length + 1;
        for (int at = origin + from; at < end; at++) {
            at = held.indexOf(at, end, wanted[0]);
            if (at < 0) {
                return -1;
            }
            if (matches(held, at, wanted)) {
                return at - origin;
            }
        }
        return -1;
    }

    private static boolean matches(ByteBuf held, int at, byte[] wanted) {
        for (int i = 1; i < wanted.length; i++) {
            if (held.getByte(at + i) != wanted[i]) {
                return false;
            }
        }
        return true;
    }

    @Override
    public Object poll(Task<?> task) {
        return reader.fill(this, task);
    }

    @Override
    public void park(Task<?> task) {
        reader.park(task);
    }

    @Override
    public boolean interrupt(Task<?> task, @Nullable String message) {
        return reader.interrupt(task, message);
    }
}

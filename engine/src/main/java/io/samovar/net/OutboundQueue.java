package io.samovar.net;

import io.netty.buffer.ByteBuf;
import io.samovar.Task;
import io.samovar.transport.StreamSocket;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a stream could not write yet, in order. It owns its buffers.
 *
 * <p>The buffers lie side by side in one array, so that one gathering write can take them as they are.
 */
final class OutboundQueue {
    private ByteBuf[] buffers = new ByteBuf[8];
    private int head;
    private int count;
    private long bytes;

    /** What all queues of a server count in together, or {@code null}. */
    private final @Nullable BufferedBytes together;

    /** Tasks that wait for it to get shorter; {@code null} while there are none. */
    private @Nullable List<Task<?>> waiting;

    OutboundQueue(@Nullable BufferedBytes together) {
        this.together = together;
    }

    void addWriter(Task<?> task) {
        if (waiting == null) {
            waiting = new ArrayList<>(2);
        }
        waiting.add(task);
    }

    void forgetWriter(Task<?> task) {
        if (waiting != null) {
            waiting.remove(task);
        }
    }

    void wakeWriters() {
        List<Task<?>> tasks = waiting;
        if (tasks != null) {
            waiting = null;
            tasks.forEach(Task::wakeup);
        }
    }

    /** Takes over a buffer that has something to write. */
    void add(ByteBuf buffer) {
        assert buffer.isReadable();
        if (head + count == buffers.length) {
            makeRoom();
        }
        buffers[head + count++] = buffer;
        count(buffer.readableBytes());
    }

    private void count(long more) {
        bytes += more;
        if (together != null) {
            together.add(more);
        }
    }

    /** Bytes that wait. */
    long bytes() {
        return bytes;
    }

    boolean isEmpty() {
        return count == 0;
    }

    /**
     * Writes until all is gone or the socket would block.
     *
     * @return whether all is gone
     */
    boolean flushTo(StreamSocket socket) {
        while (count > 0) {
            long before = bytes;
            long written = count == 1 ? socket.write(buffers[head]) : socket.write(buffers, head, count);
            if (written == 0) {
                return false;
            }
            drop(written);
            assert bytes == before - written;
        }
        return true;
    }

    /** Releases everything. */
    void release() {
        for (int i = head; i < head + count; i++) {
            buffers[i].release();
        }
        Arrays.fill(buffers, null);
        head = 0;
        count = 0;
        count(-bytes);
    }

    private void drop(long written) {
        count(-written);
        long left = written;
        while (left > 0) {
            ByteBuf first = buffers[head];
            int readable = first.readableBytes();
            if (left < readable) {
                first.skipBytes((int) left);
                return;
            }
            left -= readable;
            first.release();
            clearFirst();
        }
        if (count == 0) {
            head = 0;
        }
    }

    @SuppressWarnings("NullAway") // entries outside head..head+count are null
    private void clearFirst() {
        buffers[head++] = null;
        count--;
    }

    private void makeRoom() {
        ByteBuf[] larger = count > buffers.length / 2 ? new ByteBuf[buffers.length * 2] : buffers;
        System.arraycopy(buffers, head, larger, 0, count);
        if (larger == buffers) {
            Arrays.fill(buffers, count, buffers.length, null);
        }
        buffers = larger;
        head = 0;
    }
}

package io.samovar.net;

import io.netty.buffer.ByteBuf;
import io.samovar.Awaitable;
import io.samovar.Task;
import io.samovar.transport.ReadinessListener;
import io.samovar.transport.ReceiveBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The reading half of a stream: the wait for its next bytes, one object for every read, and the ear for the transport.
 *
 * <p>The bytes stay in the kernel until a task that really runs asks for them, so a read that is cancelled has read nothing. What was
 * read and did not suffice lies in {@link InboundBuffer}.
 */
final class StreamReader implements Awaitable<@Nullable ByteBuf>, ReadinessListener {
    /** Bytes that cost a unit of the task's budget, as a power of two: 16 KiB. */
    private static final int BUDGET_SHIFT = 14;

    /** The most that is read by way of a copy. */
    private static final int COPIED = 64 * 1024;

    private final TcpStream stream;

    /** The task that waits for bytes. */
    private @Nullable Task<?> waiting;

    /** Made by the first read that looks for something; {@link TcpStream#read()} needs none. */
    private @Nullable InboundBuffer inbound;

    /** Why nothing can be read any more; what the first read that found it threw. */
    private @Nullable NetworkException failure;

    /** The end of the stream was read. */
    private boolean ended;

    StreamReader(TcpStream stream) {
        this.stream = stream;
    }

    @Override
    public void ready(boolean readable, boolean writable) {
        if (readable) {
            wake();
        }
        stream.ready(writable);
    }

    @Override
    public void closed() {
        stream.loopClosed();
    }

    @Override
    public @Nullable Object poll(Task<?> task) {
        checkAlone(task);
        return task.spendBudget() ? receive(task) : PENDING;
    }

    @Override
    public void park(Task<?> task) {
        if (task.isBudgetSpent()) {
            task.wakeup(); // it goes on when the others had their turn
            return;
        }
        waiting = task;
        stream.writer().sendGathered(); // what the peer may wait for before it sends what this task waits for
    }

    @Override
    public boolean interrupt(Task<?> task, @Nullable String message) {
        if (waiting == task) {
            waiting = null; // the bytes stay in the kernel for the next read
        }
        return false;
    }

    /** A wait for bytes that are put into the caller's buffer. */
    Awaitable<Integer> into(ByteBuf buffer) {
        return new Into(buffer);
    }

    /** The buffer of one who begins to look for something. */
    InboundBuffer begin() {
        stream.checkThread();
        if (waiting != null) {
            throw concurrentRead();
        }
        if (inbound == null) {
            inbound = new InboundBuffer(this);
        }
        return inbound;
    }

    /** What was read and not given out, or {@code null}; the caller owns it. */
    @Nullable
    ByteBuf takeBuffered() {
        return inbound == null ? null : inbound.takeAll();
    }

    /** What {@link InboundBuffer#poll} gives: whether more has come, or {@link Awaitable#PENDING}. */
    Object fill(InboundBuffer into, Task<?> task) {
        checkAlone(task);
        if (!task.spendBudget()) {
            return PENDING;
        }
        if (mayNotRead()) {
            return false;
        }
        int bytes;
        if (into.isEmpty()) {
            ReceiveBuffer memory = stream.receiveBuffer();
            bytes = readInto(memory.prepare(), task);
            if (bytes > 0) {
                into.adopt(memory.take(bytes));
            }
        } else {
            bytes = readInto(into.writable(), task);
        }
        return bytes == 0 ? PENDING : (Object) (bytes > 0);
    }

    void wake() {
        Task<?> task = waiting;
        if (task != null) {
            waiting = null;
            task.wakeup();
        }
    }

    /** Nobody will read any more. */
    void close() {
        if (inbound != null) {
            inbound.clear();
        }
        wake();
    }

    /** From now on every read fails. */
    void fail(ServerLimitException why) {
        failure = why;
    }

    boolean isWaitedFor() {
        return waiting != null;
    }

    @Nullable
    NetworkException failure() {
        return failure;
    }

    /** Gives the next bytes, {@code null} at the end, or {@link Awaitable#PENDING}. */
    private @Nullable Object receive(Task<?> task) {
        if (inbound != null && !inbound.isEmpty()) {
            return inbound.takeAll();
        }
        if (mayNotRead()) {
            return null;
        }
        ReceiveBuffer memory = stream.receiveBuffer();
        int bytes = readInto(memory.prepare(), task);
        return bytes > 0 ? memory.take(bytes) : bytes == 0 ? PENDING : null;
    }

    private Object receiveInto(ByteBuf into, Task<?> task) {
        if (inbound != null && !inbound.isEmpty()) {
            return inbound.moveTo(into);
        }
        if (mayNotRead()) {
            return -1;
        }
        boolean direct = into.isDirect() && into.nioBufferCount() == 1;
        int bytes = direct ? readInto(into, task) : receiveByCopy(into, task);
        return bytes == 0 ? PENDING : (Object) bytes;
    }

    /** The kernel writes to direct memory only. */
    private int receiveByCopy(ByteBuf into, Task<?> task) {
        ByteBuf memory = into.alloc().directBuffer(Math.min(into.writableBytes(), COPIED));
        try {
            int bytes = readInto(memory, task);
            if (bytes > 0) {
                into.writeBytes(memory);
            }
            return bytes;
        } finally {
            memory.release();
        }
    }

    private int readInto(ByteBuf memory, Task<?> task) {
        try {
            int bytes = stream.socket().read(memory);
            if (bytes > 0) {
                task.spendExtra(bytes >> BUDGET_SHIFT);
                return bytes;
            }
            if (bytes < 0) {
                NetworkException broken = stream.writer().failure();
                if (broken != null && !(broken instanceof BrokenPipeException)) {
                    throw broken; // the kernel tells of a reset once, and calls it an end from then on
                }
                ended = true;
            }
            return bytes;
        } catch (NetworkException found) {
            failure = found;
            throw found;
        }
    }

    /** Whether the end has come, on either side. */
    private boolean mayNotRead() {
        throwPassedLimit();
        if (ended || stream.isShut()) {
            return true;
        }
        if (failure != null) {
            throw failure;
        }
        return false;
    }

    /** A limit of the server has ended the stream, which whoever uses it did not ask for. */
    void throwPassedLimit() {
        if (failure instanceof ServerLimitException) {
            throw failure;
        }
    }

    void checkAlone(@Nullable Task<?> task) {
        stream.checkThread();
        if (waiting != null && waiting != task) {
            throw concurrentRead();
        }
    }

    private ConcurrentReadException concurrentRead() {
        return new ConcurrentReadException(
                "another task is reading from " + stream + ": only one task may read from a stream at a time");
    }

    /** The wait for bytes into a buffer of the caller's. */
    private final class Into implements Awaitable<Integer> {
        private final ByteBuf buffer;

        Into(ByteBuf buffer) {
            this.buffer = buffer;
        }

        @Override
        public Object poll(Task<?> task) {
            checkAlone(task);
            return task.spendBudget() ? receiveInto(buffer, task) : PENDING;
        }

        @Override
        public void park(Task<?> task) {
            StreamReader.this.park(task);
        }

        @Override
        public boolean interrupt(Task<?> task, @Nullable String message) {
            return StreamReader.this.interrupt(task, message);
        }
    }
}

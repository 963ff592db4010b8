package io.samovar.net;

import io.netty.buffer.ByteBuf;
import io.samovar.Awaitable;
import io.samovar.Task;
import org.jspecify.annotations.Nullable;

/**
 * The writing half of a stream: what waits to be sent, and the wait for that to be little, one object for every write.
 *
 * <p>What is big goes to the socket at once. Small pieces are gathered, first as {@link #unsent} and then in {@link #queue}, until a task
 * waits to read from the stream or the iteration ends: so an answer in pieces, or several answers, are one system call, and a
 * single answer leaves as early as if it had not been gathered. The queue also holds what the system did not take.
 */
final class StreamWriter implements Awaitable<@Nullable Void>, Runnable {
    /** A piece up to this size is gathered. */
    private static final int SMALL = 4 * 1024;

    /** So many gathered bytes are sent without waiting for more. */
    private static final int GATHERED = 64 * 1024;

    private final TcpStream stream;

    /** The only small piece that waits to be sent; then there is no {@link #queue}. */
    private @Nullable ByteBuf unsent;

    /** {@code null} while nothing else waits to be written. */
    private @Nullable OutboundQueue queue;

    /** Why nothing can be written any more. */
    private @Nullable NetworkException failure;

    /** The stream's output is to be shut down; the end is sent when nothing waits. */
    private boolean ending;

    /** More than the high water mark waited to be written, and not yet as little as the low one. */
    private boolean paused;

    /** This is run before the next poll. */
    private boolean scheduled;

    StreamWriter(TcpStream stream) {
        this.stream = stream;
    }

    @Override
    public @Nullable Object poll(Task<?> task) {
        if (failure != null) {
            throw failure;
        }
        return !paused && task.spendBudget() ? null : PENDING;
    }

    @Override
    public void park(Task<?> task) {
        stream.checkThread();
        if (paused && queue != null) {
            queue.addWriter(task);
        } else {
            task.wakeup(); // only its budget was spent
        }
    }

    @Override
    public boolean interrupt(Task<?> task, @Nullable String message) {
        if (queue != null) {
            queue.forgetWriter(task);
        }
        return false;
    }

    /** The iteration ends: sends what was gathered. */
    @Override
    public void run() {
        scheduled = false;
        sendPending();
    }

    /** Takes a buffer, whatever happens. */
    void write(ByteBuf bytes) {
        try {
            checkMayWrite();
        } catch (RuntimeException refused) {
            bytes.release();
            throw refused;
        }
        if (bytes.isReadable()) {
            send(direct(bytes));
        } else {
            bytes.release();
        }
    }

    /** Takes several buffers, whatever happens: all are sent, or none. */
    void write(ByteBuf[] buffers) {
        ByteBuf[] ready = buffers.clone();
        int copying = -1;
        try {
            checkMayWrite();
            for (copying = 0; copying < ready.length; copying++) {
                ready[copying] = direct(ready[copying]);
            }
        } catch (Throwable refused) { // an error too, such as the end of direct memory
            for (int i = 0; i < ready.length; i++) {
                if (i != copying) { // that one is released already
                    ready[i].release();
                }
            }
            throw refused;
        }
        for (ByteBuf next : ready) {
            if (next.isReadable()) {
                enqueue(next);
            } else {
                next.release();
            }
        }
        if (queue != null) {
            sendOrGather(queue.bytes());
            pauseOrEndIfMuchWaits();
        }
    }

    /** Has the end follow what waits. */
    void end() {
        if (ending) {
            return;
        }
        ending = true;
        if (failure != null) {
            return;
        }
        if (nothingWaits()) {
            stream.socket().shutdownOutput();
        } else {
            sendPending();
        }
    }

    /** Sends small pieces that wait for others. */
    void sendGathered() {
        if (scheduled) {
            sendPending();
            scheduled = !stream.loop().cancelBeforePoll(this); // mostly nobody else has written since
        }
    }

    /** Writes what waits, as far as the system takes it; a failure is kept for whoever writes or waits. */
    void sendPending() {
        if (nothingWaits() || failure != null) {
            return;
        }
        boolean queued = false;
        try {
            queued = sendOnce();
        } catch (NetworkException found) {
            if (failure == null) {
                failed(found);
            }
        }
        resumeIfLittleWaits();
        if (nothingWaits()) {
            queue = null; // an idle stream keeps no queue
            if (ending && failure == null && !stream.isShut()) {
                stream.socket().shutdownOutput();
            }
            stream.sent();
        } else if (queued) {
            stream.limitBuffers(); // it has not been counted before
        }
    }

    boolean nothingWaits() {
        return unsent == null && (queue == null || queue.isEmpty());
    }

    long pendingBytes() {
        return unsent != null ? unsent.readableBytes() : queue != null ? queue.bytes() : 0;
    }

    boolean isPaused() {
        return paused;
    }

    @Nullable
    NetworkException failure() {
        return failure;
    }

    /** Drops what waits, and whoever waits or writes gets the reason. */
    void drop(NetworkException reason) {
        if (!nothingWaits() && failure == null) {
            failure = reason;
        }
    }

    /** Nobody will write any more. */
    void close() {
        wakeWriters();
        release();
    }

    /** The wait for the system to take everything. */
    Awaitable<@Nullable Void> flushed() {
        return new Flush();
    }

    void waterMarksMoved() {
        pauseIfMuchWaits();
        resumeIfLittleWaits();
    }

    private void send(ByteBuf bytes) {
        if (!nothingWaits()) {
            enqueue(bytes);
            sendOrGather(pendingBytes());
            pauseOrEndIfMuchWaits();
        } else if (mayWait(bytes.readableBytes(), SMALL)) {
            unsent = bytes;
            schedule();
        } else if (!writeAtOnce(bytes)) {
            enqueue(bytes);
            pauseOrEndIfMuchWaits();
        }
    }

    private void sendOrGather(long waiting) {
        if (mayWait(waiting, GATHERED)) {
            schedule();
            return;
        }
        sendPending();
        if (failure != null) {
            throw failure;
        }
    }

    /**
     * Whether so many bytes may wait for more: only while an iteration is under way, which ends soon, and not on a connection that the
     * reader knows to be broken, so that the writer learns of it at once.
     */
    private boolean mayWait(long bytes, int most) {
        return bytes <= most
                && bytes <= stream.options().highWaterMark()
                && stream.reader().failure() == null
                && stream.loop().isRunning();
    }

    private void schedule() {
        if (!scheduled) {
            scheduled = true;
            stream.loop().callBeforePoll(this);
        }
    }

    /** Writes a buffer, and releases it if it was taken whole or failed. */
    private boolean writeAtOnce(ByteBuf bytes) {
        try {
            int written = stream.socket().write(bytes);
            if (written == bytes.readableBytes()) {
                bytes.release();
                return true;
            }
            bytes.skipBytes(written);
            return false;
        } catch (NetworkException found) {
            bytes.release();
            failed(found);
            throw found;
        }
    }

    private void enqueue(ByteBuf bytes) {
        if (queue == null) {
            queue = new OutboundQueue(stream.bufferedTogether());
            if (unsent != null) {
                queue.add(unsent);
                unsent = null;
            }
        }
        queue.add(bytes);
    }

    /** Gives whether a piece that stood alone is in the queue now. */
    private boolean sendOnce() {
        ByteBuf single = unsent;
        if (single != null) {
            unsent = null;
            if (writeAtOnce(single)) {
                return false;
            }
            enqueue(single);
            return true;
        }
        if (queue != null) {
            queue.flushTo(stream.socket());
        }
        return false;
    }

    private void pauseOrEndIfMuchWaits() {
        pauseIfMuchWaits();
        stream.limitBuffers();
    }

    private void pauseIfMuchWaits() {
        if (!paused && pendingBytes() > stream.options().highWaterMark()) {
            paused = true;
            stream.writingPaused();
        }
    }

    private void resumeIfLittleWaits() {
        if (paused && pendingBytes() <= stream.options().lowWaterMark()) {
            paused = false;
            wakeWriters();
            stream.writingMayGoOn();
        }
    }

    private void failed(NetworkException found) {
        failure = found;
        wakeWriters();
        release();
        stream.writingFailed();
    }

    private void wakeWriters() {
        if (queue != null) {
            queue.wakeWriters();
        }
    }

    private void release() {
        if (unsent != null) {
            unsent.release();
            unsent = null;
        }
        if (queue != null) {
            queue.release();
            queue = null;
        }
    }

    private void checkMayWrite() {
        stream.checkThread();
        if (failure != null) {
            throw failure;
        }
        stream.checkOpen();
        if (ending) {
            throw new OutputShutDownException("the output of this stream was shut down: nothing can follow the end");
        }
    }

    /** The kernel reads from one piece of direct memory; anything else is copied, and released. */
    private static ByteBuf direct(ByteBuf bytes) {
        if (bytes.isDirect() && bytes.nioBufferCount() == 1) {
            return bytes;
        }
        try {
            return bytes.alloc().directBuffer(bytes.readableBytes()).writeBytes(bytes);
        } finally {
            bytes.release();
        }
    }

    /** The wait for the system to take everything. */
    private final class Flush implements Awaitable<@Nullable Void> {
        @Override
        public @Nullable Object poll(Task<?> task) {
            stream.checkThread();
            if (failure != null) {
                throw failure;
            }
            boolean done = nothingWaits() && stream.socketIsFlushed();
            return done && task.spendBudget() ? null : PENDING;
        }

        @Override
        public void park(Task<?> task) {
            if (task.isBudgetSpent()) {
                task.wakeup();
            } else {
                stream.waiters().addFlusher(task);
            }
        }

        @Override
        public boolean interrupt(Task<?> task, @Nullable String message) {
            stream.waiters().forgetFlusher(task);
            return false;
        }
    }
}

package io.samovar.net;

import io.netty.buffer.ByteBuf;
import io.samovar.Awaitable;
import io.samovar.Coroutine;
import io.samovar.EventLoop;
import io.samovar.Future;
import io.samovar.Task;
import io.samovar.transport.ReadinessListener;
import io.samovar.transport.ReceiveBuffer;
import io.samovar.transport.StreamSocket;
import java.net.InetSocketAddress;
import java.net.SocketOption;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A TCP connection.
 *
 * <p>{@code await(peer.read())} gives the next bytes and {@code await(peer.write(bytes))} sends some; both wait only when
 * they have to. Nothing is read that nobody asked for, so a slow program slows its peer down; and a task that writes waits
 * while the peer is slow, so nothing piles up without bound.
 *
 * <p>Whoever holds a {@link ByteBuf} releases it or hands it on: {@code read()} hands it to you, {@code write} takes it.
 *
 * <pre>{@code
 * try (peer) {
 *     for (ByteBuf data; (data = await(peer.read())) != null; ) {
 *         await(peer.write(data));
 *     }
 * }
 * }</pre>
 *
 * <p>One task may read while others write. A read that is cancelled loses no byte. A stream belongs to its loop's thread.
 * asyncio: {@code StreamReader} and {@code StreamWriter} in one.
 */
public final class TcpStream implements AutoCloseable {
    /*
     * OPEN -> CLOSING -> CLOSED, or OPEN -> CLOSED. CLOSING: close() was called and bytes are still to be written.
     */
    /** Bytes that cost a unit of the task's budget, as a power of two: 16 KiB. */
    private static final int BUDGET_SHIFT = 14;

    private static final byte OPEN = 0;
    private static final byte CLOSING = 1;
    private static final byte CLOSED = 2;

    private final EventLoop loop;
    private final StreamSocket socket;
    private final ReceiveBuffer receiveBuffer;
    private final TcpOptions options;
    private final Reader reader = new Reader();
    private final Writer writer = new Writer();

    /** The server that accepted the stream, which is told when the descriptor is closed. */
    private final @Nullable TcpServer server;

    /** Where the server keeps this stream; its business. */
    int indexInServer;

    private byte state = OPEN; // a byte keeps the object at 72 bytes

    /** {@code null} while nothing waits to be written. */
    private @Nullable OutboundQueue outbound;

    /** The task that waits for bytes. */
    private @Nullable Task<?> waitingReader;

    /** Tasks that wait for the peer to take bytes; {@code null} while there are none. */
    private @Nullable List<Task<?>> waitingWriters;

    /** Why nothing can be read any more; what the first read that found it threw. */
    private @Nullable NetworkException readFailure;

    /** Why nothing can be written any more. */
    private @Nullable NetworkException writeFailure;

    private boolean endOfStream;
    /** {@link #shutdownOutput()} was called; the end is sent when the queue is empty. */
    private boolean outputShutDown;

    /** More than the high water mark waited to be written, and not yet as little as the low one. */
    private boolean paused;

    /** Made when somebody asks for {@link #closed()}. */
    private @Nullable CloseWaiters closeWaiters;

    TcpStream(EventLoop loop, StreamSocket socket, TcpOptions options, @Nullable TcpServer server) {
        this.loop = loop;
        this.socket = socket;
        this.receiveBuffer = loop.transport().receiveBuffer();
        this.options = options;
        this.server = server;
        socket.listener(reader);
        loop.noteCreation(this);
    }

    /**
     * Connects with {@link TcpOptions#DEFAULT}.
     *
     * @param remote where to; must be resolved
     * @return a coroutine that gives the stream, or fails with {@link ConnectionRefusedException}, {@link
     *     UnreachableException}, {@link ConnectionTimedOutException} or another {@link NetworkException}
     */
    public static Coroutine<TcpStream> connect(InetSocketAddress remote) {
        return connector(remote).connect();
    }

    /**
     * A stream over a socket that is connected already, for transports that come by one in their own way.
     *
     * @param loop the loop whose transport made the socket
     * @param connected becomes the stream's, with the options set on it
     */
    public static TcpStream over(EventLoop loop, StreamSocket connected, TcpOptions options) {
        loop.checkThread();
        options.applyTo(connected);
        return new TcpStream(loop, connected, options, null);
    }

    /** For a connection with options, a local address or a time limit. */
    public static TcpConnector connector(InetSocketAddress remote) {
        return new TcpConnector(List.of(remote));
    }

    /**
     * For a connection to the first of several addresses that can be reached, such as those of one host.
     *
     * @throws IllegalArgumentException if there is none
     */
    public static TcpConnector connector(List<InetSocketAddress> remotes) {
        return new TcpConnector(remotes);
    }

    /**
     * The next bytes, as many as have come.
     *
     * <p>The buffer is yours: release it, or hand it on as to {@link #write(ByteBuf)}. It is a slice of memory that the
     * whole loop reads into; a program that keeps bytes for long should copy them.
     *
     * @return gives {@code null} at the end of the stream, and after {@link #close()}; fails with {@link
     *     ConnectionResetException} or another {@link NetworkException}, and with {@link ConcurrentReadException} if
     *     another task is waiting in a read
     */
    public Awaitable<@Nullable ByteBuf> read() {
        checkThread();
        return reader;
    }

    /**
     * Reads into the writable bytes of {@code into}, which stays yours.
     *
     * @return gives the number of bytes, more than 0; or -1 at the end of the stream, and after {@link #close()}
     * @throws IllegalArgumentException if the buffer is full
     */
    public Awaitable<Integer> read(ByteBuf into) {
        checkThread();
        if (!into.isWritable()) {
            throw new IllegalArgumentException("the buffer to read into is full: " + into);
        }
        return new BufferReader(into);
    }

    /**
     * Sends bytes. They are on their way when this returns: in the kernel, or in a queue in the order of the calls.
     *
     * <p>The stream takes the buffer, whatever happens; to send one buffer to several streams give each a {@code
     * retainedDuplicate()}. Await the result, which keeps a fast program from filling the memory when the peer is slow;
     * cancelling that await takes nothing back.
     *
     * @return is there when no more than the {@linkplain TcpOptions#waterMarks high water mark} waits to be written, or
     *     else when that has sunk to the low one; fails when the connection is lost
     * @throws BrokenPipeException if the peer no longer reads
     * @throws ConnectionResetException if the peer cut the connection
     * @throws StreamClosedException if the stream was closed
     * @throws OutputShutDownException after {@link #shutdownOutput()}
     */
    public Awaitable<@Nullable Void> write(ByteBuf bytes) {
        try {
            checkMayWrite();
        } catch (RuntimeException refused) {
            bytes.release();
            throw refused;
        }
        if (!bytes.isReadable()) {
            bytes.release();
            return writer;
        }
        ByteBuf direct = direct(bytes);
        if (outbound == null && writeAtOnce(direct)) {
            direct.release();
        } else {
            enqueue(direct);
        }
        return writer;
    }

    /**
     * Sends several buffers, in one system call where the kernel takes them. As {@link #write(ByteBuf)} otherwise.
     */
    public Awaitable<@Nullable Void> write(ByteBuf... buffers) {
        int taken = 0;
        try {
            checkMayWrite();
            boolean mustFlush = outbound == null;
            while (taken < buffers.length) {
                ByteBuf next = buffers[taken++];
                if (next.isReadable()) {
                    enqueue(direct(next));
                } else {
                    next.release();
                }
            }
            if (mustFlush) {
                flush();
            }
        } catch (RuntimeException refused) {
            for (int i = taken; i < buffers.length; i++) {
                buffers[i].release();
            }
            throw refused;
        }
        if (writeFailure != null) {
            throw writeFailure;
        }
        return writer;
    }

    /**
     * Sends the end of the stream behind what waits to be written; reading goes on. Doing it twice does nothing.
     *
     * @throws StreamClosedException if the stream was closed
     */
    public void shutdownOutput() {
        checkThread();
        checkOpen();
        if (outputShutDown) {
            return;
        }
        outputShutDown = true;
        if (outbound == null && writeFailure == null) {
            socket.shutdownOutput();
        }
    }

    /**
     * Closes the stream: nothing more is read, what waits to be written is sent first, then the descriptor is closed.
     *
     * <p>A task that waits in a read gets the end of the stream. If the peer does not take what waits, the stream stays
     * open until it does; {@link #abort()} does not wait. Closing twice does nothing.
     */
    @Override
    public void close() {
        checkThread();
        if (state != OPEN) {
            return;
        }
        state = CLOSING;
        wakeReader();
        if (outbound == null || writeFailure != null) {
            closeNow();
        }
    }

    /**
     * Closes the stream at once: what waits to be written is dropped, and the peer sees a reset.
     *
     * <p>Tasks that wait in a write get a {@link StreamClosedException}, one in a read the end of the stream.
     */
    public void abort() {
        checkThread();
        if (state == CLOSED) {
            return;
        }
        cut("the stream was aborted before everything was written");
    }

    /** Is done when the descriptor is closed. asyncio: {@code wait_closed}. */
    public Future<@Nullable Void> closed() {
        checkThread();
        if (closeWaiters == null) {
            closeWaiters = new CloseWaiters(loop);
            if (state == CLOSED) {
                closeWaiters.complete();
            }
        }
        return closeWaiters.add();
    }

    /** Whether {@link #close()} or {@link #abort()} was called. asyncio: {@code is_closing}. */
    public boolean isClosing() {
        checkThread();
        return state != OPEN;
    }

    /** Bytes that wait to be written. */
    public long pendingBytes() {
        checkThread();
        return outbound == null ? 0 : outbound.bytes();
    }

    /** The peer, or {@code null} if it is not known (any more). */
    public @Nullable InetSocketAddress remoteAddress() {
        checkThread();
        return socket.remoteAddress();
    }

    /** This end, or {@code null} once the stream is closed. */
    public @Nullable InetSocketAddress localAddress() {
        checkThread();
        return socket.localAddress();
    }

    /**
     * Sets a socket option of {@link java.net.StandardSocketOptions} or {@code jdk.net.ExtendedSocketOptions}.
     *
     * @throws UnsupportedOperationException if the transport does not know it
     * @throws StreamClosedException if the stream was closed
     */
    public <T> void setOption(SocketOption<T> option, T value) {
        checkThread();
        socket.setOption(option, value);
    }

    /** The value of a socket option. */
    public <T> T getOption(SocketOption<T> option) {
        checkThread();
        return socket.getOption(option);
    }

    // ---- reading

    /** Gives the next bytes, {@code null} at the end, or {@link Awaitable#PENDING}. */
    private @Nullable Object receive(Task<?> task) {
        if (mayNotRead()) {
            return null;
        }
        ByteBuf memory = receiveBuffer.prepare();
        int bytes = readInto(memory, task);
        return bytes > 0 ? receiveBuffer.take(bytes) : bytes == 0 ? Awaitable.PENDING : null;
    }

    private Object receiveInto(ByteBuf into, Task<?> task) {
        if (mayNotRead()) {
            return -1;
        }
        int bytes;
        if (into.isDirect() && into.nioBufferCount() == 1) {
            bytes = readInto(into, task);
        } else {
            bytes = receiveByCopy(into, task);
        }
        return bytes == 0 ? Awaitable.PENDING : (Object) bytes;
    }

    /** The kernel writes to direct memory only. */
    private int receiveByCopy(ByteBuf into, Task<?> task) {
        ByteBuf memory = into.alloc().directBuffer(Math.min(into.writableBytes(), 64 * 1024));
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
            int bytes = socket.read(memory);
            if (bytes > 0) {
                task.spendExtra(bytes >> BUDGET_SHIFT);
                return bytes;
            }
            if (bytes < 0) {
                if (writeFailure != null && !(writeFailure instanceof BrokenPipeException)) {
                    throw writeFailure; // the kernel tells of a reset once, and calls it an end from then on
                }
                endOfStream = true;
            }
            return bytes;
        } catch (NetworkException failure) {
            readFailure = failure;
            throw failure;
        }
    }

    /** Whether the end has come, on either side. */
    private boolean mayNotRead() {
        if (state != OPEN || endOfStream) {
            return true;
        }
        if (readFailure != null) {
            throw readFailure;
        }
        return false;
    }

    private void wakeReader() {
        Task<?> task = waitingReader;
        if (task != null) {
            waitingReader = null;
            task.wakeup();
        }
    }

    // ---- writing

    /** @return whether all of it was taken; what was is skipped */
    private boolean writeAtOnce(ByteBuf bytes) {
        try {
            int written = socket.write(bytes);
            if (written == bytes.readableBytes()) {
                return true;
            }
            bytes.skipBytes(written);
            return false;
        } catch (NetworkException failure) {
            bytes.release();
            writeFailed(failure);
            throw failure;
        }
    }

    private void enqueue(ByteBuf bytes) {
        OutboundQueue queue = outbound;
        if (queue == null) {
            queue = new OutboundQueue();
            outbound = queue;
        }
        queue.add(bytes);
        paused |= queue.bytes() > options.highWaterMark();
    }

    private void flush() {
        OutboundQueue queue = outbound;
        if (queue == null || writeFailure != null) {
            return;
        }
        try {
            if (queue.flushTo(socket)) {
                outbound = null; // an idle stream keeps no queue
            }
        } catch (NetworkException failure) {
            writeFailed(failure);
        }
        if (paused && pendingBytes() <= options.lowWaterMark()) {
            paused = false;
            wakeWriters();
        }
        if (outbound == null) {
            flushed();
        }
    }

    /** Nothing waits any more: does what waited for that. */
    private void flushed() {
        if (state == CLOSING) {
            closeNow();
        } else if (outputShutDown && writeFailure == null) {
            socket.shutdownOutput();
        }
    }

    private void writeFailed(NetworkException failure) {
        writeFailure = failure;
        releaseOutbound();
        wakeWriters();
    }

    private void wakeWriters() {
        List<Task<?>> tasks = waitingWriters;
        if (tasks != null) {
            waitingWriters = null;
            tasks.forEach(Task::wakeup);
        }
    }

    private void checkMayWrite() {
        checkThread();
        if (writeFailure != null) {
            throw writeFailure;
        }
        checkOpen();
        if (outputShutDown) {
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

    // ---- closing

    /** Closes without flushing. */
    private void cut(String reason) {
        if (outbound != null && writeFailure == null) {
            writeFailure = new StreamClosedException(reason);
        }
        socket.reset();
        closeNow();
    }

    private void closeNow() {
        state = CLOSED;
        socket.close();
        releaseOutbound();
        wakeReader();
        wakeWriters();
        if (closeWaiters != null) {
            closeWaiters.complete();
        }
        if (server != null) {
            server.streamClosed(this);
        }
    }

    private void releaseOutbound() {
        if (outbound != null) {
            outbound.release();
            outbound = null;
        }
    }

    private void checkOpen() {
        if (state != OPEN) {
            throw new StreamClosedException("the stream was closed");
        }
    }

    private void checkThread() {
        loop.checkThread();
    }

    @Override
    public String toString() {
        return "TcpStream(" + socket.remoteAddress()
                + (state == OPEN ? ")" : state == CLOSING ? ", closing)" : ", closed)");
    }

    /** The wait for bytes, and the ear for the transport; one object serves every read of a stream. */
    private final class Reader implements Awaitable<@Nullable ByteBuf>, ReadinessListener {
        @Override
        public void ready(boolean readable, boolean writable) {
            if (readable) {
                wakeReader();
            }
            if (writable && outbound != null) {
                flush();
            }
        }

        @Override
        public void closed() { // the loop was closed while the stream was open
            if (state != CLOSED) {
                loop.warnOfOpen(TcpStream.this);
                cut("the loop was closed before everything was written");
            }
        }

        @Override
        public @Nullable Object poll(Task<?> task) {
            checkAlone(task);
            return task.spendBudget() ? receive(task) : PENDING;
        }

        @Override
        public void park(Task<?> task) {
            parkReader(task);
        }

        @Override
        public boolean interrupt(Task<?> task, @Nullable String message) {
            forgetReader(task); // the bytes stay in the kernel for the next read
            return false;
        }
    }

    /** The wait for bytes into a buffer of the caller's. */
    private final class BufferReader implements Awaitable<Integer> {
        private final ByteBuf into;

        BufferReader(ByteBuf into) {
            this.into = into;
        }

        @Override
        public Object poll(Task<?> task) {
            checkAlone(task);
            return task.spendBudget() ? receiveInto(into, task) : PENDING;
        }

        @Override
        public void park(Task<?> task) {
            parkReader(task);
        }

        @Override
        public boolean interrupt(Task<?> task, @Nullable String message) {
            forgetReader(task);
            return false;
        }
    }

    private void forgetReader(Task<?> task) {
        if (waitingReader == task) {
            waitingReader = null;
        }
    }

    private void checkAlone(Task<?> task) {
        checkThread();
        if (waitingReader != null && waitingReader != task) {
            throw new ConcurrentReadException(
                    "another task is reading from " + this + ": only one task may read from a stream at a time");
        }
    }

    private void parkReader(Task<?> task) {
        if (task.isBudgetSpent()) {
            task.wakeup(); // it goes on when the others had their turn
        } else {
            waitingReader = task;
        }
    }

    /** The wait for the peer to take bytes; one object serves every write of a stream. */
    private final class Writer implements Awaitable<@Nullable Void> {
        @Override
        public @Nullable Object poll(Task<?> task) {
            if (writeFailure != null) {
                throw writeFailure;
            }
            return !paused && task.spendBudget() ? null : PENDING;
        }

        @Override
        public void park(Task<?> task) {
            checkThread();
            if (!paused) {
                task.wakeup(); // only its budget was spent
                return;
            }
            if (waitingWriters == null) {
                waitingWriters = new ArrayList<>(2);
            }
            waitingWriters.add(task);
        }

        @Override
        public boolean interrupt(Task<?> task, @Nullable String message) {
            if (waitingWriters != null) {
                waitingWriters.remove(task);
            }
            return false;
        }
    }
}

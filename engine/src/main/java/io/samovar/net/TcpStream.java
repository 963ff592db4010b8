package io.samovar.net;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.samovar.AsyncIterable;
import io.samovar.Awaitable;
import io.samovar.Coroutine;
import io.samovar.EventLoop;
import io.samovar.Future;
import io.samovar.Task;
import io.samovar.transport.ReadinessListener;
import io.samovar.transport.ReceiveBuffer;
import io.samovar.transport.StreamSocket;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.net.SocketOption;
import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.UnaryOperator;
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
     * OPEN -> CLOSING -> CLOSED, or OPEN -> CLOSED. CLOSING: close() was called, and bytes or a goodbye are still to be exchanged.
     *
     * What is written goes to the socket at once if it is big. Small pieces are gathered, first as `unsent` and then in `outbound`, until
     * the task waits to read from this stream, or the iteration ends: so an answer in pieces, or several answers, are one system call, and
     * a single answer leaves as early as if it had not been gathered. `outbound` also holds what the system did not take.
     */
    private static final Logger LOG = System.getLogger("io.samovar.net");

    /** Bytes that cost a unit of the task's budget, as a power of two: 16 KiB. */
    private static final int BUDGET_SHIFT = 14;

    /** A piece up to this size is gathered. */
    private static final int SMALL = 4 * 1024;

    /** So many gathered bytes are sent without waiting for more. */
    private static final int GATHERED = 64 * 1024;

    private static final byte OPEN = 0;
    private static final byte CLOSING = 1;
    private static final byte CLOSED = 2;

    private final EventLoop loop;
    /** Replaced when TLS starts on a live stream. */
    private StreamSocket socket;

    private TcpOptions options;
    private final Reader reader = new Reader();
    private final Writer writer = new Writer();

    /** The server that accepted the stream, which is told when the descriptor is closed. */
    private final @Nullable TcpServer server;

    /** Where the server keeps this stream; its business. */
    int indexInServer;

    private byte state = OPEN;

    /** The only small piece that waits to be sent; then there is no {@link #outbound}. */
    private @Nullable ByteBuf unsent;

    /** {@code null} while nothing else waits to be written. */
    private @Nullable OutboundQueue outbound;

    /** Made by the first read that looks for something; {@link #read()} needs none. */
    private @Nullable InboundBuffer inbound;

    /** The task that waits for bytes. */
    private @Nullable Task<?> waitingReader;

    /** Why nothing can be read any more; what the first read that found it threw. */
    private @Nullable NetworkException readFailure;

    /** Why nothing can be written any more. */
    private @Nullable NetworkException writeFailure;

    /** Those of the following that are true, for a byte keeps the object at 72 bytes. */
    private byte flags;

    private static final byte END_OF_STREAM = 1;
    /** {@link #shutdownOutput()} was called; the end is sent when the queue is empty. */
    private static final byte OUTPUT_SHUT_DOWN = 2;
    /** More than the high water mark waited to be written, and not yet as little as the low one. */
    private static final byte PAUSED = 4;
    /** What was gathered is sent at the end of this iteration. */
    private static final byte WILL_SEND = 8;

    /** Who waits for the flush or the close; {@code null} as long as nobody did. */
    private @Nullable StreamWaiters waiters;

    TcpStream(EventLoop loop, StreamSocket socket, TcpOptions options, @Nullable TcpServer server) {
        this.loop = loop;
        this.socket = socket;
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
     * The next bytes, as many as have come, but no more than {@code max}. asyncio: {@code read(n)}.
     *
     * @return gives a buffer that is yours, or {@code null} at the end of the stream
     * @throws IllegalArgumentException unless {@code max} is more than 0
     */
    public Coroutine<@Nullable ByteBuf> read(int max) {
        checkThread();
        if (max <= 0) {
            throw new IllegalArgumentException("at least one byte must be asked for, and not " + max);
        }
        return Reads.atMost(this, max);
    }

    /**
     * The next {@code count} bytes, in one buffer that is yours. Memory is taken as bytes come, not as they are announced. asyncio:
     * {@code readexactly}.
     *
     * @return fails with {@link IncompleteReadException}, which has what did come, if the stream ends before
     * @throws IllegalArgumentException if {@code count} is negative
     */
    public Coroutine<ByteBuf> readExactly(int count) {
        checkThread();
        if (count < 0) {
            throw new IllegalArgumentException("the number of bytes must not be negative, and is " + count);
        }
        return Reads.exactly(this, count);
    }

    /**
     * The bytes up to a separator and the separator itself, in one buffer that is yours. asyncio: {@code readuntil}.
     *
     * <p>Of several separators the one that ends first counts.
     *
     * @return fails with {@link IncompleteReadException} if the stream ends before, and with {@link LimitOverrunException} if more than
     *     {@link TcpOptions#readLimit} bytes come before the separator: these stay in the stream
     * @throws IllegalArgumentException if there is no separator, or an empty one
     */
    public Coroutine<ByteBuf> readUntil(byte[]... separators) {
        checkThread();
        if (separators.length == 0) {
            throw new IllegalArgumentException("there is no separator to read until");
        }
        byte[][] copies = separators.clone();
        for (int i = 0; i < copies.length; i++) {
            if (copies[i].length == 0) {
                throw new IllegalArgumentException("a separator is empty");
            }
            copies[i] = copies[i].clone();
        }
        return Reads.until(this, copies, options.readLimit());
    }

    /**
     * The next line without its end, which is {@code \n} or {@code \r\n}, in UTF-8. What is no UTF-8 becomes U+FFFD. asyncio: {@code
     * readline}.
     *
     * @return gives {@code null} at the end of the stream; what has come before an end without {@code \n} is a line, too. Fails with
     *     {@link LimitOverrunException} if a line has more than {@link TcpOptions#readLimit} bytes: as much of it as has come is dropped
     */
    public Coroutine<@Nullable String> readLine() {
        checkThread();
        return Reads.line(this, options.readLimit());
    }

    /** Everything up to the end of the stream, however much that is: better only from peers that you trust. asyncio: {@code read(-1)}. */
    public Coroutine<ByteBuf> readAll() {
        return readAll(Integer.MAX_VALUE);
    }

    /**
     * Everything up to the end of the stream, in one buffer that is yours.
     *
     * @param limit in bytes
     * @return fails with {@link LimitOverrunException} as soon as more has come: what has come stays in the stream
     */
    public Coroutine<ByteBuf> readAll(int limit) {
        checkThread();
        return Reads.all(this, checkLimit(limit));
    }

    /** Everything up to the end of the stream, in UTF-8. */
    public Coroutine<String> readString() {
        return readString(Integer.MAX_VALUE, StandardCharsets.UTF_8);
    }

    /**
     * Everything up to the end of the stream as text. What cannot be decoded becomes U+FFFD.
     *
     * @param limit in bytes
     * @return fails as {@link #readAll(int)} does
     */
    public Coroutine<String> readString(int limit, Charset charset) {
        checkThread();
        return Reads.allText(this, checkLimit(limit), charset);
    }

    /**
     * The lines that are still to come, each as {@link #readLine()} gives it. asyncio: {@code async for line in reader}.
     *
     * <pre>{@code
     * await(peer.lines().forEach(line -> room.say(line)));
     * }</pre>
     *
     * <p>All iterators read from the one stream, and one that is left early leaves there what it has not taken.
     */
    public AsyncIterable<String> lines() {
        return () -> new LineIterator(this, options.readLimit());
    }

    /** The bytes that are still to come, in pieces as they come; each piece is its taker's to release. */
    public AsyncIterable<ByteBuf> chunks() {
        return () -> new ChunkIterator(this);
    }

    /** Makes the buffers that are the cheapest to send: direct and pooled. */
    public ByteBufAllocator alloc() {
        return loop.transport().receiveBuffer().allocator();
    }

    /**
     * Sends bytes, in the order of the calls. A big piece is with the system when this returns, or in a queue if the peer is slow. Small
     * pieces are gathered, and leave together when the task waits to read from this stream, at the end of the loop's iteration, or by
     * {@link #flush()}, whichever comes first.
     *
     * <p>The stream takes the buffer, whatever happens; to send one buffer to several streams give each a {@code
     * retainedDuplicate()}. Await the result, which keeps a fast program from filling the memory when the peer is slow;
     * cancelling that await takes nothing back. asyncio: {@code write} and {@code drain}.
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
        send(direct(bytes));
        return writer;
    }

    /** Sends the bytes that remain in {@code bytes}, which are copied: the buffer stays yours, and is read to its end. */
    public Awaitable<@Nullable Void> write(ByteBuffer bytes) {
        return write(alloc().directBuffer(bytes.remaining()).writeBytes(bytes));
    }

    /** Sends bytes, which are copied: the array stays yours. */
    public Awaitable<@Nullable Void> write(byte[] bytes) {
        return write(alloc().directBuffer(bytes.length).writeBytes(bytes));
    }

    /** Sends text in UTF-8. */
    public Awaitable<@Nullable Void> write(CharSequence text) {
        ByteBuf bytes = alloc().directBuffer(ByteBufUtil.utf8MaxBytes(text));
        ByteBufUtil.writeUtf8(bytes, text);
        return write(bytes);
    }

    /**
     * Sends several buffers, in one system call where the kernel takes them. As {@link #write(ByteBuf)} otherwise.
     */
    public Awaitable<@Nullable Void> write(ByteBuf... buffers) {
        int taken = 0;
        try {
            checkMayWrite();
            while (taken < buffers.length) {
                ByteBuf next = buffers[taken++];
                if (next.isReadable()) {
                    enqueue(direct(next));
                } else {
                    next.release();
                }
            }
            if (outbound != null) {
                sendOrGather(outbound.bytes());
                pauseIfMuchWaits();
            }
        } catch (RuntimeException refused) {
            for (int i = taken; i < buffers.length; i++) {
                buffers[i].release();
            }
            throw refused;
        }
        return writer;
    }

    /**
     * Sends what was gathered without waiting for more, and waits until the system has taken all that was written. Whether the peer has is
     * not known.
     *
     * @return fails as {@link #write(ByteBuf)} does, when the connection is lost or aborted before
     */
    public Awaitable<@Nullable Void> flush() {
        checkThread();
        sendPending();
        return new Flusher();
    }

    /**
     * Sends the end of the stream behind what waits to be written; reading goes on. Doing it twice does nothing.
     *
     * @throws StreamClosedException if the stream was closed
     */
    public void shutdownOutput() {
        checkThread();
        checkOpen();
        if (is(OUTPUT_SHUT_DOWN)) {
            return;
        }
        flags |= OUTPUT_SHUT_DOWN;
        if (writeFailure != null) {
            return;
        }
        if (nothingWaits()) {
            socket.shutdownOutput();
        } else {
            sendPending();
        }
    }

    /**
     * Closes the stream: nothing more is read, what waits to be written is sent first, then the descriptor is closed.
     *
     * <p>A task that waits in a read gets the end of the stream. If the peer does not take what waits, the stream stays
     * open until it does; {@link #abort()} does not wait. With TLS the peer's goodbye is waited for, too, but no longer than {@link
     * TcpOptions#closeLimit}. Closing twice does nothing.
     */
    @Override
    public void close() {
        checkThread();
        if (state != OPEN) {
            return;
        }
        state = CLOSING;
        dropInbound();
        wakeReader();
        if (nothingWaits()) {
            finishClosing();
        } else {
            sendPending();
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
        StreamWaiters all = waiters();
        if (state == CLOSED) {
            all.closed();
        }
        return all.addClosed();
    }

    /** Whether {@link #close()} or {@link #abort()} was called. asyncio: {@code is_closing}. */
    public boolean isClosing() {
        checkThread();
        return state != OPEN;
    }

    /**
     * Moves the water marks of {@link TcpOptions#waterMarks}, and looks at once what they mean for what waits now. asyncio: {@code
     * set_write_buffer_limits}.
     */
    public void setWaterMarks(long high, long low) {
        checkThread();
        options = options.waterMarks(high, low);
        pauseIfMuchWaits();
        resumeIfLittleWaits();
    }

    /** Whether a write makes its task wait now. */
    public boolean isWritingPaused() {
        checkThread();
        return is(PAUSED);
    }

    /** Bytes that wait to be written. */
    public long pendingBytes() {
        checkThread();
        return unsent != null ? unsent.readableBytes() : outbound != null ? outbound.bytes() : 0;
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
        if (inbound != null && !inbound.isEmpty()) {
            return inbound.takeAll();
        }
        if (mayNotRead()) {
            return null;
        }
        ReceiveBuffer memory = loop.transport().receiveBuffer();
        int bytes = readInto(memory.prepare(), task);
        return bytes > 0 ? memory.take(bytes) : bytes == 0 ? Awaitable.PENDING : null;
    }

    private Object receiveInto(ByteBuf into, Task<?> task) {
        if (inbound != null && !inbound.isEmpty()) {
            return receiveHeld(inbound, into);
        }
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

    private static int receiveHeld(InboundBuffer inbound, ByteBuf into) {
        ByteBuf held = inbound.take(Math.min(inbound.size(), into.writableBytes()));
        try {
            into.writeBytes(held, held.readerIndex(), held.readableBytes());
            return held.readableBytes();
        } finally {
            held.release();
        }
    }

    /** What {@link InboundBuffer#poll} gives: whether more has come, or {@link Awaitable#PENDING}. */
    Object fill(InboundBuffer into, Task<?> task) {
        checkAlone(task);
        if (!task.spendBudget()) {
            return Awaitable.PENDING;
        }
        if (mayNotRead()) {
            return false;
        }
        int bytes;
        if (into.isEmpty()) {
            ReceiveBuffer memory = loop.transport().receiveBuffer();
            bytes = readInto(memory.prepare(), task);
            if (bytes > 0) {
                into.adopt(memory.take(bytes));
            }
        } else {
            bytes = readInto(into.writable(), task);
        }
        return bytes == 0 ? Awaitable.PENDING : (Object) (bytes > 0);
    }

    /** The buffer of one who begins to read. */
    InboundBuffer inboundToRead() {
        checkThread();
        if (waitingReader != null) {
            throw concurrentRead();
        }
        if (inbound == null) {
            inbound = new InboundBuffer(this);
        }
        return inbound;
    }

    void flowListener(FlowListener listener) {
        waiters().flowListener(listener);
    }

    /** What broke the connection, as far as reading or writing has met with it; {@code null} if this side has closed or aborted it. */
    @Nullable
    NetworkException lossCause() {
        NetworkException cause = readFailure != null ? readFailure : writeFailure;
        return cause instanceof StreamClosedException ? null : cause;
    }

    /** What was read and not given out, or {@code null}; the caller owns it. */
    @Nullable
    ByteBuf takeBuffered() {
        return inbound == null ? null : inbound.takeAll();
    }

    /** Puts another socket over this one, which has been {@linkplain #flush() flushed}. */
    void replaceSocket(UnaryOperator<StreamSocket> over) {
        assert nothingWaits() && waitingReader == null;
        socket = over.apply(socket);
        socket.listener(reader);
    }

    private void dropInbound() {
        if (inbound != null) {
            inbound.clear();
        }
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
                flags |= END_OF_STREAM;
            }
            return bytes;
        } catch (NetworkException failure) {
            readFailure = failure;
            throw failure;
        }
    }

    /** Whether the end has come, on either side. */
    private boolean mayNotRead() {
        if (state != OPEN || is(END_OF_STREAM)) {
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

    /** Sends a buffer that has something to send, or has it wait. */
    private void send(ByteBuf bytes) {
        int length = bytes.readableBytes();
        if (!nothingWaits()) {
            enqueue(bytes);
            sendOrGather(pendingBytes());
            pauseIfMuchWaits();
        } else if (length <= SMALL && length <= options.highWaterMark() && loop.isRunning()) {
            unsent = bytes;
            sendLater();
        } else if (!writeAtOnce(bytes)) {
            enqueue(bytes);
            pauseIfMuchWaits();
        }
    }

    private void sendOrGather(long waiting) {
        if (waiting <= GATHERED && waiting <= options.highWaterMark() && loop.isRunning()) {
            sendLater();
            return;
        }
        sendPending();
        if (writeFailure != null) {
            throw writeFailure;
        }
    }

    private void sendLater() {
        if (!is(WILL_SEND)) {
            flags |= WILL_SEND;
            loop.callBeforePoll(reader);
        }
    }

    /** Writes a buffer, and releases it if it was taken whole or failed. */
    private boolean writeAtOnce(ByteBuf bytes) {
        try {
            int written = socket.write(bytes);
            if (written == bytes.readableBytes()) {
                bytes.release();
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
            if (unsent != null) {
                queue.add(unsent);
                unsent = null;
            }
        }
        queue.add(bytes);
    }

    private void pauseIfMuchWaits() {
        if (!is(PAUSED) && pendingBytes() > options.highWaterMark()) {
            flags |= PAUSED;
            if (waiters != null) {
                waiters.paused();
            }
        }
    }

    private void resumeIfLittleWaits() {
        if (is(PAUSED) && pendingBytes() <= options.lowWaterMark()) {
            flags &= ~PAUSED;
            wakeWriters();
            if (waiters != null) {
                waiters.resumed();
            }
        }
    }

    /** Writes what waits, as far as the system takes it; a failure is kept for whoever writes or waits. */
    private void sendPending() {
        if (nothingWaits() || writeFailure != null) {
            return;
        }
        try {
            sendOnce();
        } catch (NetworkException failure) {
            if (writeFailure == null) {
                writeFailed(failure);
            }
        }
        resumeIfLittleWaits();
        if (nothingWaits()) {
            outbound = null; // an idle stream keeps no queue
            sent();
        }
    }

    private void sendOnce() {
        ByteBuf single = unsent;
        if (single != null) {
            unsent = null;
            if (!writeAtOnce(single)) {
                enqueue(single);
            }
        } else if (outbound != null) {
            outbound.flushTo(socket);
        }
    }

    /** Nothing waits any more: does what waited for that. */
    private void sent() {
        if (state == CLOSING) {
            finishClosing();
        } else if (is(OUTPUT_SHUT_DOWN) && writeFailure == null) {
            socket.shutdownOutput();
        }
        if (waiters != null) {
            waiters.flushed();
        }
    }

    private boolean nothingWaits() {
        return unsent == null && (outbound == null || outbound.isEmpty());
    }

    private void writeFailed(NetworkException failure) {
        writeFailure = failure;
        wakeWriters();
        releaseOutbound();
        if (waiters != null) {
            waiters.failed();
        }
    }

    private void wakeWriters() {
        if (outbound != null) {
            outbound.wakeWriters();
        }
    }

    private void checkMayWrite() {
        checkThread();
        if (writeFailure != null) {
            throw writeFailure;
        }
        checkOpen();
        if (is(OUTPUT_SHUT_DOWN)) {
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

    /** Everything is written: says goodbye, and closes when that is done. */
    private void finishClosing() {
        if (writeFailure == null) {
            try {
                if (!socket.finish()) {
                    waiters().limitClose(options.closeLimit(), this::abort);
                    return;
                }
            } catch (NetworkException gone) {
                LOG.log(Level.DEBUG, () -> "the peer of " + this + " was gone before the goodbye", gone);
            }
        }
        closeNow();
    }

    /** Closes without flushing. */
    private void cut(String reason) {
        if (!nothingWaits() && writeFailure == null) {
            writeFailure = new StreamClosedException(reason);
        }
        socket.reset();
        closeNow();
    }

    private void closeNow() {
        if (state == CLOSED) {
            return;
        }
        state = CLOSED;
        socket.close();
        wakeReader();
        wakeWriters();
        dropInbound();
        releaseOutbound();
        if (waiters != null) {
            waiters.closed();
        }
        if (server != null) {
            server.streamClosed(this);
        }
    }

    private void releaseOutbound() {
        if (unsent != null) {
            unsent.release();
            unsent = null;
        }
        if (outbound != null) {
            outbound.release();
            outbound = null;
        }
    }

    private StreamWaiters waiters() {
        if (waiters == null) {
            waiters = new StreamWaiters(loop);
        }
        return waiters;
    }

    private boolean is(byte flag) {
        return (flags & flag) != 0;
    }

    private void checkOpen() {
        if (state != OPEN) {
            throw new StreamClosedException("the stream was closed");
        }
    }

    private void checkThread() {
        loop.checkThread();
    }

    private static int checkLimit(int limit) {
        if (limit < 0) {
            throw new IllegalArgumentException("the limit must not be negative, and is " + limit);
        }
        return limit;
    }

    @Override
    public String toString() {
        return "TcpStream(" + socket.remoteAddress()
                + (state == OPEN ? ")" : state == CLOSING ? ", closing)" : ", closed)");
    }

    /** The wait for bytes, the ear for the transport, and what sends gathered pieces; one object serves every read of a stream. */
    private final class Reader implements Awaitable<@Nullable ByteBuf>, ReadinessListener, Runnable {
        @Override
        public void ready(boolean readable, boolean writable) {
            if (readable) {
                wakeReader();
            }
            if (!nothingWaits()) {
                if (writable) {
                    sendPending();
                }
            } else if (state == CLOSING) {
                finishClosing();
            } else if (writable && waiters != null) {
                waiters.flushed();
            }
        }

        @Override
        public void run() {
            flags &= ~WILL_SEND;
            sendPending();
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

    void forgetReader(Task<?> task) {
        if (waitingReader == task) {
            waitingReader = null;
        }
    }

    private void checkAlone(Task<?> task) {
        checkThread();
        if (waitingReader != null && waitingReader != task) {
            throw concurrentRead();
        }
    }

    private ConcurrentReadException concurrentRead() {
        return new ConcurrentReadException(
                "another task is reading from " + this + ": only one task may read from a stream at a time");
    }

    void parkReader(Task<?> task) {
        if (task.isBudgetSpent()) {
            task.wakeup(); // it goes on when the others had their turn
            return;
        }
        waitingReader = task;
        if (is(WILL_SEND)) {
            sendPending(); // what the peer may wait for before it sends what this task waits for
        }
    }

    /** The wait for the peer to take bytes; one object serves every write of a stream. */
    private final class Writer implements Awaitable<@Nullable Void> {
        @Override
        public @Nullable Object poll(Task<?> task) {
            if (writeFailure != null) {
                throw writeFailure;
            }
            return !is(PAUSED) && task.spendBudget() ? null : PENDING;
        }

        @Override
        public void park(Task<?> task) {
            checkThread();
            if (is(PAUSED) && outbound != null) {
                outbound.addWriter(task);
            } else {
                task.wakeup(); // only its budget was spent
            }
        }

        @Override
        public boolean interrupt(Task<?> task, @Nullable String message) {
            if (outbound != null) {
                outbound.forgetWriter(task);
            }
            return false;
        }
    }

    /** The wait for the system to take everything. */
    private final class Flusher implements Awaitable<@Nullable Void> {
        @Override
        public @Nullable Object poll(Task<?> task) {
            checkThread();
            if (nothingWaits() && writeFailure == null && (state == CLOSED || socket.flush())) {
                return task.spendBudget() ? null : PENDING;
            }
            if (writeFailure != null) {
                throw writeFailure;
            }
            return PENDING;
        }

        @Override
        public void park(Task<?> task) {
            if (task.isBudgetSpent()) {
                task.wakeup();
            } else {
                waiters().addFlusher(task);
            }
        }

        @Override
        public boolean interrupt(Task<?> task, @Nullable String message) {
            waiters().forgetFlusher(task);
            return false;
        }
    }
}

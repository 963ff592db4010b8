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
import java.util.Objects;
import java.util.function.UnaryOperator;
import javax.net.ssl.SSLSession;
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
     */
    private static final Logger LOG = System.getLogger("io.samovar.net");

    private static final byte OPEN = 0;
    private static final byte CLOSING = 1;
    private static final byte CLOSED = 2;

    private final EventLoop loop;
    /** Replaced when TLS starts on a live stream. */
    private StreamSocket socket;

    private TcpOptions options;
    private final StreamReader reader = new StreamReader(this);
    private final StreamWriter writer = new StreamWriter(this);

    /** The server that accepted the stream, which is told when the descriptor is closed. */
    private final @Nullable TcpServer server;

    /** Where the server keeps this stream; its business. */
    int indexInServer;

    private byte state = OPEN;

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
     * @param remote where to; one that is not resolved is, with {@link Resolver#getDefault()}
     * @return a coroutine that gives the stream, or fails with {@link ConnectionRefusedException}, {@link
     *     UnreachableException}, {@link ConnectionTimedOutException}, {@link HostNotFoundException} or another {@link
     *     NetworkException}
     */
    public static Coroutine<TcpStream> connect(InetSocketAddress remote) {
        return connector(remote).connect();
    }

    /**
     * Connects to a host, whichever of its addresses answers first, with {@link TcpOptions#DEFAULT}.
     *
     * <pre>{@code
     * try (TcpStream peer = await(TcpStream.connect("example.org", 80))) {
     *     ...
     * }
     * }</pre>
     *
     * @param host a name, or an address such as {@code 127.0.0.1}, {@code ::1} or {@code [::1]}
     * @return as {@link #connect(InetSocketAddress)}; {@link ConnectFailedException} if several addresses failed
     * @throws IllegalArgumentException if there is no such port
     */
    public static Coroutine<TcpStream> connect(String host, int port) {
        return connector(host, port).connect();
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
     * The same to a host, see {@link #connect(String, int)}.
     *
     * @throws IllegalArgumentException if there is no such port
     */
    public static TcpConnector connector(String host, int port) {
        return connector(InetSocketAddress.createUnresolved(host, port));
    }

    /**
     * For a connection to whichever of several addresses answers first, such as those of one host; ones that are not resolved are.
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
        return reader.into(into);
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
        return Reads.atMost(reader, max);
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
        return Reads.exactly(reader, count);
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
        return Reads.until(reader, new Separators(separators), options.readLimit());
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
        return Reads.line(reader, options.readLimit());
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
        return Reads.all(reader, checkLimit(limit));
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
        return Reads.allText(reader, checkLimit(limit), charset);
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
        checkThread();
        return () -> new LineIterator(reader, options.readLimit());
    }

    /** The bytes that are still to come, in pieces as they come; each piece is its taker's to release. */
    public AsyncIterable<ByteBuf> chunks() {
        checkThread();
        return () -> new ChunkIterator(reader);
    }

    /** Makes the buffers that are the cheapest to send: direct and pooled. Any thread may use it. */
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
        writer.write(bytes);
        return writer;
    }

    /** Sends the bytes that remain in {@code bytes}, which are copied: the buffer stays yours, and is read to its end. */
    public Awaitable<@Nullable Void> write(ByteBuffer bytes) {
        checkThread();
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
        writer.write(buffers);
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
        writer.sendPending();
        return writer.flushed();
    }

    /**
     * Sends the end of the stream behind what waits to be written; reading goes on. Doing it twice does nothing.
     *
     * @throws StreamClosedException if the stream was closed
     */
    public void shutdownOutput() {
        checkThread();
        checkOpen();
        writer.end();
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
        reader.close();
        if (writer.nothingWaits()) {
            finishClosing();
        } else {
            writer.sendPending();
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
        writer.waterMarksMoved();
    }

    /** Whether a write makes its task wait now. */
    public boolean isWritingPaused() {
        checkThread();
        return writer.isPaused();
    }

    /** The server that accepted the connection, or {@code null} if it was made from this side. Any thread may ask. */
    public @Nullable TcpServer server() {
        return server;
    }

    /**
     * Begins to talk TLS, as the client; what was read and not given out yet belongs to the handshake. If it fails, runs out of
     * time or is cancelled, the stream is closed. asyncio: {@code StreamWriter.start_tls}.
     *
     * <p>It can be done again inside TLS, as behind a proxy that one talks TLS to.
     *
     * @param host the server's name or address, which its certificate must be for; not empty
     * @return a coroutine that is done when the handshake is; fails with {@link TlsHandshakeException}, or with {@link
     *     ConcurrentReadException} while a task reads
     */
    public Coroutine<@Nullable Void> startTls(TlsClient tls, String host) {
        if (Objects.requireNonNull(host, "host").isEmpty()) { // such as that of a URI without one
            throw new IllegalArgumentException("TLS needs the name of the host, which is empty");
        }
        checkMayShakeHands(null);
        return TlsStart.shakeHands(loop, this, tls, host);
    }

    /** {@link #startTls(TlsClient, String)} as the server. */
    public Coroutine<@Nullable Void> startTls(TlsServer tls) {
        checkMayShakeHands(null);
        return TlsStart.shakeHands(loop, this, tls, null);
    }

    /**
     * What was agreed upon by TLS: protocol, cipher, the peer's certificates; {@code null} without TLS. asyncio: {@code
     * get_extra_info("ssl_object")}.
     */
    public @Nullable SSLSession tlsSession() {
        checkThread();
        return socket instanceof TlsSocket tls ? tls.session() : null;
    }

    /** What the peers agreed to speak inside TLS (ALPN), such as {@code "h2"}; {@code null} if nothing. */
    public @Nullable String applicationProtocol() {
        checkThread();
        return socket instanceof TlsSocket tls ? tls.applicationProtocol() : null;
    }

    /** Bytes that wait to be written. */
    public long pendingBytes() {
        checkThread();
        return writer.pendingBytes();
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

    // ---- for the two halves

    EventLoop loop() {
        return loop;
    }

    StreamSocket socket() {
        return socket;
    }

    StreamReader reader() {
        return reader;
    }

    StreamWriter writer() {
        return writer;
    }

    TcpOptions options() {
        return options;
    }

    ReceiveBuffer receiveBuffer() {
        return loop.transport().receiveBuffer();
    }

    /** Whether {@link #close()} or {@link #abort()} was called; for a thread that has been checked. */
    boolean isShut() {
        return state != OPEN;
    }

    boolean socketIsFlushed() {
        return state == CLOSED || socket.flush();
    }

    /** The transport tells that something can be done. */
    void ready(boolean writable) {
        if (!writer.nothingWaits()) {
            if (writable) {
                writer.sendPending();
            }
        } else if (state == CLOSING) {
            finishClosing();
        } else if (writable && waiters != null) {
            waiters.flushed();
        }
    }

    /** The loop was closed, and the socket with it. */
    void loopClosed() {
        if (state != CLOSED) {
            loop.warnOfOpen(this);
            cut("the loop was closed before everything was written");
        }
    }

    /** Nothing waits to be written any more: does what waited for that. */
    void sent() {
        if (state == CLOSING) {
            finishClosing();
        }
        if (waiters != null) {
            waiters.flushed();
        }
    }

    /** What all streams of the server count in that wait to be written; {@code null} if nobody needs to know. */
    @Nullable
    BufferedBytes bufferedTogether() {
        return server == null ? null : server.buffered();
    }

    /** Bytes were left waiting, which may be too many for the server. */
    void limitBuffers() {
        if (server != null) {
            server.limitBuffers(this);
        }
    }

    void writingPaused() {
        if (waiters != null) {
            waiters.paused();
        }
    }

    void writingMayGoOn() {
        if (waiters != null) {
            waiters.resumed();
        }
    }

    void writingFailed() {
        if (waiters != null) {
            waiters.failed();
        }
    }

    StreamWaiters waiters() {
        if (waiters == null) {
            waiters = new StreamWaiters(loop);
        }
        return waiters;
    }

    void checkOpen() {
        if (state != OPEN) {
            reader.throwPassedLimit();
            throw new StreamClosedException("the stream was closed");
        }
    }

    void checkThread() {
        loop.checkThread();
    }

    // ---- for protocols and TLS

    void flowListener(FlowListener listener) {
        waiters().flowListener(listener);
    }

    /** What broke the connection, as far as reading or writing has met with it; {@code null} if this side has closed or aborted it. */
    @Nullable
    NetworkException lossCause() {
        NetworkException cause = reader.failure() != null ? reader.failure() : writer.failure();
        return cause instanceof StreamClosedException ? null : cause;
    }

    /** What was read and not given out, or {@code null}; the caller owns it. */
    @Nullable
    ByteBuf takeBuffered() {
        return reader.takeBuffered();
    }

    /** Puts another socket over this one, which has been {@linkplain #flush() flushed}. */
    StreamSocket replaceSocket(UnaryOperator<StreamSocket> over) {
        assert writer.nothingWaits() && !reader.isWaitedFor();
        socket = over.apply(socket);
        socket.listener(reader);
        return socket;
    }

    /** The stream is open, and nobody but this task, if it is one, waits to read. */
    void checkMayShakeHands(@Nullable Task<?> task) {
        checkOpen();
        reader.checkAlone(task);
    }

    // ---- closing

    /** Everything is written: says goodbye, and closes when that is done. */
    private void finishClosing() {
        if (writer.failure() == null) {
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

    /** Ends the stream because it has passed a limit of its server; whoever reads or writes gets to know which. */
    void fail(ServerLimitException why) {
        if (state == CLOSED) {
            return;
        }
        reader.fail(why);
        if (state == OPEN && writer.nothingWaits()) {
            close(); // nothing is lost, so the peer sees an end and no reset
        } else {
            writer.drop(why);
            socket.reset();
            closeNow();
        }
    }

    /** Closes without flushing. */
    private void cut(String reason) {
        writer.drop(new StreamClosedException(reason));
        socket.reset();
        closeNow();
    }

    private void closeNow() {
        if (state == CLOSED) {
            return;
        }
        state = CLOSED;
        socket.close();
        reader.close();
        writer.close();
        if (waiters != null) {
            waiters.closed();
        }
        if (server != null) {
            server.streamClosed(this);
        }
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
}

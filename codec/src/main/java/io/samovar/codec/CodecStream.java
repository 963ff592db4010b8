package io.samovar.codec;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelPipeline;
import io.samovar.Awaitable;
import io.samovar.EventLoop;
import io.samovar.Task;
import io.samovar.net.ConcurrentReadException;
import io.samovar.net.TcpStream;
import org.jspecify.annotations.Nullable;

/**
 * A connection that speaks in messages: Netty's codecs over a {@link TcpStream}.
 *
 * <p>{@code await(http.read())} gives the next decoded message and {@code await(http.write(message))} encodes one and sends
 * it. There is no pipeline to write handlers for; the ordinary handlers of Netty's codecs are made of one inside.
 *
 * <pre>{@code
 * static Coroutine<Void> serve(TcpStream peer) {
 *     try (CodecStream<FullHttpRequest, FullHttpResponse> http = new CodecStream<>(
 *             peer, FullHttpRequest.class, new HttpServerCodec(), new HttpObjectAggregator(65_536))) {
 *         for (FullHttpRequest request; (request = await(http.read())) != null; ) {
 *             try {
 *                 await(http.write(answer(request)));
 *             } finally {
 *                 request.release();
 *             }
 *         }
 *     }
 *     return Coroutine.done();
 * }
 * }</pre>
 *
 * <p><i>Reading.</i> Bytes are read only when a message is asked for and none is there, so a slow program slows its peer down.
 * A message that is reference counted is yours to release. Messages that came in one piece are given one after another,
 * without a read in between; and handlers behind the first decoder see a message only when it is asked for, so that what
 * they answer by themselves (a "too large", a "continue") stands in its place among the answers of the program.
 *
 * <p><i>Writing.</i> What is written is encoded at once, and the stream gathers small messages: they leave together when the
 * next read has to wait, at the end of this iteration of the loop, or by {@link #flush()}. So the answers to a batch of
 * pipelined requests are one system call.
 *
 * <p>Handlers run on the loop thread, with timers of the loop; each stream needs handlers of its own, unless they are
 * sharable. The stream belongs to the loop's thread. One task may read while others write.
 *
 * @param <I> the decoded messages
 * @param <O> the messages that can be encoded
 */
public final class CodecStream<I, O> implements AutoCloseable {
    /** The decoder gets no more at once. */
    private static final int SLICE = 8 * 1024;

    private final TcpStream stream;
    private final CodecChannel channel;
    private final Reader reader = new Reader();

    /** The peer has sent its last byte, or the program wants no more. */
    private boolean ended;

    /** The task that waits in a read. */
    private @Nullable Task<?> waiting;

    /** What was read and not given to the decoder yet, for what it makes of a few bytes may take much more memory. */
    private @Nullable ByteBuf undecoded;

    /**
     * Takes over a stream, on the loop that is running; {@link #close()} closes it.
     *
     * @param type of the messages that the last handler gives; another fails the read with {@code
     *     UnsupportedMessageTypeException}, and is released
     * @param handlers in the order of a Netty pipeline: the one next to the network first
     */
    public CodecStream(TcpStream stream, Class<I> type, ChannelHandler... handlers) {
        this.stream = stream;
        this.channel = new CodecChannel(EventLoop.current(), stream, new Inbox(type, this::wakeReader));
        channel.open(handlers);
    }

    /**
     * The next message.
     *
     * @return gives {@code null} at the end of the stream, after {@link #close()}, and behind the last message when a handler has
     *     closed the stream; fails with {@link DecodeException} if
     *     the codec cannot read what came (a codec that can goes on behind it; those of HTTP fail no read, they give a
     *     message whose {@code decoderResult()} is a failure), with what a handler threw, or as {@link TcpStream#read()}. A
     *     read that is cancelled loses nothing
     */
    public Awaitable<@Nullable I> read() {
        channel.checkThread();
        return reader;
    }

    /**
     * Encodes a message and sends it, together with others where that can be. The codec takes the message, whatever happens.
     *
     * @return as {@link TcpStream#write(ByteBuf)}: await it, so that a fast program does not fill the memory when the peer is
     *     slow
     * @throws io.netty.handler.codec.EncoderException if a handler could not encode it
     * @throws io.netty.handler.codec.UnsupportedMessageTypeException if no handler makes bytes of it
     * @throws io.samovar.net.NetworkException if the connection is lost, or the stream closed
     */
    public Awaitable<@Nullable Void> write(O message) {
        channel.checkThread();
        channel.encode(message);
        return channel.drained();
    }

    /** Has handlers send what they hold back, and sends what has been encoded without waiting for more, as {@link TcpStream#flush()} does. */
    public Awaitable<@Nullable Void> flush() {
        channel.checkThread();
        channel.flushHandlers();
        return stream.flush();
    }

    /** The connection beneath, for its addresses and options; who reads from it or writes to it breaks the codec. */
    public TcpStream stream() {
        return stream;
    }

    /** The handlers, for protocols that exchange them on the way. */
    public ChannelPipeline pipeline() {
        return channel.pipeline();
    }

    /**
     * Lets the handlers say goodbye, sends what has been encoded and closes the stream, as {@link TcpStream#close()} does.
     * Decoded messages that nobody has read are released. Closing twice does nothing.
     */
    @Override
    public void close() {
        channel.checkThread();
        ended = true;
        dropUndecoded();
        channel.closeByProgram();
        wakeReader();
    }

    /** Whether {@link #close()} was called here, or a handler has closed the stream. */
    public boolean isClosing() {
        channel.checkThread();
        return !channel.isOpen();
    }

    @Override
    public String toString() {
        return "CodecStream(" + stream + ')';
    }

    private ByteBuf nextSlice(ByteBuf bytes) {
        if (bytes.readableBytes() > SLICE) {
            return bytes.readRetainedSlice(SLICE);
        }
        undecoded = null;
        return bytes;
    }

    private void dropUndecoded() {
        if (undecoded != null) {
            undecoded.release();
            undecoded = null;
        }
    }

    private void checkAlone(Task<?> task) {
        if (waiting != null && waiting != task) {
            throw new ConcurrentReadException(
                    "another task is reading from " + this + ": only one task may read from a stream at a time");
        }
    }

    /** A message came while a task waits for bytes: a handler's timer made it, or the channel was closed. */
    private void wakeReader() {
        Task<?> task = waiting;
        if (task != null) {
            waiting = null;
            stream.read().interrupt(task, null);
            task.wakeup();
        }
    }

    /** The wait for a message; one object serves every read. */
    private final class Reader implements Awaitable<@Nullable I> {
        @Override
        public @Nullable Object poll(Task<?> task) throws Throwable {
            checkAlone(task);
            waiting = null;
            while (!channel.offersMore()) {
                if (ended || !channel.isOpen()) {
                    dropUndecoded();
                    return null;
                }
                if (undecoded != null) {
                    channel.decode(nextSlice(undecoded));
                    continue;
                }
                Object bytes = stream.read().poll(task);
                if (bytes == PENDING) {
                    return PENDING;
                }
                if (bytes == null) {
                    ended = true;
                    channel.endOfInput();
                } else {
                    undecoded = (ByteBuf) bytes;
                }
            }
            if (!task.spendBudget()) {
                return PENDING;
            }
            return channel.inbox().take();
        }

        @Override
        public void park(Task<?> task) {
            waiting = task;
            stream.read().park(task);
        }

        @Override
        public boolean interrupt(Task<?> task, @Nullable String message) {
            if (waiting == task) {
                waiting = null;
            }
            return stream.read().interrupt(task, message);
        }
    }
}

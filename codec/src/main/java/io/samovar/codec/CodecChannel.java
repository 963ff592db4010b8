package io.samovar.codec;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelId;
import io.netty.channel.ChannelMetadata;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.ChannelPromise;
import io.netty.channel.CombinedChannelDuplexHandler;
import io.netty.channel.DefaultChannelConfig;
import io.netty.channel.DefaultChannelPromise;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.ByteToMessageCodec;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.codec.EncoderException;
import io.netty.util.DefaultAttributeMap;
import io.samovar.Awaitable;
import io.samovar.Coroutine;
import io.samovar.EventLoop;
import io.samovar.Task;
import io.samovar.TaskOptions;
import io.samovar.net.NetworkException;
import io.samovar.net.TcpStream;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * The channel that the handlers of a {@link CodecStream} live in. Bytes come by {@link #decode} and messages by {@link
 * #encode}; it never touches a socket.
 *
 * <p>Netty's {@code EmbeddedChannel} does the same for tests. It has a loop of its own that somebody must run, and collects
 * what is written instead of sending it.
 */
final class CodecChannel extends DefaultAttributeMap implements Channel {
    private static final ChannelMetadata METADATA = new ChannelMetadata(false);

    private final EventLoop loop;
    private final LoopExecutor executor;
    private final TcpStream stream;
    private final Inbox inbox;
    private final CodecUnsafe unsafe;
    private final CodecPipeline pipeline;
    private final ChannelConfig config;
    private final ClosePromise closePromise;
    /** What the stream gave for the last write. */
    private Awaitable<@Nullable Void> drained = Coroutine.done();

    /** {@code null} until somebody asks. */
    private @Nullable ChannelId id;

    private boolean registered;
    private boolean open = true;

    /** Calls into the handlers that are under way: they are not taken apart before the outermost returns. */
    private int depth;

    private boolean tornDown;

    /** The handlers were told to write no more. */
    private boolean unwritable;

    CodecChannel(EventLoop loop, TcpStream stream, Inbox inbox) {
        this.loop = loop;
        this.stream = stream;
        executor = LoopExecutor.of(loop);
        this.inbox = inbox;
        closePromise = new ClosePromise(this);
        unsafe = new CodecUnsafe(this);
        pipeline = new CodecPipeline(this);
        config = new DefaultChannelConfig(this);
    }

    Inbox inbox() {
        return inbox;
    }

    /** What a writer awaits: done while the peer keeps up. */
    Awaitable<@Nullable Void> drained() {
        return drained;
    }

    /** Takes over bytes for the network. */
    void send(ByteBuf bytes) {
        drained = stream.write(bytes);
        if (!unwritable && stream.isWritingPaused()) {
            unwritable = true;
            pipeline.fireChannelWritabilityChanged();
            Task<?> unused = loop.createTask(
                    new Writability(),
                    TaskOptions.DEFAULT.name("writability of " + this).eager(false));
        }
    }

    private void writableAgain() {
        unwritable = false;
        if (open) {
            depth++;
            try {
                pipeline.fireChannelWritabilityChanged();
            } finally {
                leave();
            }
        }
    }

    void checkThread() {
        loop.checkThread();
    }

    /** Starts the handlers. */
    void open(ChannelHandler... handlers) {
        depth++;
        try {
            int gate = indexOfDecoder(handlers);
            for (int i = 0; i < handlers.length; i++) {
                pipeline.addLast(handlers[i]);
                if (i == gate) {
                    pipeline.addLast(inbox);
                }
            }
            registered = true;
            pipeline.fireChannelRegistered();
            pipeline.fireChannelActive();
        } finally {
            leave();
        }
    }

    /** The first handler that makes messages of bytes; what comes after it works on messages. */
    private static int indexOfDecoder(ChannelHandler... handlers) {
        for (int i = 0; i < handlers.length; i++) {
            if (handlers[i] instanceof ByteToMessageDecoder
                    || handlers[i] instanceof ByteToMessageCodec
                    || handlers[i] instanceof CombinedChannelDuplexHandler) {
                return i;
            }
        }
        return 0;
    }

    /** Hands the handlers what was read; they own it. */
    void decode(ByteBuf bytes) {
        depth++;
        try {
            pipeline.fireChannelRead(bytes);
            pipeline.fireChannelReadComplete();
        } finally {
            leave();
        }
    }

    /** The peer has sent its last byte, and may still read. */
    void endOfInput() {
        depth++;
        try {
            pipeline.fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
            pipeline.fireChannelReadComplete();
        } finally {
            leave();
        }
    }

    /** Has the handlers encode a message; they own it. */
    void encode(Object message) {
        depth++;
        ChannelFuture written;
        try {
            written = pipeline.writeAndFlush(
                    message); // some handlers send in their flush; the stream gathers all the same
        } finally {
            leave();
        }
        Throwable cause = written.cause();
        if (cause instanceof RuntimeException failure) {
            throw failure;
        }
        if (cause instanceof Error failure) {
            throw failure;
        }
        if (cause != null) {
            throw new EncoderException(cause);
        }
    }

    /** Has the handlers send what they hold back. */
    void flushHandlers() {
        depth++;
        try {
            pipeline.flush();
        } finally {
            leave();
        }
    }

    /** {@link Inbox#offersMore}, which has the handlers work. */
    boolean offersMore() {
        depth++;
        try {
            return inbox.offersMore();
        } finally {
            leave();
        }
    }

    /** The program wants no more: handlers may have something to say first. */
    void closeByProgram() {
        depth++;
        try {
            inbox.discard();
            ChannelFuture unused = pipeline.close(); // a handler may put it off, for an answer to its goodbye
        } finally {
            leave();
        }
    }

    /** The end, by the program or by a handler. What was encoded is sent first. */
    void closeNow() {
        if (!open) {
            return;
        }
        open = false;
        inbox.dropHeld(); // at once: the handlers may be in the middle of what is held
        stream.close();
        closePromise.setClosed();
        depth++;
        leave();
    }

    private void leave() {
        if (depth == 1 && !open && !tornDown) {
            tornDown = true;
            pipeline.fireChannelInactive();
            registered = false;
            pipeline.fireChannelUnregistered(); // removes the handlers, which release what they hold
            inbox.end();
        }
        depth--;
    }

    /** Asked for after each read, as of every channel that reads on its own: this one reads when the program does. */
    @Override
    public Channel read() {
        return this;
    }

    @Override
    public ChannelId id() {
        ChannelId made = id;
        if (made == null) {
            made = CodecChannelId.next();
            id = made;
        }
        return made;
    }

    @Override
    public io.netty.channel.EventLoop eventLoop() {
        return executor;
    }

    @Override
    @SuppressWarnings("NullAway") // Netty's channels have no parent but for accepted ones
    public @Nullable Channel parent() {
        return null;
    }

    @Override
    public ChannelConfig config() {
        return config;
    }

    @Override
    public boolean isOpen() {
        return open;
    }

    @Override
    public boolean isRegistered() {
        return registered;
    }

    @Override
    public boolean isActive() {
        return open;
    }

    @Override
    public ChannelMetadata metadata() {
        return METADATA;
    }

    @Override
    public @Nullable SocketAddress localAddress() {
        return stream.localAddress();
    }

    @Override
    public @Nullable SocketAddress remoteAddress() {
        return stream.remoteAddress();
    }

    @Override
    public ChannelFuture closeFuture() {
        return closePromise;
    }

    @Override
    public boolean isWritable() {
        return open && !stream.isWritingPaused();
    }

    @Override
    public long bytesBeforeUnwritable() {
        return isWritable() ? Math.max(1, config.getWriteBufferHighWaterMark() - stream.pendingBytes()) : 0;
    }

    @Override
    public Unsafe unsafe() {
        return unsafe;
    }

    @Override
    public ChannelPipeline pipeline() {
        return pipeline;
    }

    @Override
    public int compareTo(Channel other) {
        return this == other ? 0 : id().compareTo(other.id());
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return this == other;
    }

    @Override
    public int hashCode() {
        return System.identityHashCode(this);
    }

    @Override
    public String toString() {
        return "CodecChannel(" + stream + ')';
    }

    /** The wait until the peer has taken enough; what the handlers are told then. */
    private final class Writability extends Coroutine<@Nullable Void> {
        @Override
        public @Nullable Object poll(Task<?> task) throws Throwable {
            try {
                if (drained.poll(task) == PENDING) {
                    return PENDING;
                }
            } catch (NetworkException lost) {
                return null; // whoever writes or reads learns of it
            }
            writableAgain();
            return null;
        }

        @Override
        public void park(Task<?> task) {
            drained.park(task);
        }

        @Override
        public boolean interrupt(Task<?> task, @Nullable String message) {
            return drained.interrupt(task, message);
        }
    }

    /** Is completed by the channel alone. */
    private static final class ClosePromise extends DefaultChannelPromise {
        ClosePromise(CodecChannel channel) {
            super(channel);
        }

        void setClosed() {
            super.trySuccess();
        }

        @Override
        public boolean trySuccess() {
            throw new IllegalStateException("close() completes this");
        }

        @Override
        public ChannelPromise setSuccess() {
            throw new IllegalStateException("close() completes this");
        }

        @Override
        public ChannelPromise setFailure(Throwable cause) {
            throw new IllegalStateException("close() completes this");
        }

        @Override
        public boolean tryFailure(Throwable cause) {
            throw new IllegalStateException("close() completes this");
        }
    }
}

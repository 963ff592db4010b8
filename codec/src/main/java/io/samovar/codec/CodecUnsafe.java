package io.samovar.codec;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelPromise;
import io.netty.channel.EventLoop;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.VoidChannelPromise;
import io.netty.handler.codec.UnsupportedMessageTypeException;
import io.netty.util.ReferenceCountUtil;
import io.samovar.net.StreamClosedException;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/** What stands at the network's end of the pipeline: bytes go to the stream's {@link Outgoing}. */
final class CodecUnsafe implements Channel.Unsafe {
    private final CodecChannel channel;
    private final VoidChannelPromise voidPromise;

    CodecUnsafe(CodecChannel channel) {
        this.channel = channel;
        voidPromise = new VoidChannelPromise(channel, true);
    }

    @Override
    public void write(Object message, ChannelPromise promise) {
        if (!channel.isOpen()) { // the handlers are gone, so this may be anything
            ReferenceCountUtil.release(message);
            promise.tryFailure(new StreamClosedException("the stream was closed"));
            return;
        }
        if (!(message instanceof ByteBuf bytes)) {
            ReferenceCountUtil.release(message);
            promise.tryFailure(new UnsupportedMessageTypeException(message, ByteBuf.class));
            return;
        }
        try {
            channel.send(bytes);
        } catch (RuntimeException refused) { // the connection is lost, or was closed
            promise.tryFailure(refused);
            return;
        }
        promise.trySuccess();
    }

    /** The stream decides when: handlers flush after each message. */
    @Override
    public void flush() {}

    /** Bytes are read when the program reads. */
    @Override
    public void beginRead() {}

    @Override
    public void close(ChannelPromise promise) {
        channel.closeNow();
        promise.trySuccess();
    }

    @Override
    public void closeForcibly() {
        channel.closeNow();
    }

    @Override
    public void disconnect(ChannelPromise promise) {
        close(promise);
    }

    @Override
    public @Nullable SocketAddress localAddress() {
        return channel.localAddress();
    }

    @Override
    public @Nullable SocketAddress remoteAddress() {
        return channel.remoteAddress();
    }

    @Override
    public ChannelPromise voidPromise() {
        return voidPromise;
    }

    @Override
    @SuppressWarnings("NullAway") // as Netty's own channels do once they are closed
    public @Nullable ChannelOutboundBuffer outboundBuffer() {
        return null;
    }

    @Override
    @SuppressWarnings("deprecation") // Netty asks for what it advises against
    public RecvByteBufAllocator.Handle recvBufAllocHandle() {
        throw new UnsupportedOperationException("the stream allocates what it reads into");
    }

    @Override
    public void register(EventLoop eventLoop, ChannelPromise promise) {
        refuse(promise);
    }

    @Override
    public void bind(SocketAddress localAddress, ChannelPromise promise) {
        refuse(promise);
    }

    @Override
    public void connect(SocketAddress remoteAddress, @Nullable SocketAddress localAddress, ChannelPromise promise) {
        refuse(promise);
    }

    @Override
    public void deregister(ChannelPromise promise) {
        refuse(promise);
    }

    private static void refuse(ChannelPromise promise) {
        promise.tryFailure(
                new UnsupportedOperationException("the stream of a codec is connected already, and stays so"));
    }
}

package io.samovar.transport.nio;

import io.netty.channel.IoRegistration;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.samovar.net.OutOfResourcesException;
import io.samovar.transport.ListenOptions;
import io.samovar.transport.ListenSocket;
import io.samovar.transport.ReadinessListener;
import io.samovar.transport.StreamSocket;
import io.samovar.transport.TransportContext;
import io.samovar.transport.Watch;
import io.samovar.transport.netty.ChannelTypes;
import io.samovar.transport.netty.NettyTransport;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One loop's selector.
 *
 * <p>A selector reports a socket as long as it is ready, not once. {@link NioSocket} tells how the contract is kept.
 */
final class NioTransport extends NettyTransport {
    /*
     * When a descriptor is freed
     *
     * The JDK closes the descriptor of a registered channel only when a selection has taken its cancelled key out of the
     * selector; until then SocketChannel.close() has merely shut the output down, so that the peer reads the end of the
     * stream (the same in JDK 17 and 25, SocketChannelImpl.implCloseNonBlockingMode). Every poll begins with that
     * clean-up before it waits. For a stream this is soon enough: the end of the stream has left at once, and the next
     * poll comes as soon as the callbacks that are ready now have run.
     *
     * It is too late for a reset, as nothing at all leaves while SO_LINGER is 0, and for a listener, whose port stays
     * taken and goes on queueing connections. These ask for a selection of their own, flush(). So does a new socket that
     * finds no descriptor while closed ones are still held.
     */

    private static final long NANOS_PER_MILLI = 1_000_000;

    /** Buffers of one gathering write: {@code IOV_MAX} of Linux and the BSDs, and what the JDK passes on at most. */
    private static final int MAX_GATHER = 1024;

    /** Filled anew for each gathering write; {@code null} until the first one. */
    private ByteBuffer @Nullable [] gatherArray;

    /** Holds the descriptors of sockets that were closed since the last poll; {@code null} if there are none. */
    private @Nullable Selector unflushed;

    private boolean polling;
    /** {@link #flush()} was called inside the poll that is under way. */
    private boolean flushAfterPoll;

    NioTransport(TransportContext context) {
        super("nio", NioIoHandler.newFactory(), context);
        NioErrors.load();
    }

    @Override
    public void poll(long timeoutNanos) {
        unflushed = null; // the selection does it
        polling = true;
        try {
            super.poll(wholeMillis(timeoutNanos));
        } finally {
            polling = false;
        }
        if (flushAfterPoll) {
            flushAfterPoll = false;
            flush();
        }
    }

    /**
     * Rounds up to what a selector can wait for. Netty's handler rounds to the nearest millisecond and returns at once
     * below a half, so that a loop with a timer would spin through the rest.
     */
    static long wholeMillis(long nanos) {
        if (nanos <= 0 || nanos > Long.MAX_VALUE - NANOS_PER_MILLI) {
            return nanos;
        }
        return (nanos + NANOS_PER_MILLI - 1) / NANOS_PER_MILLI * NANOS_PER_MILLI;
    }

    @Override
    protected ChannelTypes channelTypes() {
        return new ChannelTypes(
                NioSocketChannel.class, NioServerSocketChannel.class, NioDatagramChannel.class, null, null);
    }

    @Override
    public StreamSocket stream() {
        return withDescriptor(() -> NioStreamSocket.open(this));
    }

    @Override
    public ListenSocket listen(ListenOptions options) {
        return withDescriptor(() -> NioListenSocket.open(this, options));
    }

    @Override
    public Watch watch(SelectableChannel channel, ReadinessListener listener) {
        return new NioWatch(this, channel, listener);
    }

    IoRegistration attach(NioWatch watch) {
        return register(watch);
    }

    @Override
    public ListenSocket adopt(int descriptor) {
        return NioListenSocket.adopt(this, InheritedChannel.of(descriptor));
    }

    /** Does what needs a descriptor, and once more if there is none while closed sockets still hold some. */
    <T> T withDescriptor(Supplier<T> operation) {
        try {
            return operation.get();
        } catch (OutOfResourcesException full) {
            if (!flush()) {
                throw full;
            }
            return operation.get();
        }
    }

    IoRegistration attach(NioSocket<?> socket) {
        return register(socket);
    }

    void detach(IoRegistration registration) {
        unflushed = registration.<SelectionKey>attachment().selector();
        registration.cancel();
    }

    void tellSocketClosed(@Nullable ReadinessListener listener) {
        tellClosed(listener);
    }

    void listenerThrew(Throwable failure) {
        listenerFailed(failure);
    }

    /**
     * Frees the descriptors of closed sockets now, or inside a poll at its end.
     *
     * @return whether any may have been freed
     */
    boolean flush() {
        Selector selector = unflushed;
        if (selector == null || !selector.isOpen()) {
            return false;
        }
        if (polling) {
            // Netty may be walking through the selected keys, and this would take keys out of that set.
            flushAfterPoll = true;
            return false;
        }
        unflushed = null;
        try {
            // With an action, so that nothing is added to the set of selected keys; what is ready is reported again.
            selector.selectNow(ready -> {});
        } catch (IOException failed) {
            return false; // the next poll will find the same, and knows what to do
        }
        selector.wakeup(); // the selection may have swallowed a wake-up that is meant for the next poll
        return true;
    }

    /** An array for as many of {@code count} buffers as one gathering write takes; null its entries after use. */
    ByteBuffer[] gatherArray() {
        ByteBuffer[] array = gatherArray;
        if (array == null) {
            array = gatherArray = new ByteBuffer[MAX_GATHER];
        }
        return array;
    }
}

package io.samovar.transport.nio;

import io.netty.channel.IoEvent;
import io.netty.channel.IoRegistration;
import io.netty.channel.nio.NioIoEvent;
import io.netty.channel.nio.NioIoHandle;
import io.netty.channel.nio.NioIoOps;
import io.samovar.net.StreamClosedException;
import io.samovar.transport.ReadinessListener;
import java.io.IOException;
import java.nio.channels.SelectableChannel;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What streams and listeners share: the channel, its registration with the selector and the set of events of interest.
 *
 * <p>A selector reports what is ready again in every poll. To be told only once, a socket takes an event out of the set
 * of interest, and puts it back when an operation has said that it would block. That costs a system call each way, so
 * what is used up at once anyway stays in the set: an event for reading is taken out only when it is reported a second
 * time, because nobody has read since the first. A change that is undone before the next poll costs no system call.
 */
abstract class NioSocket<C extends SelectableChannel> implements NioIoHandle {
    final NioTransport transport;
    final C channel;
    private final IoRegistration registration;

    /** The events that the selector reports, as {@link java.nio.channels.SelectionKey#interestOps()}. */
    private int interest;

    /** Set before the first operation. */
    private @Nullable ReadinessListener listener;

    private boolean closed;

    /**
     * @param channel in non-blocking mode; becomes this socket's, unless this constructor throws
     */
    NioSocket(NioTransport transport, C channel) {
        this.transport = transport;
        this.channel = channel;
        this.registration = transport.attach(this);
    }

    @Override
    public final SelectableChannel selectableChannel() {
        return channel;
    }

    public final void listener(ReadinessListener readinessListener) {
        listener = Objects.requireNonNull(readinessListener);
    }

    @Override
    public final void handle(IoRegistration from, IoEvent event) {
        try {
            ready(((NioIoEvent) event).ops().value());
        } catch (Throwable failure) {
            transport.listenerThrew(failure);
        }
    }

    /** The selector reports these events; it reports every event of interest when the connection is broken. */
    abstract void ready(int ops);

    final void tell(boolean readable, boolean writable) {
        if (listener != null) {
            listener.ready(readable, writable);
        }
    }

    /** Has the selector report these events from the next poll on. */
    final void arm(int ops) {
        interest(interest | ops);
    }

    /** Has the selector report these events no longer. */
    final void disarm(int ops) {
        interest(interest & ~ops);
    }

    private void interest(int wanted) {
        if (wanted == interest) {
            return;
        }
        interest = wanted;
        // valueOf() makes a new object for 0. A key that is gone, as after a failed connect, is left alone.
        registration.submit(wanted == 0 ? NioIoOps.NONE : NioIoOps.valueOf(wanted));
    }

    public final boolean isOpen() {
        return !closed;
    }

    final void checkOpen(String doing) {
        if (closed) {
            throw new StreamClosedException(doing + ": the socket is closed");
        }
    }

    /** Netty calls this too: when the transport is closed, and for a key that was selected and cancelled in one poll. */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        transport.detach(registration); // first, so that Netty never meets a closed channel that is not cancelled
        closeChannel(channel);
        transport.tellSocketClosed(listener);
    }

    static void closeChannel(SelectableChannel channel) {
        try {
            channel.close();
        } catch (IOException alreadyGone) {
            // the descriptor is freed whatever close(2) returns
        }
    }
}

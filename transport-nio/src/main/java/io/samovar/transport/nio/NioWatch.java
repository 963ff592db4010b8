package io.samovar.transport.nio;

import static java.nio.channels.SelectionKey.OP_ACCEPT;
import static java.nio.channels.SelectionKey.OP_CONNECT;
import static java.nio.channels.SelectionKey.OP_READ;
import static java.nio.channels.SelectionKey.OP_WRITE;

import io.netty.channel.IoEvent;
import io.netty.channel.IoRegistration;
import io.netty.channel.nio.NioIoEvent;
import io.netty.channel.nio.NioIoHandle;
import io.netty.channel.nio.NioIoOps;
import io.samovar.transport.ReadinessListener;
import io.samovar.transport.Watch;
import java.nio.channels.SelectableChannel;
import org.jspecify.annotations.Nullable;

/** A channel that somebody else has opened; the selector reports it as long as it is ready. */
final class NioWatch implements NioIoHandle, Watch {
    private static final int READING = OP_READ | OP_ACCEPT;
    /** The selector reports the one before the connection stands, and the other afterwards. */
    private static final int WRITING = OP_WRITE | OP_CONNECT;

    private final NioTransport transport;
    private final SelectableChannel channel;
    private final ReadinessListener listener;

    /** {@code null} while nothing is asked for. */
    private @Nullable IoRegistration registration;

    NioWatch(NioTransport transport, SelectableChannel channel, ReadinessListener listener) {
        this.transport = transport;
        this.channel = channel;
        this.listener = listener;
    }

    @Override
    public SelectableChannel selectableChannel() {
        return channel;
    }

    @Override
    public void handle(IoRegistration from, IoEvent event) {
        int ops = ((NioIoEvent) event).ops().value();
        try {
            listener.ready((ops & READING) != 0, (ops & WRITING) != 0);
        } catch (Throwable failure) {
            transport.listenerThrew(failure);
        }
    }

    @Override
    public void interest(boolean reading, boolean writing) {
        IoRegistration known = registration;
        if (known == null) {
            known = transport.attach(this);
            registration = known;
        }
        // Does nothing for a channel that was closed since: it will never be ready.
        known.submit(NioIoOps.valueOf(channel.validOps() & ((reading ? READING : 0) | (writing ? WRITING : 0))));
    }

    @Override
    public void cancel() {
        IoRegistration known = registration;
        if (known == null) {
            return;
        }
        registration = null;
        transport.detach(known);
        transport.flush(); // so that the channel can be closed at once, its port included, or be watched again
    }

    /** The transport is closed, but the channel is not its own. */
    @Override
    public void close() {}
}

package io.samovar.testing;

import io.samovar.EventLoop;
import io.samovar.transport.ListenOptions;
import io.samovar.transport.ListenSocket;
import io.samovar.transport.ReadinessListener;
import io.samovar.transport.ReceiveBuffer;
import io.samovar.transport.StreamSocket;
import io.samovar.transport.Transport;
import io.samovar.transport.TransportContext;
import io.samovar.transport.TransportProvider;
import io.samovar.transport.Watch;
import java.nio.channels.SelectableChannel;
import org.jspecify.annotations.Nullable;

/** A transport whose sockets are noted as long as they are open. */
final class WatchedTransport implements Transport {
    private final Transport real;
    private final OpenSockets sockets;

    private WatchedTransport(Transport real, OpenSockets sockets) {
        this.real = real;
        this.sockets = sockets;
    }

    /** What the loop waits with, whether it is watched or not. */
    static Transport unwrap(EventLoop loop) {
        return loop.transport() instanceof WatchedTransport watched ? watched.real : loop.transport();
    }

    /** A socket of the loop's transport that was not opened through it, noted if the transport is watched. */
    static StreamSocket watched(EventLoop loop, StreamSocket socket) {
        return loop.transport() instanceof WatchedTransport watched
                ? watched.noted(socket, "; it was made at ")
                : socket;
    }

    private StreamSocket noted(StreamSocket socket, String how) {
        return new WatchedStream(socket, sockets, how);
    }

    @Override
    public StreamSocket stream() {
        return noted(real.stream(), "; it was opened at ");
    }

    @Override
    public ListenSocket listen(ListenOptions options) {
        return new WatchedListener(real.listen(options), sockets);
    }

    @Override
    public Watch watch(int descriptor, ReadinessListener listener) {
        return real.watch(descriptor, listener);
    }

    @Override
    public @Nullable Watch watch(SelectableChannel channel, ReadinessListener listener) {
        return real.watch(channel, listener);
    }

    @Override
    public ListenSocket adopt(int descriptor) {
        return new WatchedListener(real.adopt(descriptor), sockets);
    }

    @Override
    public String name() {
        return real.name();
    }

    @Override
    public void poll(long timeoutNanos) {
        real.poll(timeoutNanos);
    }

    @Override
    public void wakeup() {
        real.wakeup();
    }

    @Override
    public ReceiveBuffer receiveBuffer() {
        return real.receiveBuffer();
    }

    @Override
    public <T> @Nullable T unwrap(Class<T> type) {
        return real.unwrap(type);
    }

    @Override
    public void close() {
        real.close();
    }

    /** Opens such transports. */
    record Provider(TransportProvider of, OpenSockets sockets) implements TransportProvider {
        @Override
        public String name() {
            return of.name();
        }

        @Override
        public int priority() {
            return of.priority();
        }

        @Override
        public @Nullable Throwable unavailabilityCause() {
            return of.unavailabilityCause();
        }

        @Override
        public Transport open(TransportContext context) {
            return new WatchedTransport(of.open(context), sockets);
        }
    }
}

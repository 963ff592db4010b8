package io.samovar.testing;

import io.samovar.EventLoop;
import io.samovar.transport.ForwardingTransport;
import io.samovar.transport.ForwardingTransportProvider;
import io.samovar.transport.ListenOptions;
import io.samovar.transport.ListenSocket;
import io.samovar.transport.StreamSocket;
import io.samovar.transport.Transport;
import io.samovar.transport.TransportContext;
import io.samovar.transport.TransportProvider;

/** A transport whose sockets are noted as long as they are open. */
final class WatchedTransport extends ForwardingTransport {
    private final OpenSockets sockets;

    private WatchedTransport(Transport real, OpenSockets sockets) {
        super(real);
        this.sockets = sockets;
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
    public ListenSocket adopt(int descriptor) {
        return new WatchedListener(real.adopt(descriptor), sockets);
    }

    /** Opens such transports. */
    static final class Provider extends ForwardingTransportProvider {
        private final OpenSockets sockets;

        Provider(TransportProvider real, OpenSockets sockets) {
            super(real);
            this.sockets = sockets;
        }

        @Override
        public Transport open(TransportContext context) {
            return new WatchedTransport(real.open(context), sockets);
        }
    }
}

package io.samovar.testing;

import io.samovar.transport.ForwardingStreamSocket;
import io.samovar.transport.StreamSocket;

/** A stream socket that is noted as long as it is open. */
final class WatchedStream extends ForwardingStreamSocket {
    private final OpenSockets sockets;

    /**
     * @param how begins the sentence that ends with the place in the program
     */
    WatchedStream(StreamSocket real, OpenSockets sockets, String how) {
        super(real);
        this.sockets = sockets;
        String place = Places.here(how);
        sockets.opened(
                this,
                () -> "the stream " + real.localAddress() + " -> " + real.remoteAddress() + " was not closed" + place);
    }

    @Override
    public void reset() {
        real.reset();
        sockets.closed(this);
    }

    @Override
    public void close() {
        real.close();
        sockets.closed(this);
    }
}

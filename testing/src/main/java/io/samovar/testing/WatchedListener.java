package io.samovar.testing;

import io.samovar.transport.ListenSocket;
import io.samovar.transport.ReadinessListener;
import io.samovar.transport.StreamSocket;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/** A listener that is noted as long as it is open, as are the streams that it accepts. */
final class WatchedListener implements ListenSocket {
    private final ListenSocket real;
    private final OpenSockets sockets;

    WatchedListener(ListenSocket real, OpenSockets sockets) {
        this.real = real;
        this.sockets = sockets;
        String place = Places.here("; it was opened at ");
        sockets.opened(this, () -> "the server at " + real.localAddress() + " was not closed" + place);
    }

    @Override
    public void listener(ReadinessListener listener) {
        real.listener(listener);
    }

    @Override
    public @Nullable StreamSocket accept() {
        StreamSocket accepted = real.accept();
        return accepted == null ? null : new WatchedStream(accepted, sockets, "; it was accepted at ");
    }

    @Override
    public InetSocketAddress localAddress() {
        return real.localAddress();
    }

    @Override
    public void close() {
        real.close();
        sockets.closed(this);
    }
}

package io.samovar;

import io.samovar.transport.ListenOptions;
import io.samovar.transport.ListenSocket;
import io.samovar.transport.ReceiveBuffer;
import io.samovar.transport.StreamSocket;
import io.samovar.transport.Transport;
import io.samovar.transport.TransportContext;
import io.samovar.transport.TransportProvider;
import org.jspecify.annotations.Nullable;

/** For tests of what needs no socket. */
final class NoTransport implements TransportProvider, Transport {
    @Override
    public String name() {
        return "none";
    }

    @Override
    public int priority() {
        return 0;
    }

    @Override
    public @Nullable Throwable unavailabilityCause() {
        return null;
    }

    @Override
    public Transport open(TransportContext context) {
        return this;
    }

    @Override
    public void poll(long timeoutNanos) {}

    @Override
    public void wakeup() {}

    @Override
    public ReceiveBuffer receiveBuffer() {
        throw new UnsupportedOperationException();
    }

    @Override
    public StreamSocket stream() {
        throw new UnsupportedOperationException();
    }

    @Override
    public ListenSocket listen(ListenOptions options) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void close() {}
}

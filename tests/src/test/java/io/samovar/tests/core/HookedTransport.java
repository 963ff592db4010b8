package io.samovar.tests.core;

import io.samovar.transport.ForwardingTransport;
import io.samovar.transport.ForwardingTransportProvider;
import io.samovar.transport.Transport;
import io.samovar.transport.TransportContext;
import io.samovar.transport.TransportProvider;

/** A transport that has something done inside each poll, as sockets' listeners do. */
final class HookedTransport extends ForwardingTransportProvider {
    private final Runnable listener;

    HookedTransport(TransportProvider real, Runnable listener) {
        super(real);
        this.listener = listener;
    }

    @Override
    public Transport open(TransportContext context) {
        return new ForwardingTransport(real.open(context)) {
            @Override
            public void poll(long timeoutNanos) {
                listener.run();
                real.poll(timeoutNanos);
            }
        };
    }
}

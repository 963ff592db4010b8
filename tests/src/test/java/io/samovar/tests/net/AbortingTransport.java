package io.samovar.tests.net;

import io.samovar.net.ConnectionAbortedException;
import io.samovar.transport.ForwardingTransport;
import io.samovar.transport.ForwardingTransportProvider;
import io.samovar.transport.ListenOptions;
import io.samovar.transport.ListenSocket;
import io.samovar.transport.ReadinessListener;
import io.samovar.transport.StreamSocket;
import io.samovar.transport.Transport;
import io.samovar.transport.TransportContext;
import io.samovar.transport.TransportProvider;
import java.io.IOException;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/** A transport on which every other accept finds a peer that has given up: Linux itself hands such a connection out. */
final class AbortingTransport extends ForwardingTransportProvider {
    private static final int ECONNABORTED = 103;

    AbortingTransport(TransportProvider real) {
        super(real);
    }

    @Override
    public Transport open(TransportContext context) {
        return new Opened(real.open(context));
    }

    private static final class Opened extends ForwardingTransport {
        Opened(Transport real) {
            super(real);
        }

        @Override
        public ListenSocket listen(ListenOptions options) {
            return new Listener(real.listen(options));
        }
    }

    private static final class Listener implements ListenSocket {
        private final ListenSocket real;
        private boolean abortedLast;

        Listener(ListenSocket real) {
            this.real = real;
        }

        @Override
        public void listener(ReadinessListener listener) {
            real.listener(listener);
        }

        @Override
        public @Nullable StreamSocket accept() {
            abortedLast = !abortedLast;
            if (abortedLast) {
                throw new ConnectionAbortedException("accept", ECONNABORTED, new IOException("accept"));
            }
            return real.accept();
        }

        @Override
        public InetSocketAddress localAddress() {
            return real.localAddress();
        }

        @Override
        public void close() {
            real.close();
        }
    }
}

package io.samovar.tests.net;

import io.samovar.net.ConnectionAbortedException;
import io.samovar.transport.ListenOptions;
import io.samovar.transport.ListenSocket;
import io.samovar.transport.ReadinessListener;
import io.samovar.transport.ReceiveBuffer;
import io.samovar.transport.StreamSocket;
import io.samovar.transport.Transport;
import io.samovar.transport.TransportContext;
import io.samovar.transport.TransportProvider;
import java.io.IOException;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/** A transport on which every other accept finds a peer that has given up: Linux itself hands such a connection out. */
record AbortingTransport(TransportProvider of) implements TransportProvider {
    private static final int ECONNABORTED = 103;

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
        return new Opened(of.open(context));
    }

    private record Opened(Transport real) implements Transport {
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
        public StreamSocket stream() {
            return real.stream();
        }

        @Override
        public ListenSocket listen(ListenOptions options) {
            return new Listener(real.listen(options));
        }

        @Override
        public void close() {
            real.close();
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

package io.samovar.tests.net;

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

/** A transport that counts how often it is polled, and says whether it is being polled. */
final class CountingTransport implements TransportProvider {
    private final TransportProvider of;
    private int polls;
    private boolean polling;

    CountingTransport(TransportProvider of) {
        this.of = of;
    }

    int polls() {
        return polls;
    }

    boolean isPolling() {
        return polling;
    }

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

    private final class Opened implements Transport {
        private final Transport real;

        Opened(Transport real) {
            this.real = real;
        }

        @Override
        public String name() {
            return real.name();
        }

        @Override
        public void poll(long timeoutNanos) {
            polls++;
            polling = true;
            real.poll(timeoutNanos);
            polling = false;
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
            return real.listen(options);
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
        public void close() {
            real.close();
        }
    }
}

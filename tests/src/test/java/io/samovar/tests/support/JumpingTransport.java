package io.samovar.tests.support;

import io.samovar.testing.VirtualClock;
import io.samovar.transport.ForwardingTransportProvider;
import io.samovar.transport.ListenOptions;
import io.samovar.transport.ListenSocket;
import io.samovar.transport.ReceiveBuffer;
import io.samovar.transport.StreamSocket;
import io.samovar.transport.Transport;
import io.samovar.transport.TransportContext;
import io.samovar.transport.TransportProvider;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A real transport on virtual time: instead of waiting for a deadline it moves the clock there. For loops without sockets, and so it
 * passes on nothing that watches descriptors: the loop does as on a transport that cannot.
 */
final class JumpingTransport implements Transport {
    private final Transport real;
    private final VirtualClock clock;
    private final TransportContext context;

    private JumpingTransport(Transport real, VirtualClock clock, TransportContext context) {
        this.real = real;
        this.clock = clock;
        this.context = context;
    }

    @Override
    public void poll(long timeoutNanos) {
        real.poll(Math.min(timeoutNanos, 0));
        if (timeoutNanos > 0 && !context.hasWork()) {
            clock.jump(Duration.ofNanos(timeoutNanos));
        }
    }

    @Override
    public String name() {
        return real.name();
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
    public <T> @Nullable T unwrap(Class<T> type) {
        return real.unwrap(type);
    }

    @Override
    public void close() {
        real.close();
    }

    /** Opens such transports. */
    static final class Provider extends ForwardingTransportProvider {
        private final VirtualClock clock;

        Provider(TransportProvider real, VirtualClock clock) {
            super(real);
            this.clock = clock;
        }

        @Override
        public Transport open(TransportContext context) {
            return new JumpingTransport(real.open(context), clock, context);
        }
    }
}

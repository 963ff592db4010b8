package io.samovar.tests.net;

import io.samovar.Promise;
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
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A transport that counts how often it is polled, and says whether it is being polled. */
final class CountingTransport implements TransportProvider {
    /** Polls of a loop that sleeps for a while: one may return early, and some more belong to the end of the run. */
    static final int A_FEW = 8;

    private static final Duration A_WHILE = Duration.ofMillis(50);

    private final TransportProvider of;
    private int polls;
    private boolean polling;

    CountingTransport(TransportProvider of) {
        this.of = of;
    }

    /** How often a loop on this transport polls in a while in which it has nothing to do by itself. */
    int pollsInAWhile(Net net) {
        int before = polls;
        Promise<@Nullable Void> over = net.loop().createFuture();
        net.loop().callLater(A_WHILE, () -> over.setResult(null));
        net.run(over);
        return polls - before;
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

package io.samovar.tests.net;

import io.samovar.Promise;
import io.samovar.transport.ForwardingTransport;
import io.samovar.transport.ForwardingTransportProvider;
import io.samovar.transport.Transport;
import io.samovar.transport.TransportContext;
import io.samovar.transport.TransportProvider;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A transport that counts how often it is polled, and says whether it is being polled. */
final class CountingTransport extends ForwardingTransportProvider {
    /** Polls of a loop that sleeps for a while: one may return early, and some more belong to the end of the run. */
    static final int A_FEW = 8;

    private static final Duration A_WHILE = Duration.ofMillis(50);

    private int polls;
    private boolean polling;

    CountingTransport(TransportProvider real) {
        super(real);
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
    public Transport open(TransportContext context) {
        return new Opened(real.open(context));
    }

    private final class Opened extends ForwardingTransport {
        Opened(Transport real) {
            super(real);
        }

        @Override
        public void poll(long timeoutNanos) {
            polls++;
            polling = true;
            real.poll(timeoutNanos);
            polling = false;
        }
    }
}

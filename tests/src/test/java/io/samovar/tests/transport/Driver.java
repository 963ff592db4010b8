package io.samovar.tests.transport;

import io.samovar.transport.ListenOptions;
import io.samovar.transport.ListenSocket;
import io.samovar.transport.Transport;
import io.samovar.transport.TransportContext;
import io.samovar.transport.TransportProvider;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** Polls a transport from the test's thread, in the loop's place. Closing it closes the transport. */
final class Driver implements TransportContext, AutoCloseable {
    /** Longer than anything here takes on a busy machine; a test that has waited so long has failed. */
    static final Duration PATIENCE = Duration.ofSeconds(20);

    /** A poll's longest wait, for conditions that another thread makes true. */
    private static final long SLICE_NANOS = Duration.ofMillis(20).toNanos();

    /** What listeners threw, in order. */
    final List<Throwable> failures = new ArrayList<>();

    /** What {@link #hasWork()} says. */
    BooleanSupplier work = () -> false;

    private final Transport transport;

    /** A connection that {@link #settle()} sends a byte over; opened by the first call. */
    private @Nullable Pair marker;

    Driver(TransportProvider provider) {
        transport = provider.open(this);
    }

    @Override
    public boolean hasWork() {
        return work.getAsBoolean();
    }

    @Override
    public void listenerFailed(Throwable failure) {
        failures.add(failure);
    }

    Transport transport() {
        return transport;
    }

    /** A listener on a free port of 127.0.0.1. */
    ListenSocket listen(int backlog) {
        return listen(Loopback.v4(0), backlog);
    }

    ListenSocket listen(InetSocketAddress address, int backlog) {
        return transport.listen(new ListenOptions(address, backlog, false));
    }

    void pollUntil(String event, BooleanSupplier happened) {
        long start = System.nanoTime();
        while (!happened.getAsBoolean()) {
            if (System.nanoTime() - start > PATIENCE.toNanos()) {
                throw new AssertionError("waited " + PATIENCE.toSeconds() + " s for this in vain: " + event
                        + "; listeners threw " + failures);
            }
            transport.poll(SLICE_NANOS);
        }
    }

    /**
     * Polls until everything that has happened up to now is reported. A byte that is sent last comes last; one more poll
     * is for what the mechanism does not keep in order.
     */
    void settle() throws IOException {
        Pair pair = marker;
        if (pair == null) {
            pair = Pair.accepted(this);
            marker = pair;
        }
        pair.peer.getOutputStream().write('.');
        int seen = pair.received.size();
        Pair sent = pair;
        pollUntil("the marker's byte", () -> {
            sent.drain();
            return sent.received.size() > seen;
        });
        transport.poll(0);
    }

    /** How many polls it takes to wait so long, when nothing is to be told. A transport that spins needs thousands. */
    int pollsDuring(Duration time) {
        long start = System.nanoTime();
        int polls = 0;
        for (long left; (left = time.toNanos() - (System.nanoTime() - start)) > 0; polls++) {
            transport.poll(left);
        }
        return polls;
    }

    @Override
    public void close() {
        try {
            if (marker != null) {
                marker.close();
            }
        } finally {
            transport.close();
        }
    }
}

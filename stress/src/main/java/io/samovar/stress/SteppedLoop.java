package io.samovar.stress;

import io.samovar.EventLoop;
import io.samovar.transport.ListenOptions;
import io.samovar.transport.ListenSocket;
import io.samovar.transport.ReceiveBuffer;
import io.samovar.transport.StreamSocket;
import io.samovar.transport.Transport;
import io.samovar.transport.TransportContext;
import io.samovar.transport.TransportProvider;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * A loop that runs so many iterations and never really sleeps, so that millions of them can be raced.
 *
 * <p>Its transport announces that it is about to sleep, asks once more whether there is work, and then notes that it would
 * sleep, as Netty's handlers do. What is left is whether somebody has woken it since.
 */
final class SteppedLoop {
    final EventLoop loop = EventLoop.builder().transport(new Provider()).open();

    /** Announced to those who may have to wake it. */
    private final AtomicBoolean asleep = new AtomicBoolean();

    private int iterationsLeft;

    /** Runs some iterations in the calling thread, which owns the loop from then on. */
    void run(int iterations) {
        iterationsLeft = iterations;
        loop.runForever();
    }

    /** Whether it would sleep now, for ever if nobody wakes it. */
    boolean isAsleep() {
        return asleep.get();
    }

    /** The transport without sockets. */
    private final class Stepping implements Transport {
        private final TransportContext context;

        Stepping(TransportContext context) {
            this.context = context;
        }

        @Override
        public String name() {
            return "stepping";
        }

        @Override
        public void poll(long timeoutNanos) {
            iterationsLeft--;
            if (iterationsLeft == 0) {
                loop.stop();
            }
            if (timeoutNanos == 0) {
                return;
            }
            asleep.set(true);
            if (context.hasWork()) {
                asleep.set(false);
            }
        }

        @Override
        public void wakeup() {
            asleep.set(false);
        }

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

    /** Opens it. */
    private final class Provider implements TransportProvider {
        @Override
        public String name() {
            return "stepping";
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
            return new Stepping(context);
        }
    }
}

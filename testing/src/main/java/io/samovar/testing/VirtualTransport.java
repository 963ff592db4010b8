package io.samovar.testing;

import io.netty.buffer.ByteBufAllocator;
import io.samovar.transport.ListenOptions;
import io.samovar.transport.ListenSocket;
import io.samovar.transport.ReceiveBuffer;
import io.samovar.transport.StreamSocket;
import io.samovar.transport.Transport;
import io.samovar.transport.TransportContext;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Semaphore;

/** Waits by moving the clock, and has sockets in memory. */
final class VirtualTransport implements Transport {
    static final String NAME = "virtual";

    private final VirtualClock clock;
    private final VirtualNetwork network;
    private final TransportContext context;
    private final ReceiveBuffer receiveBuffer = new ReceiveBuffer(ByteBufAllocator.DEFAULT);
    private final Semaphore wakeups = new Semaphore(0);
    private final Set<UntilBlocked> untilBlocked = new LinkedHashSet<>();
    private boolean closed;

    VirtualTransport(VirtualClock clock, TransportContext context) {
        this.clock = clock;
        this.network = clock.network();
        this.context = context;
        network.agenda().failuresTo(context);
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public void poll(long timeoutNanos) {
        boolean woken = wakeups.drainPermits() > 0;
        if (network.agenda().run(clock.nanoTime()) || timeoutNanos == 0 || woken || context.hasWork()) {
            return;
        }
        // Nothing can run, or the loop would not wait.
        if (!untilBlocked.isEmpty()) {
            List<UntilBlocked> told = List.copyOf(untilBlocked);
            untilBlocked.clear();
            told.forEach(UntilBlocked::end);
            return;
        }
        long deadline = timeoutNanos < 0 ? Long.MAX_VALUE : saturatedSum(clock.nanoTime(), timeoutNanos);
        long next = Math.min(deadline, network.agenda().next());
        if (next < Long.MAX_VALUE && clock.mayReach(next)) {
            clock.moveTo(next);
            boolean unused = network.agenda().run(next);
        } else {
            wakeups.acquireUninterruptibly(); // only another thread can go on from here
        }
    }

    private static long saturatedSum(long time, long nanos) {
        return time > Long.MAX_VALUE - nanos ? Long.MAX_VALUE : time + nanos;
    }

    void tellWhenBlocked(UntilBlocked waiter) {
        untilBlocked.add(waiter);
    }

    void forget(UntilBlocked waiter) {
        untilBlocked.remove(waiter);
    }

    @Override
    public void wakeup() {
        wakeups.release();
    }

    @Override
    public ReceiveBuffer receiveBuffer() {
        return receiveBuffer;
    }

    @Override
    public StreamSocket stream() {
        checkOpen();
        return new VirtualStream(network);
    }

    @Override
    public ListenSocket listen(ListenOptions options) {
        checkOpen();
        return new VirtualListener(network, options);
    }

    @Override
    public ListenSocket adopt(int descriptor) {
        checkOpen();
        return network.takeOver(descriptor);
    }

    private void checkOpen() {
        if (closed) {
            throw new IllegalStateException("the transport of this loop is closed");
        }
    }

    boolean isClosed() {
        return closed;
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        network.closeAll(context);
        receiveBuffer.close();
    }
}

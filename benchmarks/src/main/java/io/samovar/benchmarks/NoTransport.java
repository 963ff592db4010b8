package io.samovar.benchmarks;

import io.samovar.transport.ListenOptions;
import io.samovar.transport.ListenSocket;
import io.samovar.transport.ReceiveBuffer;
import io.samovar.transport.StreamSocket;
import io.samovar.transport.Transport;
import io.samovar.transport.TransportContext;
import io.samovar.transport.TransportProvider;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** Waits for nothing, so that what is measured is the loop and the coroutines alone. */
class NoTransport implements TransportProvider, Transport {
    @Override
    public String name() {
        return "none";
    }

    @Override
    public int priority() {
        return -1;
    }

    @Override
    public @Nullable Throwable unavailabilityCause() {
        return null;
    }

    @Override
    public Transport open(TransportContext context) {
        return this;
    }

    @Override
    public void poll(long timeoutNanos) {
        if (timeoutNanos > 0) {
            LockSupport.parkNanos(timeoutNanos);
        } else if (timeoutNanos < 0) {
            throw new IllegalStateException("the benchmark waits for what nobody will bring");
        }
    }

    @Override
    public void wakeup() {}

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

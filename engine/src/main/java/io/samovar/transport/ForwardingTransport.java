package io.samovar.transport;

import java.nio.channels.SelectableChannel;
import org.jspecify.annotations.Nullable;

/**
 * A transport in front of another one, which does everything that a subclass does not.
 *
 * <p>Every method of {@link Transport} is passed on, those with a default too, so nothing of the other one gets lost.
 */
public abstract class ForwardingTransport implements Transport {
    /** What this stands in front of. */
    protected final Transport real;

    protected ForwardingTransport(Transport real) {
        this.real = real;
    }

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
        return real.listen(options);
    }

    @Override
    public ListenSocket adopt(int descriptor) {
        return real.adopt(descriptor);
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
    public <T> @Nullable T unwrap(Class<T> type) {
        return type.isInstance(this) ? type.cast(this) : real.unwrap(type);
    }

    @Override
    public void close() {
        real.close();
    }
}

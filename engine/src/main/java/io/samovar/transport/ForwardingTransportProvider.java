package io.samovar.transport;

import org.jspecify.annotations.Nullable;

/**
 * A provider whose transports stand in front of another one's: it is called, ranked and refused like that one. What it opens is mostly
 * a {@link ForwardingTransport}.
 */
public abstract class ForwardingTransportProvider implements TransportProvider {
    /** What opens the other transport. */
    protected final TransportProvider real;

    protected ForwardingTransportProvider(TransportProvider real) {
        this.real = real;
    }

    @Override
    public String name() {
        return real.name();
    }

    @Override
    public int priority() {
        return real.priority();
    }

    @Override
    public @Nullable Throwable unavailabilityCause() {
        return real.unavailabilityCause();
    }
}

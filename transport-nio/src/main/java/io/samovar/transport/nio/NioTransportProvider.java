package io.samovar.transport.nio;

import io.netty.channel.ChannelException;
import io.samovar.transport.Transport;
import io.samovar.transport.TransportContext;
import io.samovar.transport.TransportProvider;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Offers the JDK's selectors, which work everywhere: the fallback where no native transport does. */
public final class NioTransportProvider implements TransportProvider {
    /** Public for {@link java.util.ServiceLoader}. */
    public NioTransportProvider() {}

    @Override
    public String name() {
        return "nio";
    }

    @Override
    public int priority() {
        return 0;
    }

    @Override
    public @Nullable Throwable unavailabilityCause() {
        return null;
    }

    /**
     * {@inheritDoc}
     *
     * @throws io.samovar.net.NetworkException if no descriptor can be had for a selector
     */
    @Override
    public Transport open(TransportContext context) {
        try {
            return new NioTransport(context);
        } catch (ChannelException failed) {
            throw failed.getCause() instanceof IOException cause
                    ? NioErrors.translate("open a selector", cause)
                    : failed;
        }
    }
}

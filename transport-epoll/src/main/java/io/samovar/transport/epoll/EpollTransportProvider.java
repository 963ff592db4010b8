package io.samovar.transport.epoll;

import io.netty.channel.epoll.Epoll;
import io.samovar.transport.Transport;
import io.samovar.transport.TransportContext;
import io.samovar.transport.TransportProvider;
import io.samovar.transport.TransportUnavailableException;
import io.samovar.transport.netty.NativeLibrary;
import org.jspecify.annotations.Nullable;

/** Offers epoll where it works: Linux with glibc. */
public final class EpollTransportProvider implements TransportProvider {
    private static final NativeLibrary LIBRARY = new NativeLibrary("epoll", "Linux", "linux", "linux");

    /** Public for {@link java.util.ServiceLoader}. */
    public EpollTransportProvider() {}

    @Override
    public String name() {
        return "epoll";
    }

    @Override
    public int priority() {
        return 100;
    }

    @Override
    public @Nullable Throwable unavailabilityCause() {
        return LIBRARY.refusal(Epoll::unavailabilityCause);
    }

    @Override
    public Transport open(TransportContext context) {
        Throwable cause = unavailabilityCause();
        if (cause != null) {
            throw new TransportUnavailableException("epoll cannot be used: " + cause.getMessage(), cause);
        }
        return new EpollTransport(context);
    }
}

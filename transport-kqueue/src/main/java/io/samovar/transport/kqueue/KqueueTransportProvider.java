package io.samovar.transport.kqueue;

import io.netty.channel.kqueue.KQueue;
import io.samovar.transport.Transport;
import io.samovar.transport.TransportContext;
import io.samovar.transport.TransportProvider;
import io.samovar.transport.TransportUnavailableException;
import io.samovar.transport.netty.NativeLibrary;
import org.jspecify.annotations.Nullable;

/** Offers kqueue where it works: macOS and, with a library of your own making, the BSDs. */
public final class KqueueTransportProvider implements TransportProvider {
    private static final NativeLibrary LIBRARY = new NativeLibrary("kqueue", "macOS and the BSDs", "mac", "osx");

    /** Public for {@link java.util.ServiceLoader}. */
    public KqueueTransportProvider() {}

    @Override
    public String name() {
        return "kqueue";
    }

    @Override
    public int priority() {
        return 90;
    }

    @Override
    public @Nullable Throwable unavailabilityCause() {
        return LIBRARY.refusal(KQueue::unavailabilityCause);
    }

    @Override
    public Transport open(TransportContext context) {
        Throwable cause = unavailabilityCause();
        if (cause != null) {
            throw new TransportUnavailableException("kqueue cannot be used: " + cause.getMessage(), cause);
        }
        return new KqueueTransport(context);
    }
}

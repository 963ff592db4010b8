package io.samovar.tls.boringssl;

import io.netty.handler.ssl.OpenSsl;
import io.samovar.net.TlsEngines;
import io.samovar.net.TlsParameters;
import io.samovar.net.TlsProvider;
import org.jspecify.annotations.Nullable;

/** BoringSSL, which encrypts large messages for about two thirds of what the JDK needs, and small ones for as much. */
public final class BoringSslProvider implements TlsProvider {
    /** For {@link java.util.ServiceLoader}. */
    public BoringSslProvider() {}

    @Override
    public String name() {
        return "boringssl";
    }

    @Override
    public int priority() {
        return 100;
    }

    @Override
    public @Nullable Throwable unavailabilityCause() {
        return OpenSsl.unavailabilityCause();
    }

    @Override
    public TlsEngines open(TlsParameters parameters) {
        return new BoringSslEngines(parameters);
    }
}

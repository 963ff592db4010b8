package io.samovar.net;

import java.security.GeneralSecurityException;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import org.jspecify.annotations.Nullable;

/** The JDK's own TLS, which is always there. */
final class JdkTlsProvider implements TlsProvider {
    static final String NAME = "jdk";

    @Override
    public String name() {
        return NAME;
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
    public TlsEngines open(TlsParameters parameters) {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(
                    parameters.keyManager() == null ? new KeyManager[0] : new KeyManager[] {parameters.keyManager()},
                    parameters.trustManager() == null
                            ? new TrustManager[0]
                            : new TrustManager[] {parameters.trustManager()},
                    null);
            return new JdkTlsEngines(context, parameters, true);
        } catch (GeneralSecurityException broken) {
            throw new TlsConfigurationException("TLS cannot be set up: " + broken.getMessage(), broken);
        }
    }
}

package io.samovar.tls.boringssl;

import java.security.KeyStore;
import java.security.Provider;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.KeyManagerFactorySpi;
import javax.net.ssl.ManagerFactoryParameters;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/** A factory that gives the key manager it was made with; Netty takes keys in this form only. */
final class FixedKeys extends KeyManagerFactory {
    FixedKeys(X509ExtendedKeyManager keys) {
        super(new Spi(keys), new Nobody(), "fixed");
    }

    private static final class Spi extends KeyManagerFactorySpi {
        private final KeyManager[] keys;

        Spi(X509ExtendedKeyManager keys) {
            this.keys = new KeyManager[] {keys};
        }

        @Override
        protected void engineInit(@Nullable KeyStore store, char @Nullable [] password) {}

        @Override
        protected void engineInit(@Nullable ManagerFactoryParameters parameters) {}

        @Override
        protected KeyManager[] engineGetKeyManagers() {
            return keys.clone();
        }
    }

    /** A factory must come from somewhere. */
    private static final class Nobody extends Provider {
        private static final long serialVersionUID = 1L;

        Nobody() {
            super("samovar", "1", "keys that are there already");
        }
    }
}

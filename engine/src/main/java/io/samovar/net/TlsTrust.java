package io.samovar.net;

import java.io.IOException;
import java.net.Socket;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/** Who is trusted, as a trust manager. */
final class TlsTrust {
    private TlsTrust() {}

    /** The authorities that the Java machine trusts. */
    static X509ExtendedTrustManager ofSystem() {
        return of((KeyStore) null);
    }

    static X509ExtendedTrustManager of(Path pem) {
        try {
            KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            int count = 0;
            for (X509Certificate certificate : PemFile.read(pem).certificates()) {
                store.setCertificateEntry("trusted-" + count++, certificate);
            }
            return of(store);
        } catch (GeneralSecurityException | IOException broken) {
            throw new TlsConfigurationException(pem + " cannot be used to trust: " + broken.getMessage(), broken);
        }
    }

    static X509ExtendedTrustManager of(@Nullable KeyStore store) {
        try {
            TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init(store);
            for (TrustManager manager : factory.getTrustManagers()) {
                if (manager instanceof X509ExtendedTrustManager extended) {
                    return new ExplainingTrustManager(extended);
                }
            }
        } catch (GeneralSecurityException broken) {
            throw new TlsConfigurationException("the trusted certificates cannot be used: " + broken, broken);
        }
        throw new TlsConfigurationException("this Java machine cannot check certificates of type X.509");
    }

    /** Trusts everybody, and so keeps nothing secret from anyone who sits between. */
    static X509ExtendedTrustManager everybody() {
        return new Everybody();
    }

    private static final class Everybody extends X509ExtendedTrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}

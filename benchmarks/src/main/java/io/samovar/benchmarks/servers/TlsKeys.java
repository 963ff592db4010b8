package io.samovar.benchmarks.servers;

import java.io.File;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;

/** The key and certificate of the TLS servers, and what they agree upon. */
final class TlsKeys {
    static final String PROTOCOL = "TLSv1.3";
    static final String CIPHER = "TLS_AES_128_GCM_SHA256";

    private TlsKeys() {}

    static KeyStore load(String file, char[] password) throws GeneralSecurityException, IOException {
        return KeyStore.getInstance(new File(file), password);
    }
}

package io.samovar.net;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A certificate of ours with its key.
 *
 * @param chain our certificate first, then those that lead to an authority
 */
record TlsIdentity(PrivateKey key, List<X509Certificate> chain) {
    static TlsIdentity of(Path certificatePem, Path keyPem, char @Nullable [] password) {
        List<X509Certificate> chain = PemFile.read(certificatePem).certificates();
        PrivateKey key = PemFile.read(keyPem).privateKey(password);
        TlsIdentity identity = new TlsIdentity(key, chain);
        identity.checkMatch("the key in " + keyPem, "the certificate in " + certificatePem);
        return identity;
    }

    /** All keys of a store. */
    static List<TlsIdentity> of(KeyStore store, char[] password) {
        List<TlsIdentity> identities = new ArrayList<>();
        try {
            for (String alias : Collections.list(store.aliases())) {
                if (store.isKeyEntry(alias) && store.getKey(alias, password) instanceof PrivateKey key) {
                    List<X509Certificate> chain = new ArrayList<>();
                    for (Certificate certificate : store.getCertificateChain(alias)) {
                        chain.add((X509Certificate) certificate);
                    }
                    identities.add(new TlsIdentity(key, List.copyOf(chain)));
                }
            }
        } catch (GeneralSecurityException | ClassCastException broken) {
            throw new TlsConfigurationException("the keys of the key store cannot be used: " + broken, broken);
        }
        if (identities.isEmpty()) {
            throw new TlsConfigurationException("the key store has no private key with a certificate");
        }
        return identities;
    }

    /** {@code RSA}, {@code EC} and so on, as the certificate has it. */
    String algorithm() {
        return chain.get(0).getPublicKey().getAlgorithm();
    }

    /** Whether the certificate is for this host, which may be one of a domain's. */
    boolean isFor(String host) {
        String wanted = host.toLowerCase(Locale.ROOT);
        int dot = wanted.indexOf('.');
        String domain = dot < 0 ? "" : "*" + wanted.substring(dot);
        Collection<List<?>> names;
        try {
            names = chain.get(0).getSubjectAlternativeNames();
        } catch (CertificateParsingException unreadable) {
            return false;
        }
        if (names == null) {
            return false;
        }
        for (List<?> name : names) {
            String text = String.valueOf(name.get(1)).toLowerCase(Locale.ROOT);
            if (text.equals(wanted) || text.equals(domain)) {
                return true;
            }
        }
        return false;
    }

    private void checkMatch(String whichKey, String whichCertificate) {
        byte[] something = whichKey.getBytes(StandardCharsets.UTF_8);
        boolean matches;
        try {
            Signature signing = signature();
            signing.initSign(key);
            signing.update(something);
            byte[] signed = signing.sign();
            Signature verifying = signature();
            verifying.initVerify(chain.get(0).getPublicKey());
            verifying.update(something);
            matches = verifying.verify(signed);
        } catch (GeneralSecurityException otherKind) {
            matches = false;
        }
        if (!matches) {
            throw new TlsConfigurationException(whichKey + " does not match " + whichCertificate + ", which is for "
                    + chain.get(0).getSubjectX500Principal());
        }
    }

    private Signature signature() throws GeneralSecurityException {
        return switch (key.getAlgorithm()) {
            case "RSA" -> Signature.getInstance("SHA256withRSA");
            case "RSASSA-PSS" -> {
                Signature pss = Signature.getInstance("RSASSA-PSS");
                pss.setParameter(new PSSParameterSpec("SHA-256", "MGF1", MGF1ParameterSpec.SHA256, 32, 1));
                yield pss;
            }
            case "EC" -> Signature.getInstance("SHA256withECDSA");
            default -> Signature.getInstance("EdDSA");
        };
    }
}

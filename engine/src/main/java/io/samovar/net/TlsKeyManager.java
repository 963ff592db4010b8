package io.samovar.net;

import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/**
 * Chooses among our certificates: a server by the name that the client asks for (SNI), the first if none is for it; a client
 * by the authorities that the server names. An alias is the number of the identity.
 */
final class TlsKeyManager extends X509ExtendedKeyManager {
    private final List<TlsIdentity> identities;

    TlsKeyManager(List<TlsIdentity> identities) {
        this.identities = List.copyOf(identities);
    }

    @Override
    public @Nullable String chooseEngineServerAlias(
            String keyType, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
        List<TlsIdentity> candidates = identities;
        String name = requestedName(engine);
        if (name != null) {
            List<TlsIdentity> named = new ArrayList<>();
            for (TlsIdentity identity : identities) {
                if (identity.isFor(name)) {
                    named.add(identity);
                }
            }
            // With one for the name, one of another kind for another name must not be taken.
            candidates = named.isEmpty() ? identities : named;
        }
        for (TlsIdentity identity : candidates) {
            if (isOfType(identity, keyType)) {
                return alias(identity);
            }
        }
        return null;
    }

    private static @Nullable String requestedName(@Nullable SSLEngine engine) {
        if (engine == null || !(engine.getHandshakeSession() instanceof ExtendedSSLSession session)) {
            return null;
        }
        for (SNIServerName name : session.getRequestedServerNames()) {
            if (name instanceof SNIHostName host) {
                return host.getAsciiName();
            }
        }
        return null;
    }

    @Override
    public @Nullable String chooseEngineClientAlias(
            String[] keyTypes, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
        TlsIdentity second = null;
        for (String keyType : keyTypes) {
            for (TlsIdentity identity : identities) {
                if (isOfType(identity, keyType)) {
                    if (isIssuedBy(identity, issuers)) {
                        return alias(identity);
                    }
                    second = second == null ? identity : second;
                }
            }
        }
        return second == null ? null : alias(second);
    }

    private static boolean isIssuedBy(TlsIdentity identity, Principal @Nullable [] issuers) {
        if (issuers == null || issuers.length == 0) {
            return true;
        }
        for (X509Certificate certificate : identity.chain()) {
            for (Principal issuer : issuers) {
                if (certificate.getIssuerX500Principal().equals(issuer)) {
                    return true;
                }
            }
        }
        return false;
    }

    /** Key types are those of cipher suites, too: {@code ECDHE_ECDSA} comes as {@code EC_EC}. */
    private static boolean isOfType(TlsIdentity identity, String keyType) {
        String type = keyType.startsWith("EC_") ? "EC" : keyType;
        return identity.algorithm().equals(type)
                || (type.equals("EdDSA") && identity.algorithm().startsWith("Ed"));
    }

    private String alias(TlsIdentity identity) {
        return String.valueOf(identities.indexOf(identity));
    }

    private @Nullable TlsIdentity at(String alias) {
        int index;
        try {
            index = Integer.parseInt(alias);
        } catch (NumberFormatException notOurs) {
            return null;
        }
        return index < 0 || index >= identities.size() ? null : identities.get(index);
    }

    @Override
    public X509Certificate @Nullable [] getCertificateChain(String alias) {
        TlsIdentity identity = at(alias);
        return identity == null ? null : identity.chain().toArray(X509Certificate[]::new);
    }

    @Override
    public @Nullable PrivateKey getPrivateKey(String alias) {
        TlsIdentity identity = at(alias);
        return identity == null ? null : identity.key();
    }

    @Override
    public String @Nullable [] getServerAliases(String keyType, Principal @Nullable [] issuers) {
        return aliases(keyType);
    }

    @Override
    public String @Nullable [] getClientAliases(String keyType, Principal @Nullable [] issuers) {
        return aliases(keyType);
    }

    private String @Nullable [] aliases(String keyType) {
        String[] found = identities.stream()
                .filter(identity -> isOfType(identity, keyType))
                .map(this::alias)
                .toArray(String[]::new);
        return found.length == 0 ? null : found;
    }

    @Override
    public @Nullable String chooseServerAlias(String keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
        return chooseEngineServerAlias(keyType, issuers, null);
    }

    @Override
    public @Nullable String chooseClientAlias(
            String[] keyTypes, Principal @Nullable [] issuers, @Nullable Socket socket) {
        return chooseEngineClientAlias(keyTypes, issuers, null);
    }
}

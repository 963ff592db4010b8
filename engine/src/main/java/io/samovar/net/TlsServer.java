package io.samovar.net;

import java.nio.file.Path;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/**
 * How to be a TLS server; made by {@link Tls#server}. Immutable, for any thread.
 *
 * <pre>{@code
 * TlsServer tls = Tls.server(Path.of("example.pem"), Path.of("example.key"))
 *         .certificate(Path.of("other.pem"), Path.of("other.key"))   // for clients that ask for its names
 *         .applicationProtocols("h2", "http/1.1");
 * TcpServer server = TcpServer.bind(address).tls(tls).start(handler);
 * }</pre>
 */
public final class TlsServer extends TlsSettings<TlsServer> {
    private final List<TlsIdentity> identities;
    private final ClientAuth clientAuth;
    private final @Nullable X509ExtendedTrustManager trust;

    TlsServer(List<TlsIdentity> identities) {
        this(Settings.DEFAULT, null, identities, ClientAuth.NONE, null);
    }

    TlsServer(SSLContext context) {
        this(Settings.DEFAULT, context, List.of(), ClientAuth.NONE, null);
    }

    private TlsServer(
            Settings settings,
            @Nullable SSLContext context,
            List<TlsIdentity> identities,
            ClientAuth clientAuth,
            @Nullable X509ExtendedTrustManager trust) {
        super(settings, context);
        this.identities = identities;
        this.clientAuth = clientAuth;
        this.trust = trust;
    }

    /**
     * One more certificate, for clients that ask for one of its names (SNI); the names may begin with {@code *.}. Clients
     * that ask for none that is known get the first one.
     *
     * @throws TlsConfigurationException if a file is not what it should be; the files are read at once
     */
    public TlsServer certificate(Path certificatePem, Path keyPem) {
        return alsoWith(TlsIdentity.of(certificatePem, keyPem, null));
    }

    /** {@link #certificate(Path, Path)} with an encrypted PKCS#8 key. */
    public TlsServer certificate(Path certificatePem, Path keyPem, char[] password) {
        return alsoWith(TlsIdentity.of(certificatePem, keyPem, password));
    }

    private TlsServer alsoWith(TlsIdentity identity) {
        if (context != null) {
            throw new IllegalStateException("the SSLContext that was given has its own certificates");
        }
        List<TlsIdentity> all = new ArrayList<>(identities);
        all.add(identity);
        return new TlsServer(settings(), null, all, clientAuth, trust);
    }

    /**
     * Asks clients for certificates, which must be issued by those in this file. The one that was shown is in {@link
     * TcpStream#tlsSession()}.
     *
     * @throws TlsConfigurationException if the file is not what it should be; it is read at once
     */
    public TlsServer clientAuth(ClientAuth auth, Path trustedPem) {
        return new TlsServer(settings(), context, identities, auth, TlsTrust.of(trustedPem));
    }

    /** Asks clients for certificates, which must be issued by those in this store. */
    public TlsServer clientAuth(ClientAuth auth, KeyStore trusted) {
        return new TlsServer(settings(), context, identities, auth, TlsTrust.of(trusted));
    }

    /** Asks clients for certificates, and has an {@link SSLContext} that was given say whom to trust; else the Java machine. */
    public TlsServer clientAuth(ClientAuth auth) {
        return new TlsServer(settings(), context, identities, auth, context == null ? TlsTrust.ofSystem() : null);
    }

    @Override
    TlsServer with(Settings other) {
        return new TlsServer(other, context, identities, clientAuth, trust);
    }

    @Override
    TlsParameters parameters() {
        return new TlsParameters(
                true,
                settings().protocols(),
                settings().ciphers(),
                settings().applicationProtocols(),
                identities.isEmpty() ? null : new TlsKeyManager(identities),
                trust,
                clientAuth,
                false,
                settings().sessionCacheSize(),
                settings().sessionTimeout());
    }
}

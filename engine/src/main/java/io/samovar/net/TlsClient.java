package io.samovar.net;

import static io.samovar.Async.await;

import io.samovar.Coroutine;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.List;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/**
 * How to be a TLS client; made by {@link Tls#client()}. Immutable, for any thread.
 *
 * <pre>{@code
 * static final TlsClient TLS = Tls.client().trust(Path.of("our-ca.pem")).applicationProtocols("h2", "http/1.1");
 * ...
 * TcpStream peer = await(TLS.connect("service.internal", 8443));
 * }</pre>
 */
public final class TlsClient extends TlsSettings<TlsClient> {
    private final Supplier<X509ExtendedTrustManager> trust;
    private final List<TlsIdentity> identities;
    private final boolean checksHostName;

    TlsClient(Supplier<X509ExtendedTrustManager> trust) {
        this(Settings.DEFAULT, null, trust, List.of(), true);
    }

    TlsClient(SSLContext context) {
        this(Settings.DEFAULT, context, TlsTrust::ofSystem, List.of(), true);
    }

    private TlsClient(
            Settings settings,
            @Nullable SSLContext context,
            Supplier<X509ExtendedTrustManager> trust,
            List<TlsIdentity> identities,
            boolean checksHostName) {
        super(settings, context);
        this.trust = trust;
        this.identities = identities;
        this.checksHostName = checksHostName;
    }

    /**
     * Trusts the certificates in this file, and those issued by them, and nobody else.
     *
     * @throws TlsConfigurationException if the file is not what it should be; it is read at once
     */
    public TlsClient trust(Path pem) {
        X509ExtendedTrustManager manager = TlsTrust.of(pem);
        return trusting(() -> manager);
    }

    /** Trusts the certificates in this store, and nobody else. */
    public TlsClient trust(KeyStore trusted) {
        X509ExtendedTrustManager manager = TlsTrust.of(trusted);
        return trusting(() -> manager);
    }

    /** Has this decide whom to trust. */
    public TlsClient trust(X509ExtendedTrustManager manager) {
        ExplainingTrustManager explaining = new ExplainingTrustManager(manager);
        return trusting(() -> explaining);
    }

    private TlsClient trusting(Supplier<X509ExtendedTrustManager> manager) {
        return new TlsClient(settings(), noContext(), manager, identities, checksHostName);
    }

    /**
     * Shows this certificate to servers that ask for one.
     *
     * @throws TlsConfigurationException if a file is not what it should be; the files are read at once
     */
    public TlsClient certificate(Path certificatePem, Path keyPem) {
        return showing(List.of(TlsIdentity.of(certificatePem, keyPem, null)));
    }

    /** {@link #certificate(Path, Path)} with an encrypted PKCS#8 key. */
    public TlsClient certificate(Path certificatePem, Path keyPem, char[] password) {
        return showing(List.of(TlsIdentity.of(certificatePem, keyPem, password)));
    }

    /** Shows a certificate of this store to servers that ask for one. */
    public TlsClient certificate(KeyStore keys, char[] password) {
        return showing(TlsIdentity.of(keys, password));
    }

    private TlsClient showing(List<TlsIdentity> ours) {
        return new TlsClient(settings(), noContext(), trust, ours, checksHostName);
    }

    /**
     * <b>Dangerous.</b> Trusts everybody, so that anyone between the two ends can read and change everything. For tests on
     * one's own machine; {@link #trust(Path)} with the server's own certificate is as easy, and safe.
     */
    public TlsClient insecureTrustEverybody() {
        return new TlsClient(settings(), noContext(), TlsTrust::everybody, identities, false);
    }

    /**
     * <b>Dangerous.</b> Accepts the certificate of any host that is trusted, so that each of them can pose as any other.
     */
    public TlsClient insecureSkipHostNameCheck() {
        return new TlsClient(settings(), context, trust, identities, false);
    }

    /**
     * Connects and shakes hands. If it fails, runs out of time or is cancelled, nothing is left open.
     *
     * @param host a name or an address; the peer's certificate must be for it
     * @return a coroutine that gives the stream, which is yours to close; or fails with {@link TlsHandshakeException}, or
     *     with what {@link TcpStream#connect} fails with
     */
    public Coroutine<TcpStream> connect(String host, int port) {
        TcpStream stream = await(TcpStream.connect(host, port));
        await(stream.startTls(this, host));
        return Coroutine.of(stream);
    }

    @Override
    TlsClient with(Settings other) {
        return new TlsClient(other, context, trust, identities, checksHostName);
    }

    @Override
    TlsParameters parameters() {
        return new TlsParameters(
                false,
                settings().protocols(),
                settings().ciphers(),
                settings().applicationProtocols(),
                identities.isEmpty() ? null : new TlsKeyManager(identities),
                context == null ? trust.get() : null,
                ClientAuth.NONE,
                checksHostName,
                settings().sessionCacheSize(),
                settings().sessionTimeout());
    }

    private @Nullable SSLContext noContext() {
        if (context != null) {
            throw new IllegalStateException("the SSLContext that was given says whom to trust and what to show");
        }
        return null;
    }
}

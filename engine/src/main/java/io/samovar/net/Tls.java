package io.samovar.net;

import io.samovar.Coroutine;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.List;
import javax.net.ssl.SSLContext;

/**
 * TLS for streams: who we are, whom we trust, what we offer.
 *
 * <pre>{@code
 * TcpStream peer = await(Tls.connect("example.org", 443));                       // verified, host name checked
 * TcpServer.bind(address).tls(Tls.server(certificatePem, keyPem)).start(handler);
 * await(stream.startTls(Tls.client(), "mail.example.org"));                      // on a live stream
 * }</pre>
 *
 * <p>The defaults are safe: TLS 1.3 and 1.2 with forward-secret AEAD ciphers, certificates checked against the authorities of
 * the Java machine, and against the host's name. Settings are immutable, and any thread may use them; make them once and keep
 * them, since those who share settings share a cache of sessions, which saves half of the next handshake.
 *
 * <p>TLS is the JDK's, or BoringSSL where {@code io.samovar:samovar-tls-boringssl} is on the class path. The system property
 * {@value #PROPERTY} ({@code auto}, {@code jdk} or {@code boringssl}) chooses one by name. One line at level INFO of the
 * logger {@code io.samovar.net.tls} says which it is.
 */
public final class Tls {
    /** The system property that selects an implementation: {@code auto} (the default) or the name of one. */
    public static final String PROPERTY = "samovar.tls";

    private Tls() {}

    /** Kept for all, so that they share sessions. */
    private static final class Defaults {
        static final TlsClient CLIENT = new TlsClient(TlsTrust::ofSystem);

        private Defaults() {}
    }

    /**
     * Connects with {@link #client()}, and shakes hands.
     *
     * @param host a name or an address; the peer's certificate must be for it
     * @return a coroutine that gives the stream, which is yours to close; or fails with {@link TlsHandshakeException}, or
     *     with what {@link TcpStream#connect} fails with
     */
    public static Coroutine<TcpStream> connect(String host, int port) {
        return client().connect(host, port);
    }

    /** A client that trusts the authorities of the Java machine, and checks the host's name. */
    public static TlsClient client() {
        return Defaults.CLIENT;
    }

    /**
     * A client with an {@link SSLContext} of yours, on the JDK's TLS. Whom to trust is the context's business. It is asked to check
     * the host's name, too, which the JDK's trust managers do; one of yours must be an {@link
     * javax.net.ssl.X509ExtendedTrustManager} and do it itself, or an {@code X509TrustManager}, for which the JDK does it.
     */
    public static TlsClient client(SSLContext context) {
        return new TlsClient(context);
    }

    /**
     * A server with one certificate.
     *
     * @param certificatePem the certificate, followed by those that lead to an authority
     * @param keyPem its private key: PKCS#8, PKCS#1 or SEC1, not encrypted
     * @throws TlsConfigurationException if a file is not what it should be; the files are read at once
     */
    public static TlsServer server(Path certificatePem, Path keyPem) {
        return new TlsServer(List.of(TlsIdentity.of(certificatePem, keyPem, null)));
    }

    /** {@link #server(Path, Path)} with an encrypted PKCS#8 key. */
    public static TlsServer server(Path certificatePem, Path keyPem, char[] password) {
        return new TlsServer(List.of(TlsIdentity.of(certificatePem, keyPem, password)));
    }

    /**
     * A server with all keys of a key store; the first one is for clients that name no host.
     *
     * @throws TlsConfigurationException if the store has none, or the password is wrong
     */
    public static TlsServer server(KeyStore keys, char[] password) {
        return new TlsServer(TlsIdentity.of(keys, password));
    }

    /** A server with an {@link SSLContext} of yours, on the JDK's TLS. */
    public static TlsServer server(SSLContext context) {
        return new TlsServer(context);
    }
}

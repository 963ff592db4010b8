package io.samovar.tests.net;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;

/** The JDK's blocking TLS socket as a peer, over a plain socket that can be used behind its back. */
final class JavaPeer implements AutoCloseable {
    private final Socket below;
    private final SSLSocket socket;

    private JavaPeer(Socket below, SSLSocket socket) {
        this.below = below;
        this.socket = socket;
    }

    static JavaPeer connect(InetSocketAddress address, String version) {
        try {
            Socket below = new Socket();
            below.connect(address, Net.LIMIT_MILLIS);
            below.setSoTimeout(Net.LIMIT_MILLIS);
            SSLSocket socket = (SSLSocket)
                    context().getSocketFactory().createSocket(below, TlsFiles.HOST, address.getPort(), true);
            socket.setEnabledProtocols(new String[] {version});
            return new JavaPeer(below, socket);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** To be used on a thread of its own. */
    SSLSocket socket() {
        return socket;
    }

    /** Ends TCP's output without TLS's goodbye. */
    void shutdownTcp() throws IOException {
        below.shutdownOutput();
    }

    /** Sends bytes that are no TLS of that connection. */
    void sendBelow(byte[] bytes) throws IOException {
        below.getOutputStream().write(bytes);
    }

    /** TLS's own close would wait for the loop, which this thread runs. */
    @Override
    public void close() {
        try {
            below.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Runs what blocks. */
    static <T> CompletableFuture<T> run(Callable<T> action) {
        return CompletableFuture.supplyAsync(
                () -> {
                    try {
                        return action.call();
                    } catch (Exception e) {
                        throw new CompletionException(e);
                    }
                },
                Peer::onAThreadOfItsOwn);
    }

    static SSLContext context() {
        try (InputStream pem = Files.newInputStream(TlsFiles.TRUST)) {
            KeyStore trusted = KeyStore.getInstance("PKCS12");
            trusted.load(null, null);
            trusted.setCertificateEntry(
                    "ca", CertificateFactory.getInstance("X.509").generateCertificate(pem));
            TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init(trusted);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, factory.getTrustManagers(), null);
            return context;
        } catch (IOException | GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }
}

package io.samovar.samples;

import static io.samovar.Async.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import io.samovar.Coroutine;
import io.samovar.EventLoop;
import io.samovar.net.ConnectionHandler;
import io.samovar.net.TcpServer;
import io.samovar.net.TcpStream;
import io.samovar.net.Tls;
import io.samovar.net.TlsClient;
import io.samovar.net.TlsHandshakeException;
import io.samovar.net.TlsServer;
import io.samovar.tests.support.TransportTest;
import io.samovar.transport.TransportProvider;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.function.Function;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The samples of the guide's part on TLS do what it says. */
@Timeout(30)
class SecuredTest {
    private static final String HOST = "localhost";

    @TempDir
    private static Path files;

    @BeforeAll
    static void makeCertificates() throws Exception {
        X509Bundle authority = new CertificateBuilder()
                .subject("CN=authority")
                .algorithm(CertificateBuilder.Algorithm.ecp256)
                .setIsCertificateAuthority(true)
                .buildSelfSigned();
        Files.writeString(file("ca.pem"), authority.getCertificatePEM());
        for (String name : new String[] {HOST, "ada"}) {
            X509Bundle issued = new CertificateBuilder()
                    .subject("CN=" + name)
                    .algorithm(CertificateBuilder.Algorithm.ecp256)
                    .addSanDnsName(name)
                    .buildIssuedBy(authority);
            Files.writeString(file(name + ".pem"), issued.getCertificatePathPEM());
            Files.writeString(file(name + ".key"), issued.getPrivateKeyPEM());
        }
    }

    @TransportTest
    void aServerThatNobodyKnowsIsRefused(TransportProvider provider) {
        try (EventLoop loop = EventLoop.builder().transport(provider).open()) {
            assertThatThrownBy(() -> loop.runUntilComplete(talk(
                            Secured.forKnownClients(file(HOST + ".pem"), file(HOST + ".key"), file("ca.pem")),
                            peer -> greet(peer, "hello"),
                            port -> Secured.greeting(HOST, port))))
                    .isInstanceOf(TlsHandshakeException.class);
        }
    }

    @TransportTest
    void bothSidesKnowEachOther(TransportProvider provider) {
        TlsClient client = Secured.trusting(file("ca.pem"), file("ada.pem"), file("ada.key"));
        TlsServer server = Secured.forKnownClients(file(HOST + ".pem"), file(HOST + ".key"), file("ca.pem"));
        try (EventLoop loop = EventLoop.builder().transport(provider).open()) {
            String greeting =
                    loop.runUntilComplete(talk(server, SecuredTest::greetByName, port -> firstLine(client, port)));
            assertThat(greeting).isEqualTo("hello CN=ada");
        }
    }

    private static Coroutine<Void> greetByName(TcpStream peer) throws Exception {
        X509Certificate who = (X509Certificate) peer.tlsSession().getPeerCertificates()[0];
        return greet(peer, "hello " + who.getSubjectX500Principal());
    }

    private static Coroutine<Void> greet(TcpStream peer, String greeting) {
        await(peer.write(greeting + '\n'));
        return Coroutine.done();
    }

    private static Coroutine<String> firstLine(TlsClient tls, int port) {
        try (TcpStream peer = await(tls.connect(HOST, port))) {
            return Coroutine.of(await(peer.readLine()));
        }
    }

    @TransportTest
    void theServerOfTheGuideServes(TransportProvider provider) {
        TlsClient client = Tls.client().trust(file("ca.pem")).applicationProtocols("http/1.1");
        try (EventLoop loop = EventLoop.builder().transport(provider).open()) {
            assertThat(loop.runUntilComplete(protocolOf(client))).isEqualTo("http/1.1");
        }
    }

    private static Coroutine<String> protocolOf(TlsClient client) {
        TcpServer server =
                Secured.serve(anyPort(), file(HOST + ".pem"), file(HOST + ".key"), peer -> greet(peer, "hello"));
        try (TcpStream peer = await(client.connect(HOST, server.address().getPort()))) {
            return Coroutine.of(peer.applicationProtocol());
        } finally {
            server.close();
        }
    }

    @TransportTest
    void aLiveStreamBeginsToTalkTls(TransportProvider provider) {
        TlsServer tls = Tls.server(file(HOST + ".pem"), file(HOST + ".key"));
        TlsClient client = Tls.client().trust(file("ca.pem"));
        try (EventLoop loop = EventLoop.builder().transport(provider).open()) {
            String greeting = loop.runUntilComplete(
                    talk(null, peer -> upgraded(peer, tls), port -> firstLineAfterUpgrade(client, port)));
            assertThat(greeting).isEqualTo("TLSv1.3");
        }
    }

    private static Coroutine<Void> upgraded(TcpStream peer, TlsServer tls) {
        assertThat(await(peer.readLine())).isEqualTo("STARTTLS");
        await(peer.write("220 go ahead\n"));
        await(peer.startTls(tls));
        await(peer.write(peer.tlsSession().getProtocol() + '\n'));
        return Coroutine.done();
    }

    private static Coroutine<String> firstLineAfterUpgrade(TlsClient tls, int port) {
        InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
        try (TcpStream mail = await(TcpStream.connect(address))) {
            await(Secured.upgrade(mail, tls, HOST));
            return Coroutine.of(await(mail.readLine()));
        }
    }

    private static <T> Coroutine<T> talk(
            TlsServer tls, ConnectionHandler handler, Function<Integer, Coroutine<T>> client) {
        TcpServer.Builder builder = TcpServer.bind(anyPort());
        TcpServer server = (tls == null ? builder : builder.tls(tls)).start(handler);
        T answer;
        try {
            answer = await(client.apply(server.address().getPort()));
        } finally {
            server.close();
        }
        await(server.waitClosed());
        return Coroutine.of(answer);
    }

    private static InetSocketAddress anyPort() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    }

    private static Path file(String name) {
        return files.resolve(name);
    }
}

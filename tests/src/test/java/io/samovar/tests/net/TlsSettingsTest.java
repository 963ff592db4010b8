package io.samovar.tests.net;

import static io.samovar.Async.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.samovar.Coroutine;
import io.samovar.Task;
import io.samovar.net.ClientAuth;
import io.samovar.net.TcpServer;
import io.samovar.net.TcpStream;
import io.samovar.net.Tls;
import io.samovar.net.TlsClient;
import io.samovar.net.TlsConfigurationException;
import io.samovar.net.TlsException;
import io.samovar.net.TlsHandshakeException;
import io.samovar.net.TlsServer;
import io.samovar.tests.support.LogCapture;
import io.samovar.tests.support.TransportTest;
import io.samovar.transport.TransportProvider;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSessionContext;
import javax.net.ssl.X509ExtendedTrustManager;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class TlsSettingsTest {
    @TlsTest
    void theServerChoosesItsCertificateByTheNameThatIsAskedFor(TransportProvider provider, String tls) {
        try (Net net = Net.on(provider)) {
            TlsFiles.Pair second = TlsFiles.issued("second", TlsFiles.builder("second.example", "third.example"));
            TcpServer server = TlsNet.echo(net, TlsFiles.server(tls).certificate(second.certificate(), second.key()));
            TlsClient client = TlsFiles.client(tls);
            assertThat(subject(net, server, client, "second.example")).isEqualTo("CN=second.example");
            assertThat(subject(net, server, client, "third.example")).isEqualTo("CN=second.example");
            assertThat(subject(net, server, client, "localhost")).isEqualTo("CN=localhost");
            assertThat(subject(net, server, client, "127.0.0.1")).isEqualTo("CN=localhost");
            TlsHandshakeException failure = catchThrowableOfType(
                    TlsHandshakeException.class, () -> subject(net, server, client, "fourth.example"));
            assertThat(failure.reason()).isEqualTo(TlsHandshakeException.Reason.WRONG_HOST);
            end(net, server);
        }
    }

    private static String subject(Net net, TcpServer server, TlsClient client, String host) {
        TcpStream stream = net.run(TlsNet.connect(server, client, host));
        try {
            return ((X509Certificate) stream.tlsSession().getPeerCertificates()[0])
                    .getSubjectX500Principal()
                    .getName();
        } catch (SSLPeerUnverifiedException e) {
            throw new AssertionError(e);
        } finally {
            stream.close();
        }
    }

    @TlsTest
    void theServersChoiceOfApplicationProtocolCounts(TransportProvider provider, String tls) {
        try (Net net = Net.on(provider)) {
            List<String> seen = new ArrayList<>();
            TcpServer server = net.serve(
                    TcpServer.bind(Net.loopback(0)).tls(TlsFiles.server(tls).applicationProtocols("h2", "http/1.1")),
                    peer -> {
                        seen.add(String.valueOf(peer.applicationProtocol()));
                        return TlsNet.echo(peer);
                    });
            TlsClient client = TlsFiles.client(tls);
            assertThat(agreed(net, server, client.applicationProtocols("http/1.1", "h2")))
                    .isEqualTo("h2");
            assertThat(agreed(net, server, client.applicationProtocols("http/1.1")))
                    .isEqualTo("http/1.1");
            assertThat(agreed(net, server, client.applicationProtocols("spdy/1")))
                    .isEqualTo("null");
            assertThat(agreed(net, server, client)).isEqualTo("null");
            net.until(() -> seen.size() == 4);
            assertThat(seen).containsExactly("h2", "http/1.1", "null", "null");
            end(net, server);
        }
    }

    private static String agreed(Net net, TcpServer server, TlsClient client) {
        try (TcpStream stream = net.run(TlsNet.connect(server, client))) {
            return String.valueOf(stream.applicationProtocol());
        }
    }

    @TlsTest
    void aServerThatWantsACertificateGetsIt(TransportProvider provider, String tls) {
        try (Net net = Net.on(provider)) {
            for (String version : List.of("TLSv1.3", "TLSv1.2")) {
                TlsClient with = TlsFiles.client(tls)
                        .protocols(version)
                        .certificate(TlsFiles.CLIENT.certificate(), TlsFiles.CLIENT.key());
                TlsClient without = TlsFiles.client(tls).protocols(version);
                assertThat(client(net, TlsFiles.mutual(tls, ClientAuth.REQUIRED), with))
                        .isEqualTo("CN=client");
                assertThat(client(net, TlsFiles.mutual(tls, ClientAuth.WANTED), with))
                        .isEqualTo("CN=client");
                assertThat(client(net, TlsFiles.mutual(tls, ClientAuth.WANTED), without))
                        .isEqualTo("nobody");
                assertThatThrownBy(() -> client(net, TlsFiles.mutual(tls, ClientAuth.REQUIRED), without))
                        .isInstanceOf(TlsException.class)
                        .hasMessageContaining("the peer refused with the alert");
                TlsClient stranger = without.certificate(TlsFiles.STRANGER.certificate(), TlsFiles.STRANGER.key());
                assertThatThrownBy(() -> client(net, TlsFiles.mutual(tls, ClientAuth.WANTED), stranger))
                        .isInstanceOf(TlsException.class);
            }
        }
    }

    /** Who the server says we are. */
    private static String client(Net net, TlsServer tls, TlsClient client) {
        TcpServer server = net.serve(TcpServer.bind(Net.loopback(0)).tls(tls), TlsSettingsTest::nameThePeer);
        try {
            return Bytes.text(net.run(whoAmI(server, client)));
        } finally {
            end(net, server);
        }
    }

    private static Coroutine<byte[]> whoAmI(TcpServer server, TlsClient tls) {
        try (TcpStream stream = await(TlsNet.connect(server, tls))) {
            return Coroutine.of(await(TlsNet.readToTheEnd(stream)));
        }
    }

    private static Coroutine<Void> nameThePeer(TcpStream peer) {
        String name;
        try {
            name = ((X509Certificate) peer.tlsSession().getPeerCertificates()[0])
                    .getSubjectX500Principal()
                    .getName();
        } catch (SSLPeerUnverifiedException anonymous) {
            name = "nobody";
        }
        await(peer.write(name));
        return Coroutine.done();
    }

    /** Who resumes a session does not look at the certificate again. */
    @TlsTest
    void sessionsAreResumed(TransportProvider provider, String tls) {
        try (Net net = Net.on(provider)) {
            for (String version : List.of("TLSv1.3", "TLSv1.2")) {
                TcpServer server = TlsNet.echo(net, TlsFiles.server(tls));
                Counting checks = new Counting();
                TlsClient client = Tls.client().trust(checks).provider(tls).protocols(version);
                for (int i = 0; i < 3; i++) {
                    TcpStream stream = net.run(TlsNet.connect(server, client));
                    // In TLS 1.3 the ticket comes with the first bytes.
                    assertThat(net.run(TlsNet.exchange(stream, new byte[10]))).hasSize(10);
                    stream.close();
                    net.run(stream.closed());
                }
                assertThat(checks.count.get()).as("checks with %s", version).isEqualTo(1);
                TcpStream other = net.run(TlsNet.connect(server, client.handshakeLimit(Duration.ofSeconds(9))));
                assertThat(checks.count.get())
                        .as("checks with settings of their own")
                        .isEqualTo(2);
                other.close();
                end(net, server);
            }
        }
    }

    private static final class Counting extends X509ExtendedTrustManager {
        private final AtomicInteger count = new AtomicInteger();

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine) {
            count.incrementAndGet();
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket) {
            count.incrementAndGet();
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType) {
            count.incrementAndGet();
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
                throws CertificateException {
            throw new CertificateException("not a server");
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
                throws CertificateException {
            throw new CertificateException("not a server");
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType) throws CertificateException {
            throw new CertificateException("not a server");
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }

    @TlsTest
    void theServersOrderOfCiphersCounts(TransportProvider provider, String tls) {
        try (Net net = Net.on(provider)) {
            String first = "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384";
            String second = "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256";
            TcpServer server =
                    TlsNet.echo(net, TlsFiles.server(tls).protocols("TLSv1.2").ciphers(first, second));
            TlsClient client = TlsFiles.client(tls).ciphers(second, first);
            try (TcpStream stream = net.run(TlsNet.connect(server, client))) {
                assertThat(stream.tlsSession().getCipherSuite()).isEqualTo(first);
            }
            TlsHandshakeException failure = catchThrowableOfType(
                    TlsHandshakeException.class,
                    () -> net.run(
                            TlsNet.connect(server, client.ciphers("TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256"))));
            // Netty's engine over BoringSSL loses the alert that says why.
            assertThat(failure)
                    .hasMessageContaining(
                            tls.equals("jdk")
                                    ? "no cipher is allowed by both sides"
                                    : "the peer closed the connection");
            end(net, server);
        }
    }

    @TransportTest
    void connectResolvesTheHostAndShakesHands(TransportProvider provider) {
        try (Net net = Net.on(provider)) {
            TcpServer server =
                    net.serve(TcpServer.bind(new InetSocketAddress(0)).tls(TlsFiles.GOOD.server()), TlsNet::echo);
            TlsClient client = Tls.client().trust(TlsFiles.TRUST);
            TcpStream stream =
                    net.run(client.connect("localhost", server.address().getPort()));
            assertThat(stream.tlsSession().getProtocol()).isEqualTo("TLSv1.3");
            stream.close();
            net.run(stream.closed());
            // The Java machine does not trust the authority of this test.
            TlsHandshakeException failure = catchThrowableOfType(
                    TlsHandshakeException.class,
                    () -> net.run(Tls.connect("localhost", server.address().getPort())));
            assertThat(failure.reason()).isEqualTo(TlsHandshakeException.Reason.UNTRUSTED);
            end(net, server);
        }
    }

    @TransportTest
    void aStreamWithoutTlsHasNoSession(TransportProvider provider) {
        try (Net net = Net.on(provider)) {
            Net.Line line = net.line();
            assertThat(line.stream().tlsSession()).isNull();
            assertThat(line.stream().applicationProtocol()).isNull();
            line.stream().close();
        }
    }

    @TransportTest
    void whatIsWrongWithTheSettingsFailsTheStartOfTheServer(TransportProvider provider) {
        try (Net net = Net.on(provider)) {
            TlsServer nonsense = TlsFiles.GOOD.server().ciphers("TLS_NO_SUCH_CIPHER");
            assertThatThrownBy(() -> TlsNet.echo(net, nonsense.provider("jdk")))
                    .isInstanceOf(TlsConfigurationException.class)
                    .hasMessageContaining("the JDK's TLS knows none of the ciphers TLS_NO_SUCH_CIPHER");
            assertThatThrownBy(() -> TlsNet.echo(net, nonsense.provider("boringssl")))
                    .isInstanceOf(TlsConfigurationException.class);
            assertThatThrownBy(() -> TlsNet.echo(net, TlsFiles.GOOD.server().provider("no-such")))
                    .isInstanceOf(TlsConfigurationException.class)
                    .hasMessage(
                            "unknown implementation of TLS \"no-such\": -Dsamovar.tls must be auto or one of boringssl,"
                                    + " jdk");
        }
    }

    @TransportTest
    void theBestImplementationIsChosenAndNamed(TransportProvider provider) {
        try (Net net = Net.on(provider);
                LogCapture log = new LogCapture()) {
            TcpServer first = TlsNet.echo(net, TlsFiles.server("auto")); // said already, perhaps, by another test
            TcpServer server = TlsNet.echo(net, TlsFiles.server("jdk"));
            TcpServer best = TlsNet.echo(net, TlsFiles.server("auto"));
            assertThat(log.messages())
                    .contains("using TLS by jdk (asked for by name)")
                    .anyMatch(line -> line.startsWith(
                            TlsFiles.PROVIDERS.contains("boringssl")
                                    ? "using TLS by boringssl"
                                    : "using TLS by jdk (not boringssl: "));
            first.close();
            server.close();
            best.close();
        }
    }

    @TransportTest
    void aFailedHandshakeDoesNotReachTheExceptionHandler(TransportProvider provider) {
        try (Net net = Net.on(provider)) { // whose close finds what was reported
            TcpServer server = TlsNet.echo(net, TlsFiles.STRANGER.server());
            TlsClient client = Tls.client().trust(TlsFiles.TRUST);
            Task<TcpStream> connecting = net.start(() -> TlsNet.connect(server, client));
            assertThatThrownBy(() -> net.run(connecting)).isInstanceOf(TlsHandshakeException.class);
            end(net, server);
        }
    }

    @TransportTest
    void aGivenContextKeepsItsSessionsUnlessToldOtherwise(TransportProvider provider) {
        try (Net net = Net.on(provider)) {
            SSLContext context = JavaPeer.context();
            SSLSessionContext sessions = context.getClientSessionContext();
            sessions.setSessionCacheSize(7);
            sessions.setSessionTimeout(70);
            TcpServer server = TlsNet.echo(net, TlsFiles.server("jdk"));
            net.run(TlsNet.connect(server, Tls.client(context))).close();
            assertThat(sessions.getSessionCacheSize()).isEqualTo(7);
            assertThat(sessions.getSessionTimeout()).isEqualTo(70);
            TlsClient told = Tls.client(context).sessionCache(8, Duration.ofSeconds(80));
            net.run(TlsNet.connect(server, told)).close();
            assertThat(sessions.getSessionCacheSize()).isEqualTo(8);
            assertThat(sessions.getSessionTimeout()).isEqualTo(80);
            end(net, server);
        }
    }

    /** What it says reaches terminals and logs. */
    @TlsTest
    void whatACertificateSaysIsPrintable(TransportProvider provider, String tls) {
        try (Net net = Net.on(provider)) {
            TlsFiles.Pair pair = TlsFiles.issued(
                    "unprintable", TlsFiles.builder("o".repeat(300)).subject("CN=red\\1B[31m"));
            TcpServer server = TlsNet.echo(net, pair.server().provider(tls));
            assertThatThrownBy(() -> net.run(TlsNet.connect(server, TlsFiles.client(tls))))
                    .isInstanceOf(TlsHandshakeException.class)
                    .hasMessageContaining("the certificate of CN=red\\u001b[31m is not for localhost")
                    .hasMessageEndingWith(" " + "o".repeat(200) + "...");
            end(net, server);
        }
    }

    @Test
    void limitsThatMakeNoSenseAreRefused() {
        TlsClient client = Tls.client();
        assertThatThrownBy(() -> client.handshakeLimit(Duration.ZERO))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("the handshake limit must be more than 0, and is PT0S");
        assertThatThrownBy(() -> client.shutdownLimit(Duration.ofSeconds(-1)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> client.sessionCache(0, Duration.ofHours(1)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(client::protocols).isInstanceOf(IllegalArgumentException.class);
    }

    private static void end(Net net, TcpServer server) {
        server.close();
        net.run(server.waitClosed());
        net.turn();
    }
}

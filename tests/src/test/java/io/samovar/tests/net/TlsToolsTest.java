package io.samovar.tests.net;

import static io.samovar.Async.await;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.pkitesting.CertificateBuilder.Algorithm;
import io.samovar.Coroutine;
import io.samovar.net.TcpServer;
import io.samovar.net.TcpStream;
import io.samovar.net.TlsClient;
import io.samovar.net.TlsServer;
import io.samovar.transport.TransportProvider;
import io.samovar.transport.Transports;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** TLS with programs that others have written. One that is not installed skips its tests, and says so. */
@Timeout(120)
class TlsToolsTest {
    private static final String PAGE = "HTTP/1.1 200 OK\r\nContent-Length: 9\r\nConnection: close\r\n\r\nhot water";

    @TlsTest
    void curlGetsAPage(TransportProvider provider, String tls) {
        try (Net net = Net.on(provider)) {
            for (String version : List.of("1.3", "1.2")) {
                TcpServer server = net.serve(
                        TcpServer.bind(Net.loopback(0)).tls(TlsFiles.server(tls).applicationProtocols("http/1.1")),
                        TlsToolsTest::page);
                String got = net.run(tool(
                        "",
                        "curl",
                        "-sS",
                        "--fail",
                        "--tlsv" + version,
                        "--tls-max",
                        version,
                        "--cacert",
                        TlsFiles.TRUST.toString(),
                        "https://localhost:" + server.address().getPort() + "/",
                        "--resolve",
                        "localhost:" + server.address().getPort() + ":127.0.0.1"));
                assertThat(got).isEqualTo("hot water");
                end(net, server);
            }
        }
    }

    @TlsTest
    void curlRefusesAServerItDoesNotTrust(TransportProvider provider, String tls) {
        try (Net net = Net.on(provider)) {
            TcpServer server = net.serve(
                    TcpServer.bind(Net.loopback(0))
                            .tls(TlsFiles.STRANGER.server().provider(tls)),
                    TlsToolsTest::page);
            String got = net.run(tool(
                    "",
                    "curl",
                    "-sS",
                    "--cacert",
                    TlsFiles.TRUST.toString(),
                    "https://127.0.0.1:" + server.address().getPort()));
            assertThat(got).contains("SSL certificate problem");
            end(net, server);
        }
    }

    private static Coroutine<Void> page(TcpStream peer) {
        for (String line; (line = await(peer.readLine())) != null && !line.isEmpty(); ) {
            assertThat(line).isNotNull();
        }
        await(peer.write(PAGE));
        return Coroutine.done();
    }

    @TlsTest
    void opensslClientTalksToUsAndResumesItsSession(TransportProvider provider, String tls) throws IOException {
        try (Net net = Net.on(provider)) {
            TcpServer server =
                    net.serve(TcpServer.bind(Net.loopback(0)).tls(TlsFiles.server(tls)), TlsToolsTest::shout);
            for (String version : List.of("-tls1_3", "-tls1_2")) {
                Path session = Files.createTempFile("samovar", ".session");
                for (String in : List.of("-sess_out", "-sess_in")) {
                    String got = net.run(tool(
                            "hot water\n",
                            "openssl",
                            "s_client",
                            version,
                            "-connect",
                            "127.0.0.1:" + server.address().getPort(),
                            "-servername",
                            "localhost",
                            "-verify_hostname",
                            "localhost",
                            "-verify_return_error",
                            "-CAfile",
                            TlsFiles.TRUST.toString(),
                            "-ign_eof",
                            in,
                            session.toString()));
                    assertThat(got).contains("HOT WATER").contains("Verify return code: 0 (ok)");
                    assertThat(got).contains(in.equals("-sess_in") ? "Reused, TLSv1" : "New, TLSv1");
                }
                Files.delete(session);
            }
            end(net, server);
        }
    }

    /** One line back in capitals; then the server closes. */
    private static Coroutine<Void> shout(TcpStream peer) {
        String line = await(peer.readLine());
        await(peer.write((line + "\n").toUpperCase(Locale.ROOT)));
        return Coroutine.done();
    }

    @TlsTest
    void opensslRefusesOldVersionsAndWeHaveNone(TransportProvider provider, String tls) {
        try (Net net = Net.on(provider)) {
            TcpServer server =
                    net.serve(TcpServer.bind(Net.loopback(0)).tls(TlsFiles.server(tls)), TlsToolsTest::shout);
            String got = net.run(tool(
                    "hot water\n",
                    "openssl",
                    "s_client",
                    "-tls1_1",
                    "-cipher",
                    "ALL:@SECLEVEL=0",
                    "-connect",
                    "127.0.0.1:" + server.address().getPort()));
            assertThat(got).contains("alert protocol version").doesNotContain("HOT WATER");
            end(net, server);
        }
    }

    @TlsTest
    void weTalkToOpensslsServer(TransportProvider provider, String tls) throws IOException {
        try (Net net = Net.on(provider)) {
            for (String version : List.of("-tls1_3", "-tls1_2")) {
                int port = freePort();
                Process server = start(
                        "openssl",
                        "s_server",
                        version,
                        "-accept",
                        "127.0.0.1:" + port,
                        "-cert",
                        TlsFiles.GOOD.certificate().toString(),
                        "-key",
                        TlsFiles.GOOD.key().toString(),
                        "-alpn",
                        "tea",
                        "-naccept",
                        "2",
                        "-rev");
                try {
                    awaitLine(server, "ACCEPT");
                    TlsClient client = TlsFiles.client(tls).applicationProtocols("tea");
                    for (int i = 0; i < 2; i++) {
                        TcpStream stream = net.run(client.connect("localhost", port));
                        assertThat(stream.applicationProtocol()).isEqualTo("tea");
                        Object unused = stream.write("retaw toh\n");
                        assertThat(net.run(stream.readLine())).isEqualTo("hot water");
                        stream.close();
                        net.run(stream.closed());
                    }
                } finally {
                    server.destroy();
                }
            }
        }
    }

    @TlsTest
    void aKeyUpdateOfOpensslIsFollowed(TransportProvider provider, String tls) {
        try (Net net = Net.on(provider)) {
            TcpServer server = TlsNet.echo(net, TlsFiles.server(tls));
            // A line "K" has s_client change its keys and ask us to change ours.
            Dialogue client = new Dialogue(
                    "openssl",
                    "s_client",
                    "-tls1_3",
                    "-connect",
                    "127.0.0.1:" + server.address().getPort());
            for (String text : List.of("one", "two", "three")) {
                net.run(client.say(text, "\n" + text + "\n"));
                net.run(client.say("K", "KEYUPDATE"));
            }
            assertThat(net.run(client.say("Q", "DONE"))).doesNotContain("rror");
            end(net, server);
        }
    }

    @TlsTest
    void renegotiationIsRefused(TransportProvider provider, String tls) {
        try (Net net = Net.on(provider)) {
            TcpServer server = TlsNet.echo(net, TlsFiles.server(tls));
            Dialogue client = new Dialogue(
                    "openssl",
                    "s_client",
                    "-tls1_2",
                    "-connect",
                    "127.0.0.1:" + server.address().getPort());
            net.run(client.say("one", "\none\n"));
            net.run(client.say("R", "RENEGOTIATING")); // a line "R" has it ask for that
            String end = net.run(client.rest()); // it ends by itself, for we have ended the connection
            assertThat(end).doesNotContain("verify return");
            end(net, server);
        }
    }

    /** Nothing that sslscan finds fault with; it calls all of TLS 1.3 acceptable. */
    @ParameterizedTest
    @ValueSource(strings = {"jdk", "boringssl"})
    void sslscanFindsNothingWeak(String tls) {
        try (Net net = Net.on(Transports.select())) {
            TlsFiles.Pair rsa = TlsFiles.issued(
                    "scanned", TlsFiles.builder("localhost", "127.0.0.1").algorithm(Algorithm.rsa2048));
            TlsServer both = TlsFiles.server(tls).certificate(rsa.certificate(), rsa.key());
            TcpServer server = TlsNet.echo(net, both);
            String found = net.run(tool(
                    "",
                    "sslscan",
                    "--no-colour",
                    "--no-groups", // the JDK takes long over the largest ones
                    "--xml=-",
                    "127.0.0.1:" + server.address().getPort()));
            assertThat(found)
                    .contains("type=\"tls\" version=\"1.3\" enabled=\"1\"")
                    .contains("type=\"tls\" version=\"1.2\" enabled=\"1\"")
                    .contains("type=\"tls\" version=\"1.1\" enabled=\"0\"")
                    .contains("type=\"tls\" version=\"1.0\" enabled=\"0\"")
                    .contains("type=\"ssl\" version=\"3\" enabled=\"0\"")
                    .contains("type=\"ssl\" version=\"2\" enabled=\"0\"")
                    .contains("<renegotiation supported=\"0\"")
                    .contains("vulnerable=\"0\"")
                    .doesNotContain("vulnerable=\"1\"")
                    .doesNotContain("<compression supported=\"1\"")
                    .doesNotContainPattern("strength=\"(weak|null|anonymous|medium)\"")
                    .doesNotContainPattern("sslversion=\"TLSv1.2\"[^>]*strength=\"acceptable\"")
                    .contains("ECDHE-ECDSA-AES128-GCM-SHA256");
            // Of two certificates for one name Netty's engine over BoringSSL shows the one of elliptic curves alone.
            assertThat(found.contains("ECDHE-RSA-AES128-GCM-SHA256")).isEqualTo(tls.equals("jdk"));
            List<String> ciphers = Pattern.compile("<cipher [^>]*cipher=\"([^\"]+)\"")
                    .matcher(found)
                    .results()
                    .map(match -> match.group(1))
                    .toList();
            assertThat(ciphers)
                    .isNotEmpty()
                    .allMatch(cipher -> cipher.startsWith("TLS_") || cipher.startsWith("ECDHE-"));
            assertThat(ciphers).noneMatch(cipher -> cipher.contains("CBC") || cipher.endsWith("-SHA"));
            end(net, server);
        }
    }

    // ---- running programs

    /** What a program prints, both its outputs. */
    private static CompletableFuture<String> tool(String input, String... command) {
        Process process = start(command);
        return JavaPeer.run(() -> {
            try {
                try (var in = process.outputWriter(UTF_8)) {
                    for (String line : input.split("(?<=\n)", -1)) {
                        in.write(line);
                        in.flush();
                    }
                } catch (IOException ended) {
                    // what it has printed says why
                }
                return new String(process.getInputStream().readAllBytes(), UTF_8);
            } finally {
                process.destroy();
            }
        });
    }

    /** A program that is talked to, and listened to on a thread of its own. */
    private static final class Dialogue {
        private final Process process;
        private final StringBuilder heard = new StringBuilder();

        Dialogue(String... command) {
            process = start(command);
        }

        /** Says a line, and gives what was heard up to the answer. */
        CompletableFuture<String> say(String line, String answer) {
            return JavaPeer.run(() -> {
                process.getOutputStream().write((line + "\n").getBytes(UTF_8));
                process.getOutputStream().flush();
                while (heard.indexOf(answer) < 0) {
                    int next = process.getInputStream().read();
                    if (next < 0) {
                        throw new AssertionError("no \"" + answer + "\", but the end: " + heard);
                    }
                    heard.append((char) next);
                }
                return takeHeard();
            });
        }

        /** What is heard until the program ends. */
        CompletableFuture<String> rest() {
            return JavaPeer.run(() -> {
                heard.append(new String(process.getInputStream().readAllBytes(), UTF_8));
                return takeHeard();
            });
        }

        private String takeHeard() {
            String all = heard.toString();
            heard.setLength(0);
            return all;
        }
    }

    private static Process start(String... command) {
        try {
            return new ProcessBuilder(command).redirectErrorStream(true).start();
        } catch (IOException missing) {
            return Assumptions.abort(command[0] + " is not installed: " + missing.getMessage());
        }
    }

    private static void awaitLine(Process process, String wanted) throws IOException {
        BufferedReader lines = new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8));
        List<String> seen = new ArrayList<>();
        for (String line; (line = lines.readLine()) != null; ) {
            seen.add(line);
            if (line.contains(wanted)) {
                return;
            }
        }
        throw new AssertionError(String.join("\n", seen));
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            return socket.getLocalPort();
        }
    }

    private static void end(Net net, TcpServer server) {
        server.close();
        net.run(server.waitClosed());
        net.turn();
    }
}

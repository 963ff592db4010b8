package io.samovar.echo;

import static org.assertj.core.api.Assertions.assertThat;

import io.samovar.Coroutine;
import io.samovar.net.TcpServer;
import io.samovar.transport.TransportProvider;
import io.samovar.transport.Transports;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
class MainTest {
    private static final InetAddress LOOPBACK = Addresses.LOOPBACK.getAddress();

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Test
    void aMissingCommandIsWrongUsage() {
        assertThat(run()).isEqualTo(2);
        saysInOneLine("samovar-echo: a command is missing: serve, load or demo (see samovar-echo --help)");
    }

    @Test
    void anUnknownOptionIsWrongUsage() {
        assertThat(run("load", "--frob")).isEqualTo(2);
        saysInOneLine("samovar-echo load: Unknown option: '--frob' (see samovar-echo load --help)");
    }

    @Test
    void aWrongValueIsWrongUsage() {
        assertThat(run("demo", "--size", "many")).isEqualTo(2);
        saysInOneLine(
                "samovar-echo demo: Invalid value for option '--size': 'many' is not a size from 1 to 64m, such as"
                        + " 64, 1k or 100k (see samovar-echo demo --help)");
    }

    @Test
    void anUnknownTransportIsWrongUsage() {
        assertThat(run("serve", "--transport", "abacus")).isEqualTo(2);
        saysInOneLine("samovar-echo serve: unknown transport 'abacus': choose one of auto, epoll, kqueue, nio"
                + " (see samovar-echo serve --help)");
    }

    @Test
    void aTransportThatCannotBeUsedSaysWhy() {
        for (TransportProvider provider : Transports.installed()) {
            Throwable cause = provider.unavailabilityCause();
            if (cause != null) {
                assertThat(run("load", "--transport", provider.name())).isEqualTo(1);
                saysInOneLine("samovar-echo load: transport " + provider.name() + " was asked for and cannot be used: "
                        + cause.getMessage());
                return;
            }
        }
    }

    @Test
    void anUnknownHostSaysSo() {
        assertThat(run("load", "--host", "[x]")).isEqualTo(1); // fails without asking a name server
        saysInOneLine("samovar-echo load: unknown host: [x]");
    }

    @Test
    void aPortInUseSaysSo() throws Exception {
        try (ServerSocket other = new ServerSocket(0, 1, LOOPBACK)) {
            assertThat(run("serve", "--port", "" + other.getLocalPort())).isEqualTo(1);
            saysInOneLine("samovar-echo serve: cannot listen on 127.0.0.1:" + other.getLocalPort()
                    + ": address already in use (EADDRINUSE); choose another --port, or end the program that has this"
                    + " one");
        }
    }

    @Test
    void aRefusedConnectionSaysSo() throws Exception {
        try (Socket notListening = new Socket()) {
            notListening.bind(new InetSocketAddress(LOOPBACK, 0));
            int port = notListening.getLocalPort();
            assertThat(run("load", "--json", "--port", "" + port)).isEqualTo(1);
            saysInOneLine("samovar-echo load: cannot connect to 127.0.0.1:" + port
                    + ": connection refused (ECONNREFUSED); is the server running, and are --host and --port right?");
        }
    }

    @Test
    void verboseShowsTheStackTrace() {
        assertThat(run("load", "--verbose", "--host", "[x]")).isEqualTo(1);
        Logging.setUp(false);
        assertThat(err.toString())
                .startsWith("samovar-echo load: unknown host: [x]")
                .contains("\tat io.samovar.echo");
    }

    @ParameterizedTest
    @ValueSource(strings = {"serve", "load", "demo"})
    void everyCommandHasHelpAndVersion(String command) {
        assertThat(run(command, "--help")).isZero();
        assertThat(out.toString()).startsWith("Usage: samovar-echo " + command).contains("Exit status:");
        out.getBuffer().setLength(0);
        assertThat(run(command, "--version")).isZero();
        assertThat(out.toString()).startsWith("samovar-echo ").contains(", Java " + System.getProperty("java.version"));
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void theHelpOfLoadNamesTheLimitsOfTheMeasurement() {
        assertThat(run("load", "--help")).isZero();
        assertThat(out.toString().replaceAll("\\s+", " "))
                .contains("The loop is closed", "without a correction for coordinated omission");
    }

    @Test
    void aLostConnectionFailsTheRunAndIsReported() throws Exception {
        try (LoopThread thread = LoopThread.start("test-server", Transports.select("auto"))) {
            TcpServer server = thread.call(() -> Coroutine.of(TcpServer.bind(Addresses.LOOPBACK)
                    .start(peer -> FaultyEcho.echo(peer, data -> {
                        data.release();
                        return null;
                    }))));
            assertThat(run(
                            "load",
                            "--connections",
                            "2",
                            "--port",
                            "" + server.address().getPort()))
                    .isEqualTo(1);
            assertThat(err.toString().lines())
                    .singleElement()
                    .asString()
                    .matches(
                            "samovar-echo load: connection [01] was lost in mid-run, after 0 bytes: the server closed it");
            assertThat(out.toString()).contains("0 with a wrong byte, 2 lost, 0 without an answer");
        }
    }

    @Test
    void aMismatchFailsTheRunAndJsonIsAllThatIsPrinted() throws Exception {
        try (LoopThread thread = LoopThread.start("test-server", Transports.select("auto"))) {
            TcpServer server = thread.call(() -> Coroutine.of(TcpServer.bind(Addresses.LOOPBACK)
                    .start(peer -> FaultyEcho.echo(peer, data -> data.setByte(7, ~data.getByte(7))))));
            int port = server.address().getPort();
            assertThat(run("load", "--json", "--connections", "1", "--port", "" + port))
                    .isEqualTo(1);
            assertThat(err.toString().lines())
                    .singleElement()
                    .asString()
                    .startsWith("samovar-echo load: connection 0 got a wrong byte at position 7 of its stream: 0x");
            assertThat(out.toString().lines())
                    .singleElement()
                    .asString()
                    .startsWith("{\"server\":\"127.0.0.1:" + port + "\"")
                    .contains("\"mismatches\":1,\"lost_connections\":0")
                    .endsWith("}");
        }
    }

    @Test
    void demoShowsEveryTransport() {
        assertThat(run("demo", "--connections", "4", "--duration", "0.05", "--warmup", "0.05"))
                .isZero();
        List<String> lines = out.toString().lines().toList();
        assertThat(lines.get(0)).startsWith("4 connections, messages of 64 bytes, depth 1; server and load generator");
        for (TransportProvider provider : Transports.installed()) {
            Throwable cause = provider.unavailabilityCause();
            if (cause == null) {
                assertThat(lines).anyMatch(line -> line.startsWith(provider.name() + ": connecting, warming up"));
                assertThat(lines).anyMatch(line -> line.matches(provider.name() + " +[\\d,]+ +[\\d,.]+ .*"));
            } else {
                assertThat(lines).contains(provider.name() + " is not available: " + cause.getMessage());
            }
        }
        assertThat(err.toString()).isEmpty();
    }

    private int run(String... args) {
        return Main.run(new PrintWriter(out), new PrintWriter(err), args);
    }

    private void saysInOneLine(String sentence) {
        assertThat(err.toString().lines()).containsExactly(sentence);
        assertThat(out.toString()).isEmpty();
    }
}

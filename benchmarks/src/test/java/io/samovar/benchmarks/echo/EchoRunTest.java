package io.samovar.benchmarks.echo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Every server and every load generator, in windows that are too short for figures. */
@Timeout(120)
class EchoRunTest {
    private static final Duration WINDOW = Duration.ofMillis(150);
    private static final Timing TINY = new Timing(WINDOW, WINDOW, WINDOW);

    @TempDir
    private static Path directory;

    private static NativeTools tools;

    @BeforeAll
    static void compile() throws Exception {
        assumeTrue(Files.isDirectory(Path.of("/proc/self")), "servers are measured on Linux");
        try {
            tools = NativeTools.build(directory.resolve("native"));
        } catch (SetupException noCompiler) {
            assumeTrue(false, noCompiler.getMessage());
        }
    }

    private static ResultFiles files(String name) throws IOException {
        return ResultFiles.create(
                directory.resolve(name), new RunInfo("2026-01-02", "25", "here", "this", "a test"), name);
    }

    @Test
    void everyServerEchoesEveryByte() throws Exception {
        ResultFiles files = files("servers");
        ByteArrayOutputStream progress = new ByteArrayOutputStream();
        PrintStream out = new PrintStream(progress, true, StandardCharsets.UTF_8);
        EchoRun run = new EchoRun(tools, Cores.ANY, TINY, 0, files, out);

        run.run(List.of(Scenario.F), Server.available(), 1);

        assertThat(run.failures()).isEmpty();
        files.render(run.failures());
        assertThat(Files.readString(files.page()))
                .contains(Server.available().stream()
                        .map(server -> "| " + server.title() + " | ")
                        .toList());
        assertThat(progress.toString(StandardCharsets.UTF_8))
                .contains("[1/" + Server.available().size() + "]");
    }

    @Test
    void connectionsThatComeAndGoAreCounted() throws Exception {
        ResultFiles files = files("churn");
        EchoRun run = new EchoRun(tools, Cores.ANY, TINY, 0, files, new PrintStream(OutputStream.nullOutputStream()));

        run.run(List.of(Scenario.CHURN), List.of(Server.C, Server.SAMOVAR_EPOLL), 1);

        assertThat(run.failures()).isEmpty();
        assertThat(Files.readAllLines(files.raw())).hasSize(3);
    }

    @Test
    void aServerThatDoesNotStartIsNotedAndTheOthersGoOn() throws Exception {
        NativeTools broken = new NativeTools(
                directory.resolve("no-such-program").toString(), tools.echoLoad(), tools.churnLoad(), tools.idleLoad());
        ResultFiles files = files("failing");
        EchoRun run = new EchoRun(broken, Cores.ANY, TINY, 0, files, new PrintStream(OutputStream.nullOutputStream()));

        run.run(List.of(Scenario.A), List.of(Server.C, Server.SAMOVAR_NIO), 1);

        assertThat(run.failures()).singleElement().asString().startsWith("round 1, 64 × 64 B C epoll: ");
        assertThat(Files.readAllLines(files.raw())).hasSize(2).last().asString().contains("samovar-nio");
    }

    @Test
    void manyIdleConnectionsAnswerAgain() throws Exception {
        CrowdRun run = new CrowdRun(tools, Cores.ANY, TINY, WINDOW);

        CrowdRun.Idle idle = run.idle(Server.SAMOVAR_EPOLL, 500);

        assertThat(idle.each().heap()).isBetween(300L, 2_000L);
        assertThat(idle.peakMegabytes()).isPositive();
    }

    @Test
    void manyBusyConnectionsAreMeasuredWhileTheyEcho() throws Exception {
        CrowdRun run = new CrowdRun(tools, Cores.ANY, TINY, WINDOW);

        CrowdRun.Busy busy = run.busy(Server.SAMOVAR_NIO, 500);

        assertThat(busy.sample().messages()).isPositive();
        assertThat(busy.each().heap()).isBetween(500L, 4_000L);
    }

    @Test
    void aByteThatWasChangedIsFound() throws Exception {
        Map<String, String> load = loadOf((bytes, length) -> bytes[length / 2]++);

        assertThat(load).containsEntry("wrong", "1");
    }

    @Test
    void aConnectionThatTheServerClosesIsLost() throws Exception {
        Map<String, String> load = loadOf((bytes, length) -> {
            throw new IOException("that is enough");
        });

        assertThat(load).containsEntry("wrong", "0").containsEntry("lost", "1");
    }

    @Test
    void aLoadGeneratorThatCannotConnectSaysSo() throws Exception {
        int port;
        try (ServerSocket closed = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = closed.getLocalPort();
        }

        assertThatThrownBy(() -> LoadGenerator.run(echoLoad(port), WINDOW))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("Connection refused");
    }

    private interface Fault {
        void in(byte[] bytes, int length) throws IOException;
    }

    /** What the load generator says of a server that echoes ten times well, and then does this. */
    private static Map<String, String> loadOf(Fault fault) throws Exception {
        try (ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Thread server = new Thread(() -> {
                try (Socket peer = listener.accept()) {
                    byte[] bytes = new byte[4096];
                    int times = 0;
                    for (int length; (length = peer.getInputStream().read(bytes)) > 0; times++) {
                        if (times == 10) {
                            fault.in(bytes, length);
                        }
                        peer.getOutputStream().write(bytes, 0, length);
                    }
                } catch (IOException over) {
                    // as it should be
                }
            });
            server.start();
            Map<String, String> load = LoadGenerator.run(echoLoad(listener.getLocalPort()), WINDOW);
            server.join();
            return load;
        }
    }

    private static List<String> echoLoad(int port) {
        return List.of(tools.echoLoad(), "" + port, "1", "64", "1", "0", "" + WINDOW.toMillis(), "0", "0");
    }
}

package io.samovar.tests.net;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.samovar.tests.support.TransportTest;
import io.samovar.transport.TransportProvider;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** A process that is started with sockets that listen already, as systemd does it. */
@Timeout(60)
@EnabledOnOs(OS.LINUX)
class SocketActivationTest {
    /**
     * Listens on as many ports as there are names, on 127.0.0.1, prints them, and becomes the program that it is told to. The
     * sockets block, as those of systemd do.
     */
    private static final String LAUNCHER = """
            import fcntl, os, socket, sys
            names, where = sys.argv[1], sys.argv[2]
            high = []
            for name in names.split(':'):
                listener = socket.socket()
                listener.bind(('127.0.0.1', 0))
                listener.listen(16)
                print(listener.getsockname()[1], flush=True)
                high.append(fcntl.fcntl(listener.fileno(), fcntl.F_DUPFD, 100))
                listener.close()
            for i, number in enumerate(high):
                os.dup2(number, 3 + i)
                if where == 'stdin':
                    os.dup2(number, 0)
                os.close(number)
            os.environ.update(LISTEN_PID=str(os.getpid()), LISTEN_FDS=str(len(high)), LISTEN_FDNAMES=names)
            os.execvp(sys.argv[3], sys.argv[3:])
            """;

    private static final int DESCRIPTORS = 512;

    private static ForkedJvm start(TransportProvider provider, String names, String where) throws IOException {
        assumeTrue(hasPython(), "python3 is not installed: it starts the program with a socket");
        return new ForkedJvm(
                provider,
                DESCRIPTORS,
                List.of("python3", "-c", LAUNCHER, names, where),
                List.of(),
                Map.of(),
                ActivatedServer.class);
    }

    private static boolean hasPython() {
        try {
            return new ProcessBuilder("python3", "--version").start().waitFor(10, TimeUnit.SECONDS);
        } catch (IOException | InterruptedException none) {
            return false;
        }
    }

    private static String echoed(Peer peer, String text) {
        peer.send(text);
        return new String(peer.read(text.length()).join(), UTF_8);
    }

    @TransportTest
    void aServerTakesOverTheSocketsThatItsProcessWasStartedWith(TransportProvider provider) throws Exception {
        assumeTrue(!provider.name().equals("nio"), "Java takes over standard input only: see the next test");
        try (ForkedJvm jvm = start(provider, "http:admin", "fds")) {
            List<Peer> early = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                early.add(Peer.connect(Net.loopback(Integer.parseInt(jvm.answer())))); // long before Java runs
            }
            assertThat(jvm.answer())
                    .isEqualTo("[InheritedSocket[descriptor=3, name=http], InheritedSocket[descriptor=4, name=admin]]");
            List<String> addresses =
                    Arrays.asList(jvm.answer().replaceAll("[\\[\\]]", "").split(", "));
            for (int i = 0; i < 2; i++) {
                assertThat(echoed(early.get(i), "early")).isEqualTo("early");
                // The loop must not have been stopped by an accept that waits: others are served while nobody comes.
                assertThat(echoed(early.get(i), "again")).isEqualTo("again");
                int port = Integer.parseInt(
                        addresses.get(i).substring(addresses.get(i).lastIndexOf(':') + 1));
                try (Peer late = Peer.connect(Net.loopback(port))) {
                    assertThat(echoed(late, "late")).isEqualTo("late");
                }
            }
            early.get(0).send("q");
            jvm.end();
            assertThat(jvm.log()).contains("ended well");
            early.forEach(Peer::close);
        }
    }

    @TransportTest
    void aSocketThatIsAlsoStandardInputCanBeTakenOverByAnyTransport(TransportProvider provider) throws Exception {
        try (ForkedJvm jvm = start(provider, "echo", "stdin")) {
            try (Peer early = Peer.connect(Net.loopback(Integer.parseInt(jvm.answer())))) {
                assertThat(jvm.answer()).contains("name=echo");
                assertThat(jvm.answer()).contains("127.0.0.1:");
                assertThat(echoed(early, "early")).isEqualTo("early");
                assertThat(echoed(early, "again")).isEqualTo("again");
                early.send("q");
                jvm.end();
            }
        }
    }

    @TransportTest
    void nioSaysWhyItCannotTakeOverAnyOtherDescriptor(TransportProvider provider) throws Exception {
        assumeTrue(provider.name().equals("nio"), "the others can");
        try (ForkedJvm jvm = start(provider, "http", "fds")) {
            String port = jvm.answer();
            assertThat(port).matches("\\d+");
            assertThat(jvm.answer()).contains("descriptor=3");
            assertThat(jvm.answer())
                    .startsWith("take over descriptor 3: Java can take over standard input (0) only.")
                    .contains("StandardInput=socket");
            jvm.end();
        }
    }
}

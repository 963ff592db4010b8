package io.samovar.samples;

import static io.samovar.Async.await;
import static io.samovar.testing.TestLoop.runTest;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.samovar.Coroutine;
import io.samovar.net.TcpServer;
import io.samovar.net.TcpStream;
import io.samovar.testing.SamovarExtension;
import io.samovar.testing.VirtualClock;
import io.samovar.tests.net.ForkedJvm;
import io.samovar.tests.support.TransportTest;
import io.samovar.transport.TransportProvider;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.extension.ExtendWith;

@Timeout(60)
@ExtendWith(SamovarExtension.class)
class ServersTest {
    private static final InetSocketAddress ADDRESS = new InetSocketAddress("198.51.100.7", 80);
    private static final InetSocketAddress ADMIN = new InetSocketAddress("198.51.100.7", 8080);

    private static final int DESCRIPTORS = 512;

    @TransportTest
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "there is no SIGTERM")
    void aSignalDrainsTheServer(TransportProvider provider) throws Exception {
        try (ForkedJvm jvm = new ForkedJvm(provider, DESCRIPTORS, List.of(), Map.of(), StoppingServer.class)) {
            ProcessHandle process =
                    ProcessHandle.of(Long.parseLong(jvm.answer())).orElseThrow();
            int port = Integer.parseInt(jvm.answer().replaceAll("\\D", ""));
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
                InputStream in = socket.getInputStream();
                socket.getOutputStream().write("before".getBytes(UTF_8));
                assertThat(in.readNBytes(6)).asString(UTF_8).isEqualTo("before");
                assertThat(process.destroy()).isTrue(); // SIGTERM
                socket.getOutputStream().write("after".getBytes(UTF_8));
                assertThat(in.readNBytes(5)).asString(UTF_8).isEqualTo("after");
                socket.shutdownOutput();
                assertThat(in.read()).isEqualTo(-1);
            }
            assertThat(jvm.answer()).isEqualTo("stopped");
            jvm.end();
        }
    }

    @Test
    void aConnectionThatIsKeptEndsWhenTheServerDrains(VirtualClock clock) {
        runTest(() -> {
            try (TcpServer server = Servers.careful(ADDRESS, ADMIN).start(Servers::answerLines);
                    TcpStream one = await(TcpStream.connect(ADDRESS));
                    TcpStream two = await(TcpStream.connect(ADMIN))) {
                await(one.write("tea\n"));
                assertThat(await(one.readLine())).isEqualTo("you said tea");
                await(two.write("coffee\n"));
                assertThat(await(two.readLine())).isEqualTo("you said coffee");
                Duration before = clock.elapsed();
                await(server.drain(Duration.ofSeconds(10)));
                assertThat(clock.elapsed()).isEqualTo(before);
                assertThat(await(one.readLine())).isNull();
                assertThat(await(two.readLine())).isNull();
            }
            return Coroutine.done();
        });
    }

    @Test
    void withoutAnInheritedSocketTheErrorSaysWhatToLookFor() {
        assertThatIllegalArgumentException()
                .isThrownBy(Servers::activated)
                .withMessageContaining("the process was not started with one");
    }
}

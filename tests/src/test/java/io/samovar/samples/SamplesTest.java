package io.samovar.samples;

import static org.assertj.core.api.Assertions.assertThat;

import io.samovar.EventLoop;
import io.samovar.net.TcpServer;
import io.samovar.tests.support.TransportTest;
import io.samovar.transport.TransportProvider;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The samples run, and the README shows what runs. */
@Timeout(30)
class SamplesTest {
    @TransportTest
    void theEchoOfTheReadmeEchoes(TransportProvider provider) {
        try (EventLoop loop = EventLoop.builder().transport(provider).open()) {
            CompletableFuture<TcpServer> started = new CompletableFuture<>();
            CompletableFuture<String> answer = started.thenApplyAsync(server -> talkTo(server.address()));
            CompletableFuture<String> stopping = answer.whenComplete((text, failure) -> loop.execute(loop::stop));
            loop.callSoon(
                    () -> started.complete(TcpServer.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                            .start(Echo::echo)));
            loop.runForever();
            assertThat(stopping.join()).isEqualTo("one for the pot");
        }
    }

    private static String talkTo(InetSocketAddress address) {
        try (Socket socket = new Socket(address.getAddress(), address.getPort())) {
            byte[] message = "one for the pot".getBytes(StandardCharsets.UTF_8);
            socket.getOutputStream().write(message);
            socket.shutdownOutput();
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException failure) {
            throw new IllegalStateException(failure);
        }
    }

    @Test
    void theReadmeShowsTheEchoThatIsTested() throws IOException {
        String source = Files.readString(Path.of("src/test/java/io/samovar/samples/Echo.java"));
        String shown =
                source.substring(source.indexOf("final class Echo")).strip().replace("@Nullable ", "");
        assertThat(Files.readString(Path.of("../README.md"))).contains(shown);
    }
}

package io.samovar.tests.examples;

import static io.samovar.Async.await;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.samovar.Coroutine;
import io.samovar.EventLoop;
import io.samovar.examples.WebSocketEcho;
import io.samovar.tests.support.TransportTest;
import io.samovar.transport.TransportProvider;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Timeout;

/** The JDK's own WebSocket client on the other side. */
@Timeout(60)
class WebSocketEchoTest {
    /** Brings what comes to the loop. */
    private static final class Ear implements WebSocket.Listener {
        private final io.samovar.sync.Queue<String> heard = new io.samovar.sync.Queue<>();
        private final EventLoop loop = EventLoop.current();
        private final StringBuilder text = new StringBuilder();

        private void hear(String what) {
            loop.execute(() -> heard.putNowait(what));
        }

        @Override
        public CompletionStage<?> onText(WebSocket socket, CharSequence part, boolean last) {
            text.append(part);
            if (last) {
                hear("text " + text);
                text.setLength(0);
            }
            socket.request(1);
            return null;
        }

        @Override
        public CompletionStage<?> onBinary(WebSocket socket, ByteBuffer data, boolean last) {
            hear("binary " + UTF_8.decode(data));
            socket.request(1);
            return null;
        }

        @Override
        public CompletionStage<?> onPong(WebSocket socket, ByteBuffer message) {
            hear("pong " + UTF_8.decode(message));
            socket.request(1);
            return null;
        }

        @Override
        public CompletionStage<?> onClose(WebSocket socket, int status, String reason) {
            hear("close " + status);
            return null;
        }
    }

    @TransportTest
    void theJdksClientHearsWhatItSays(TransportProvider provider) {
        Site.run(provider, WebSocketEcho::echo, server -> {
            Ear ear = new Ear();
            URI uri = URI.create("ws://127.0.0.1:" + server.address().getPort() + "/echo");
            WebSocket web =
                    await(HttpClient.newHttpClient().newWebSocketBuilder().buildAsync(uri, ear));
            await(web.sendText("tea?", true));
            assertThat(await(ear.heard.get())).isEqualTo("text tea?");
            await(web.sendText("in ", false));
            await(web.sendText("parts", true));
            assertThat(await(ear.heard.get())).isEqualTo("text in parts");
            await(web.sendBinary(ByteBuffer.wrap("bytes".getBytes(UTF_8)), true));
            assertThat(await(ear.heard.get())).isEqualTo("binary bytes");
            await(web.sendPing(ByteBuffer.wrap("there?".getBytes(UTF_8))));
            assertThat(await(ear.heard.get())).isEqualTo("pong there?");
            await(web.sendText("x".repeat(200_000), true));
            assertThat(await(ear.heard.get())).hasSize(200_005);
            await(web.sendClose(WebSocket.NORMAL_CLOSURE, "bye"));
            assertThat(await(ear.heard.get())).isEqualTo("close 1000");
            return Coroutine.done();
        });
    }
}

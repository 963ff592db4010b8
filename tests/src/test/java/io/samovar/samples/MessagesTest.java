package io.samovar.samples;

import static io.samovar.Async.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.samovar.Coroutine;
import io.samovar.EventLoop;
import io.samovar.net.TcpServer;
import io.samovar.net.TcpStream;
import io.samovar.tests.support.TransportTest;
import io.samovar.transport.TransportProvider;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import org.junit.jupiter.api.Timeout;

/** The samples of the guide's part on Netty's codecs and channels do what it says. */
@Timeout(30)
class MessagesTest {
    @TransportTest
    void theHttpServerAnswersEachRequest(TransportProvider provider) {
        try (EventLoop loop = EventLoop.builder().transport(provider).open()) {
            assertThat(loop.runUntilComplete(askTwice())).isEqualTo("one, two");
        }
    }

    private static Coroutine<String> askTwice() {
        HttpClient client = HttpClient.newHttpClient();
        try (TcpServer server = TcpServer.bind(anyPort()).start(Messages::serveHttp)) {
            URI uri = URI.create("http://127.0.0.1:" + server.address().getPort());
            String one = await(client.sendAsync(post(uri, "one"), BodyHandlers.ofString()))
                    .body();
            String two = await(client.sendAsync(post(uri, "two"), BodyHandlers.ofString()))
                    .body();
            return Coroutine.of(one + ", " + two);
        }
    }

    private static HttpRequest post(URI uri, String body) {
        return HttpRequest.newBuilder(uri)
                .version(HttpClient.Version.HTTP_1_1)
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
    }

    @TransportTest
    void aChannelOfNettysServesOnTheLoop(TransportProvider provider) {
        try (EventLoop loop = EventLoop.builder().transport(provider).open()) {
            assertThat(loop.runUntilComplete(echoThroughNetty())).isEqualTo("kettle");
        }
    }

    private static Coroutine<String> echoThroughNetty() {
        Channel server = await(Messages.serveWithNetty(anyPort(), new Echoing()));
        try (TcpStream peer = await(TcpStream.connect((InetSocketAddress) server.localAddress()))) {
            await(peer.write("kettle\n"));
            return Coroutine.of(await(peer.readLine()));
        } finally {
            await(server.close());
        }
    }

    private static InetSocketAddress anyPort() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    }

    @Sharable
    private static final class Echoing extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            ChannelFuture unused = context.writeAndFlush(message);
        }
    }
}

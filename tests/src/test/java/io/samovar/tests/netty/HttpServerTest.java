package io.samovar.tests.netty;

import static io.samovar.Async.await;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.samovar.Async;
import io.samovar.Coroutine;
import io.samovar.Task;
import io.samovar.net.TcpServer;
import io.samovar.net.TcpStream;
import io.samovar.tests.support.TransportTest;
import io.samovar.transport.TransportProvider;
import io.samovar.transport.netty.NettyLoop;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Timeout;

/** An ordinary HTTP server made of Netty's handlers, beside coroutines. */
@Timeout(60)
class HttpServerTest {
    private final Set<Thread> threads = new HashSet<>();

    @TransportTest
    void anHttpServerAndAnEchoOfCoroutinesShareOneThread(TransportProvider provider) {
        Hosting.run(provider, () -> {
            ChannelFuture http = httpServer(NettyLoop.current());
            await(http);
            TcpServer echo = TcpServer.bind(Hosting.ANY_PORT).start(this::echo);
            try {
                int port = ((InetSocketAddress) http.channel().localAddress()).getPort();
                URI page = URI.create("http://127.0.0.1:" + port + "/tea");
                HttpClient client = HttpClient.newHttpClient();
                Task<String> talk = Async.createTask(talk(echo.address()));
                for (int i = 0; i < 5; i++) {
                    HttpResponse<String> answer = await(client.sendAsync(
                            HttpRequest.newBuilder(page).build(), HttpResponse.BodyHandlers.ofString()));
                    assertThat(answer.body()).isEqualTo("/tea");
                }
                assertThat(await(talk)).isEqualTo("hello".repeat(100));
            } finally {
                echo.close();
            }
            await(echo.waitClosed());
            assertThat(threads).containsExactly(Thread.currentThread());
            await(http.channel().close());
            return Coroutine.done();
        });
    }

    private ChannelFuture httpServer(NettyLoop netty) {
        return new ServerBootstrap()
                .group(netty.eventLoop())
                .channel(netty.serverSocketChannel())
                .childHandler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel channel) {
                        channel.pipeline()
                                .addLast(new HttpServerCodec(), new HttpObjectAggregator(1024), new PathHandler());
                    }
                })
                .bind(Hosting.ANY_PORT);
    }

    private final class PathHandler extends SimpleChannelInboundHandler<FullHttpRequest> {
        @Override
        protected void channelRead0(ChannelHandlerContext context, FullHttpRequest request) {
            threads.add(Thread.currentThread());
            DefaultFullHttpResponse response = new DefaultFullHttpResponse(
                    HttpVersion.HTTP_1_1, HttpResponseStatus.OK, Unpooled.copiedBuffer(request.uri(), UTF_8));
            HttpUtil.setContentLength(response, response.content().readableBytes());
            Object unused = context.writeAndFlush(response);
        }
    }

    private Coroutine<Void> echo(TcpStream peer) {
        for (var data = await(peer.read()); data != null; data = await(peer.read())) {
            threads.add(Thread.currentThread());
            await(peer.write(data));
        }
        return Coroutine.done();
    }

    private static Coroutine<String> talk(InetSocketAddress server) {
        StringBuilder heard = new StringBuilder();
        try (TcpStream peer = await(TcpStream.connect(server))) {
            for (int i = 0; i < 100; i++) {
                await(peer.write("hello"));
                var answer = await(peer.readExactly(5));
                heard.append(answer.toString(UTF_8));
                answer.release();
            }
        }
        return Coroutine.of(heard.toString());
    }
}

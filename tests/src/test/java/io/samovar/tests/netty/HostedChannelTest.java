package io.samovar.tests.netty;

import static io.samovar.Async.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.IoEventLoop;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.kqueue.KQueueServerSocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.samovar.Coroutine;
import io.samovar.EventLoop;
import io.samovar.Promise;
import io.samovar.net.TcpStream;
import io.samovar.tests.support.TransportTest;
import io.samovar.transport.TransportProvider;
import io.samovar.transport.netty.NettyTransport;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;

/** An ordinary Netty server and a Samovar stream share one loop, one thread and one poll. */
@Timeout(30)
class HostedChannelTest {
    private static final Map<String, Class<? extends ServerChannel>> CHANNELS = Map.of(
            "epoll", EpollServerSocketChannel.class,
            "kqueue", KQueueServerSocketChannel.class,
            "nio", NioServerSocketChannel.class);

    private final Set<Thread> threads = new HashSet<>();

    @TransportTest
    void aNettyServerAnswersAStreamOnTheSameThread(TransportProvider provider) {
        try (EventLoop loop = EventLoop.builder().transport(provider).open()) {
            NettyTransport netty = (NettyTransport) loop.transport();
            ServerBootstrap bootstrap = new ServerBootstrap()
                    .group(netty.ioEventLoop())
                    .channel(CHANNELS.get(provider.name()))
                    .childHandler(new ChannelInitializer<>() {
                        @Override
                        protected void initChannel(Channel channel) {
                            channel.pipeline().addLast(new EchoHandler());
                        }
                    });
            Channel server = loop.runUntilComplete(
                    done(loop, bootstrap.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))));
            String answer = loop.runUntilComplete(ask((InetSocketAddress) server.localAddress(), "tea?"));
            assertThat(answer).isEqualTo("tea?");
            assertThat(threads).containsExactly(Thread.currentThread());
            loop.runUntilComplete(done(loop, server.close()));
        }
    }

    private Coroutine<String> ask(InetSocketAddress server, String question) {
        try (TcpStream peer = await(TcpStream.connect(server))) {
            await(peer.write(Unpooled.copiedBuffer(question, StandardCharsets.UTF_8)));
            ByteBuf data = await(peer.read());
            threads.add(Thread.currentThread());
            String answer = data.toString(StandardCharsets.UTF_8);
            data.release();
            return Coroutine.of(answer);
        }
    }

    @TransportTest
    void aNettyTaskThatSubmitsItselfAgainDoesNotKeepTheLoop(TransportProvider provider) {
        try (EventLoop loop = EventLoop.builder().transport(provider).open()) {
            IoEventLoop netty = ((NettyTransport) loop.transport()).ioEventLoop();
            netty.execute(new Runnable() {
                @Override
                public void run() {
                    if (!loop.isClosed()) {
                        netty.execute(this);
                    }
                }
            });
            loop.callLater(Duration.ofMillis(5), loop::stop);
            loop.runForever();
        }
    }

    @TransportTest
    void shuttingDownTheNettyLoopBehindOurBackIsAnErrorThatSaysSo(TransportProvider provider) {
        try (EventLoop loop = EventLoop.builder().transport(provider).open()) {
            NettyTransport netty = (NettyTransport) loop.transport();
            loop.callSoon(() -> netty.ioEventLoop()
                    .shutdownGracefully(0, 0, TimeUnit.SECONDS)
                    .addListener(done -> {}));
            assertThatThrownBy(loop::runForever)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("must not call shutdownGracefully()");
        }
    }

    /** Netty's future as ours. */
    private static Promise<Channel> done(EventLoop loop, ChannelFuture future) {
        Promise<Channel> promise = loop.createFuture();
        future.addListener(finished -> {
            if (finished.isSuccess()) {
                promise.setResult(future.channel());
            } else {
                promise.setException(finished.cause());
            }
        });
        return promise;
    }

    private final class EchoHandler extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            threads.add(Thread.currentThread());
            context.write(message, context.voidPromise()).channel().flush();
        }
    }
}

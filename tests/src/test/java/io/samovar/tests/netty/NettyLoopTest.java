package io.samovar.tests.netty;

import static io.samovar.Async.await;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.unix.DomainSocketAddress;
import io.samovar.Coroutine;
import io.samovar.EventLoop;
import io.samovar.Promise;
import io.samovar.testing.VirtualClock;
import io.samovar.tests.net.Descriptors;
import io.samovar.tests.support.ChildJvm;
import io.samovar.tests.support.Coroutines;
import io.samovar.tests.support.TransportTest;
import io.samovar.transport.TransportProvider;
import io.samovar.transport.netty.NettyLoop;
import io.samovar.transport.netty.NoNettyLoopException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class NettyLoopTest {
    @TempDir
    private Path directory;

    @TransportTest
    void eachMechanismTellsItsOwnChannels(TransportProvider provider) {
        Hosting.run(provider, () -> {
            NettyLoop netty = NettyLoop.current();
            String prefix = switch (provider.name()) {
                case "epoll" -> "Epoll";
                case "kqueue" -> "KQueue";
                default -> "Nio";
            };
            assertThat(netty.eventLoop().inEventLoop()).isTrue();
            assertThat(netty.socketChannel().getSimpleName()).isEqualTo(prefix + "SocketChannel");
            assertThat(netty.serverSocketChannel().getSimpleName()).isEqualTo(prefix + "ServerSocketChannel");
            assertThat(netty.datagramChannel().getSimpleName()).isEqualTo(prefix + "DatagramChannel");
            assertThat(netty).hasToString("NettyLoop(" + provider.name() + ")");
            return Coroutine.done();
        });
    }

    @TransportTest
    void unixDomainSocketsAreThereOnNativeTransportsAlone(TransportProvider provider) {
        Hosting.run(provider, () -> {
            NettyLoop netty = NettyLoop.current();
            if (provider.name().equals("nio")) {
                assertThatThrownBy(netty::domainSocketChannel)
                        .isInstanceOf(UnsupportedOperationException.class)
                        .hasMessageContaining("\"nio\"");
                assertThatThrownBy(netty::serverDomainSocketChannel).isInstanceOf(UnsupportedOperationException.class);
                return Coroutine.done();
            }
            DomainSocketAddress address = new DomainSocketAddress(
                    directory.resolve(provider.name() + ".socket").toFile());
            ChannelFuture bound = new ServerBootstrap()
                    .group(netty.eventLoop())
                    .channel(netty.serverDomainSocketChannel())
                    .childHandler(new Echo())
                    .bind(address);
            await(bound);
            Promise<String> answer = EventLoop.current().createFuture();
            ChannelFuture connected = new Bootstrap()
                    .group(netty.eventLoop())
                    .channel(netty.domainSocketChannel())
                    .handler(new Asker(answer))
                    .connect(address);
            await(connected);
            assertThat(await(answer)).isEqualTo("tea?");
            await(connected.channel().close());
            await(bound.channel().close());
            return Coroutine.done();
        });
    }

    private static final class Echo extends ChannelInboundHandlerAdapter {
        @Override
        public boolean isSharable() {
            return true;
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            Object unused = context.writeAndFlush(message);
        }
    }

    private static final class Asker extends ChannelInboundHandlerAdapter {
        private final Promise<String> answer;

        Asker(Promise<String> answer) {
            this.answer = answer;
        }

        @Override
        public void channelActive(ChannelHandlerContext context) {
            Object unused = context.writeAndFlush(Unpooled.copiedBuffer("tea?", UTF_8));
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            ByteBuf bytes = (ByteBuf) message;
            answer.setResult(bytes.toString(UTF_8));
            bytes.release();
        }
    }

    @TransportTest
    void closingTheLoopClosesTheChannelsThatAreOpen(TransportProvider provider) {
        int before = Descriptors.sockets();
        List<String> ends = new ArrayList<>();
        AtomicReference<Channel> left = new AtomicReference<>();
        Hosting.run(provider, () -> {
            NettyLoop netty = NettyLoop.current();
            ChannelFuture bound = new ServerBootstrap()
                    .group(netty.eventLoop())
                    .channel(netty.serverSocketChannel())
                    .childHandler(new Ending("server", ends))
                    .bind(Hosting.ANY_PORT);
            await(bound);
            ChannelFuture connected = new Bootstrap()
                    .group(netty.eventLoop())
                    .channel(netty.socketChannel())
                    .handler(new Ending("client", ends))
                    .connect(bound.channel().localAddress());
            await(connected);
            left.set(connected.channel());
            assertThat(Descriptors.sockets()).isGreaterThan(before);
            return Coroutine.done();
        });
        assertThat(ends).contains("client");
        assertThat(left.get().isOpen()).isFalse();
        assertThat(Descriptors.sockets()).isEqualTo(before);
    }

    private static final class Ending extends ChannelInboundHandlerAdapter {
        private final String name;
        private final List<String> ends;

        Ending(String name, List<String> ends) {
            this.name = name;
            this.ends = ends;
        }

        @Override
        public boolean isSharable() {
            return true;
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            ends.add(name);
        }
    }

    /** The first channel of a process must not look for network cards: that can stop the loop for seconds. */
    @Test
    void channelIdsNeedNoNetworkCard() {
        assertThat(ChildJvm.run(FirstChannel.class)).contains("the id is random: true");
        assertThat(ChildJvm.run(FirstChannel.class, "-Dio.netty.machineId=00:11:22:33:44:55:66:77"))
                .contains("0011223344556677-");
    }

    /** Opens the first channel of its process. */
    static final class FirstChannel {
        private FirstChannel() {}

        public static void main(String[] args) {
            try (EventLoop loop = EventLoop.open("nio")) {
                loop.runUntilComplete(Coroutines.coroutine(() -> {
                    NettyLoop netty = NettyLoop.current();
                    ChannelFuture bound = new ServerBootstrap()
                            .group(netty.eventLoop())
                            .channel(netty.serverSocketChannel())
                            .childHandler(new Echo())
                            .bind(Hosting.ANY_PORT);
                    await(bound);
                    String id = bound.channel().id().asLongText();
                    String machine = System.getProperty("io.netty.machineId").replace(":", "");
                    System.out.println(id + " the id is random: " + id.startsWith(machine + '-'));
                    return Coroutine.done();
                }));
            }
        }
    }

    @Test
    void aTransportWithoutNettySaysSo() {
        try (EventLoop loop = new VirtualClock().openLoop()) {
            assertThatThrownBy(() -> NettyLoop.of(loop))
                    .isInstanceOf(NoNettyLoopException.class)
                    .hasMessage(
                            "no Netty channel can live on this loop, because its transport \"virtual\" is not driven by"
                                    + " Netty: run the program on epoll, kqueue or nio");
        }
        assertThatThrownBy(NettyLoop::current).isExactlyInstanceOf(IllegalStateException.class);
    }
}

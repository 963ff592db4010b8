package io.samovar.benchmarks.servers;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.net.InetAddress;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;

/** An echo over Netty's SslHandler on one event loop. */
public final class NettyTls {
    private NettyTls() {}

    /** Takes an engine ({@code jdk} or {@code boringssl}), a key store and its password. */
    public static void main(String[] args) throws Exception {
        char[] password = args[2].toCharArray();
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(TlsKeys.load(args[1], password), password);
        SslContext tls = SslContextBuilder.forServer(keys)
                .sslProvider(args[0].equals("jdk") ? SslProvider.JDK : SslProvider.OPENSSL_REFCNT)
                .protocols(TlsKeys.PROTOCOL)
                .ciphers(List.of(TlsKeys.CIPHER))
                .build();
        Channel server = new ServerBootstrap()
                .group(new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory()))
                .channel(EpollServerSocketChannel.class)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childHandler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel channel) {
                        channel.pipeline().addLast(tls.newHandler(channel.alloc()), new Echo());
                    }
                })
                .bind(InetAddress.getLoopbackAddress(), 0)
                .sync()
                .channel();
        System.out.println("listening on " + server.localAddress());
        server.closeFuture().sync();
    }

    /** Sends back what has been read, once for all that came together. */
    private static final class Echo extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            Object unused = context.write(message, context.voidPromise());
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext context) {
            context.flush();
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable failure) {
            Object unused = context.close();
        }
    }
}

package io.samovar.benchmarks.servers;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.samovar.examples.JsonApi;
import java.net.InetAddress;

/** The example's endpoint in a Netty pipeline on one event loop: the same codec, and the same answers. */
public final class NettyJson {
    private static final int MAX_BODY = 64 * 1024;

    private NettyJson() {}

    /** Takes {@code epoll} or {@code nio}. */
    public static void main(String[] args) throws InterruptedException {
        boolean epoll = args[0].equals("epoll");
        JsonApi api = new JsonApi();
        Channel server = new ServerBootstrap()
                .group(new MultiThreadIoEventLoopGroup(
                        1, epoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory()))
                .channel(epoll ? EpollServerSocketChannel.class : NioServerSocketChannel.class)
                .option(ChannelOption.SO_BACKLOG, 4096)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childHandler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel channel) {
                        channel.pipeline()
                                .addLast(new HttpServerCodec(), new HttpObjectAggregator(MAX_BODY), new Answers(api));
                    }
                })
                .bind(InetAddress.getLoopbackAddress(), 0)
                .sync()
                .channel();
        System.out.println("listening on " + server.localAddress());
        server.closeFuture().sync();
    }

    /** Answers what has been read, and sends it once for all that came together. */
    private static final class Answers extends SimpleChannelInboundHandler<FullHttpRequest> {
        private final JsonApi api;

        Answers(JsonApi api) {
            this.api = api;
        }

        @Override
        protected void channelRead0(ChannelHandlerContext context, FullHttpRequest request) {
            FullHttpResponse response = api.answer(request);
            boolean goesOn = HttpUtil.isKeepAlive(request) && HttpUtil.isKeepAlive(response);
            HttpVersion version = goesOn ? request.protocolVersion() : response.protocolVersion();
            HttpUtil.setKeepAlive(response.headers(), version, goesOn);
            if (goesOn) {
                ChannelFuture unused = context.write(response, context.voidPromise());
            } else {
                ChannelFuture unused = context.write(response).addListener(ChannelFutureListener.CLOSE);
            }
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext context) {
            context.flush();
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            ChannelFuture unused = context.close();
        }
    }
}

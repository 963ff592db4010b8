package io.samovar.samples;

import static io.samovar.Async.await;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpUtil;
import io.samovar.Coroutine;
import io.samovar.codec.CodecStream;
import io.samovar.net.TcpStream;
import io.samovar.transport.netty.NettyLoop;
import java.net.InetSocketAddress;

/** What docs/networking.md shows of Netty's codecs and channels. */
final class Messages {
    private Messages() {}

    // http
    static Coroutine<Void> serveHttp(TcpStream peer) {
        try (CodecStream<FullHttpRequest, FullHttpResponse> http = new CodecStream<>(
                peer, FullHttpRequest.class, new HttpServerCodec(), new HttpObjectAggregator(65_536))) {
            for (FullHttpRequest request; (request = await(http.read())) != null; ) {
                try {
                    await(http.write(answer(request)));
                } finally {
                    request.release();
                }
            }
        }
        return Coroutine.done();
    }
    // end

    private static FullHttpResponse answer(FullHttpRequest request) {
        FullHttpResponse response = new DefaultFullHttpResponse(request.protocolVersion(), HttpResponseStatus.OK);
        response.content().writeBytes(request.content());
        HttpUtil.setContentLength(response, response.content().readableBytes());
        return response;
    }

    // hosting
    static Coroutine<Channel> serveWithNetty(InetSocketAddress address, ChannelHandler children) {
        NettyLoop netty = NettyLoop.current();
        ChannelFuture bound = new ServerBootstrap()
                .group(netty.eventLoop())
                .channel(netty.serverSocketChannel())
                .childHandler(children)
                .bind(address);
        await(bound);
        return Coroutine.of(bound.channel());
    }
    // end
}

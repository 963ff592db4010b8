package io.samovar.examples;

import static io.samovar.Async.await;

import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrameAggregator;
import io.netty.handler.codec.http.websocketx.WebSocketServerProtocolHandler;
import io.samovar.Async;
import io.samovar.Coroutine;
import io.samovar.codec.CodecStream;
import io.samovar.net.TcpServer;
import io.samovar.net.TcpStream;
import java.net.InetSocketAddress;

/**
 * Sends each WebSocket message back. Netty's handlers shake hands, answer pings and return the close; in a browser's console:
 *
 * <pre>{@code
 * const echo = new WebSocket("ws://localhost:8080/echo");
 * echo.onmessage = message => console.log(message.data);
 * echo.onopen = () => echo.send("tea?");
 * }</pre>
 */
public final class WebSocketEcho {
    private static final int MAX_MESSAGE = 1 << 20;

    private WebSocketEcho() {}

    public static void main(String[] args) {
        int port = args.length == 0 ? 8080 : Integer.parseInt(args[0]);
        Async.run(() -> TcpServer.serve(new InetSocketAddress(port), WebSocketEcho::echo));
    }

    public static Coroutine<Void> echo(TcpStream peer) {
        try (CodecStream<WebSocketFrame, WebSocketFrame> web = new CodecStream<>(
                peer,
                WebSocketFrame.class,
                new HttpServerCodec(),
                new HttpObjectAggregator(8 * 1024),
                new WebSocketServerProtocolHandler("/echo", null, true, MAX_MESSAGE),
                new WebSocketFrameAggregator(MAX_MESSAGE))) {
            for (WebSocketFrame message; (message = await(web.read())) != null; ) {
                await(web.write(message)); // which takes it, so there is nothing to release
            }
        }
        return Coroutine.done();
    }
}

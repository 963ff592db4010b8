package io.samovar.tests.codec;

import static io.samovar.Async.await;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.UnsupportedMessageTypeException;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.websocketx.CorruptedWebSocketFrameException;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketServerProtocolHandler;
import io.netty.handler.codec.http.websocketx.extensions.compression.WebSocketServerCompressionHandler;
import io.samovar.Async;
import io.samovar.Coroutine;
import io.samovar.codec.CodecStream;
import io.samovar.codec.DecodeException;
import io.samovar.tests.support.TransportTest;
import io.samovar.transport.TransportProvider;
import org.junit.jupiter.api.Timeout;

/** Netty's WebSocket handler, which exchanges the codec once the handshake is over. */
@Timeout(60)
class WebSocketCodecTest {
    /** RFC 6455, 1.3: key and answer. */
    private static final String HANDSHAKE = """
            GET /echo HTTP/1.1\r
            host: localhost\r
            upgrade: websocket\r
            connection: Upgrade\r
            sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r
            sec-websocket-version: 13\r
            \r
            """;

    private static final String ACCEPT = "sec-websocket-accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=";

    private static Coroutine<Void> echo(Ends ends) {
        try (CodecStream<WebSocketFrame, WebSocketFrame> web = ends.codec(
                WebSocketFrame.class,
                new HttpServerCodec(),
                new HttpObjectAggregator(1024),
                new WebSocketServerCompressionHandler(1024),
                new WebSocketServerProtocolHandler("/echo", null, true, 1024))) {
            for (WebSocketFrame frame; (frame = await(web.read())) != null; ) {
                await(web.write(frame));
            }
        }
        return Coroutine.done();
    }

    /** A client's frame: masked with zeros, so that its content can be read here. */
    private static ByteBuf frame(int opcode, String content) {
        return Unpooled.buffer()
                .writeByte(0x80 | opcode)
                .writeByte(0x80 | content.length())
                .writeInt(0)
                .writeBytes(content.getBytes(US_ASCII));
    }

    private static Coroutine<String> handshake(Ends ends) {
        await(ends.far().write(HANDSHAKE));
        ByteBuf head = await(ends.far().readUntil("\r\n\r\n".getBytes(US_ASCII)));
        String text = head.toString(US_ASCII);
        head.release();
        return Coroutine.of(text);
    }

    @TransportTest
    void framesAreEchoedPingsAnsweredAndTheCloseReturned(TransportProvider provider) {
        Ends.run(provider, () -> {
            Ends ends = await(Ends.open());
            var server = Async.createTask(echo(ends));
            assertThat(await(handshake(ends))).startsWith("HTTP/1.1 101 ").contains(ACCEPT);
            await(ends.far().write(frame(1, "tea?"), frame(9, "are you there"), frame(1, "tea!")));
            assertThat(await(ends.got(6))).endsWith("tea?");
            assertThat(await(ends.got(15))).endsWith("are you there");
            assertThat(await(ends.got(6))).endsWith("tea!");
            await(ends.far().write(frame(8, "")));
            await(server);
            ByteBuf bye = await(ends.far().readAll());
            assertThat(bye.getUnsignedByte(0)).isEqualTo((short) 0x88);
            bye.release();
            ends.far().close();
            return Coroutine.done();
        });
    }

    @TransportTest
    void aFrameThatComesBeforeTheHandshakeIsOverIsAnErrorAndNoLeak(TransportProvider provider) {
        Ends.run(provider, () -> {
            Ends ends = await(Ends.open());
            var server = Async.createTask(echo(ends));
            await(ends.far().write(Unpooled.copiedBuffer(HANDSHAKE, US_ASCII), frame(1, "early")));
            ByteBuf head = await(ends.far().readUntil("\r\n\r\n".getBytes(US_ASCII)));
            head.release();
            Throwable failure = null;
            try {
                await(server);
            } catch (UnsupportedMessageTypeException unexpected) {
                failure = unexpected;
            }
            assertThat(failure)
                    .hasMessageContaining("(expected: io.netty.handler.codec.http.websocketx.WebSocketFrame)");
            ends.far().close();
            return Coroutine.done();
        });
    }

    @TransportTest
    void aBrokenFrameFailsTheRead(TransportProvider provider) {
        Ends.run(provider, () -> {
            Ends ends = await(Ends.open());
            var server = Async.createTask(echo(ends));
            await(handshake(ends));
            await(ends.far().write(Unpooled.copiedBuffer("\u0001\u0004tea!", US_ASCII))); // a client must mask
            Throwable failure = null;
            try {
                await(server);
            } catch (DecodeException broken) {
                failure = broken.failure();
            }
            assertThat(failure).isInstanceOf(CorruptedWebSocketFrameException.class);
            ends.far().close();
            return Coroutine.done();
        });
    }

    @TransportTest
    void aServerMaySpeakFirstAndSayGoodbye(TransportProvider provider) {
        Ends.run(provider, () -> {
            Ends ends = await(Ends.open());
            CodecStream<WebSocketFrame, WebSocketFrame> web = ends.codec(
                    WebSocketFrame.class,
                    new HttpServerCodec(),
                    new HttpObjectAggregator(1024),
                    new WebSocketServerProtocolHandler("/echo"));
            var server = Async.createTask(reading(web));
            await(handshake(ends));
            await(web.write(new TextWebSocketFrame("welcome")));
            assertThat(await(ends.got(9))).endsWith("welcome");
            web.close();
            assertThat(await(server)).isNull();
            ByteBuf bye = await(ends.far().readAll());
            assertThat(bye.getUnsignedByte(0)).isEqualTo((short) 0x88);
            bye.release();
            ends.far().close();
            return Coroutine.done();
        });
    }

    private static <I> Coroutine<I> reading(CodecStream<I, ?> stream) {
        return Coroutine.of(await(stream.read()));
    }
}

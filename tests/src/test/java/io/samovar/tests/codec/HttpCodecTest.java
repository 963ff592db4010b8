package io.samovar.tests.codec;

import static io.samovar.Async.await;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpContentCompressor;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpServerKeepAliveHandler;
import io.netty.handler.codec.http.HttpVersion;
import io.samovar.Async;
import io.samovar.Coroutine;
import io.samovar.codec.CodecStream;
import io.samovar.tests.support.TransportTest;
import io.samovar.transport.TransportProvider;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Timeout;

/** Netty's HTTP codec and the handlers that go with it, over a stream. */
@Timeout(60)
class HttpCodecTest {
    private static final int LIMIT = 64;

    private static CodecStream<FullHttpRequest, FullHttpResponse> http(Ends ends) {
        return ends.codec(
                FullHttpRequest.class,
                new HttpServerCodec(),
                new HttpServerKeepAliveHandler(),
                new HttpContentCompressor(),
                new HttpObjectAggregator(LIMIT));
    }

    /** Answers each request with its own path and body, until the end. */
    private static Coroutine<Integer> serve(Ends ends) {
        int requests = 0;
        try (CodecStream<FullHttpRequest, FullHttpResponse> http = http(ends)) {
            for (FullHttpRequest request; (request = await(http.read())) != null; requests++) {
                try {
                    await(http.write(answer(request)));
                } finally {
                    request.release();
                }
            }
        }
        return Coroutine.of(requests);
    }

    private static FullHttpResponse answer(FullHttpRequest request) {
        HttpResponseStatus status =
                request.decoderResult().isFailure() ? HttpResponseStatus.BAD_REQUEST : HttpResponseStatus.OK;
        FullHttpResponse response = new DefaultFullHttpResponse(
                HttpVersion.HTTP_1_1,
                status,
                Unpooled.copiedBuffer(request.uri() + ' ' + request.content().toString(UTF_8), UTF_8));
        response.headers()
                .setInt(HttpHeaderNames.CONTENT_LENGTH, response.content().readableBytes());
        if (status != HttpResponseStatus.OK) {
            response.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        }
        return response;
    }

    /** What the server answers to a text, up to the end of the connection. */
    private static String answers(TransportProvider provider, int requests, String... pieces) {
        StringBuilder answers = new StringBuilder();
        Ends.run(provider, () -> {
            Ends ends = await(Ends.open());
            var server = Async.createTask(serve(ends));
            for (String piece : pieces) {
                await(ends.far().write(piece));
                await(ends.far().flush());
                await(Async.sleep(java.time.Duration.ZERO));
            }
            ends.far().shutdownOutput();
            answers.append(await(ends.far().readString(1 << 20, US_ASCII)));
            assertThat(await(server)).as(answers.toString()).isEqualTo(requests);
            ends.far().close();
            return Coroutine.done();
        });
        return answers.toString();
    }

    private static String ok(String body) {
        return "HTTP/1.1 200 OK\r\ncontent-length: " + body.length() + "\r\n\r\n" + body;
    }

    @TransportTest
    void pipelinedRequestsAreAnsweredInTheirOrder(TransportProvider provider) {
        assertThat(
                        answers(
                                provider,
                                3,
                                "GET /1 HTTP/1.1\r\n\r\nPOST /2 HTTP/1.1\r\ncontent-length: 3\r\n\r\nteaGET /3 HTTP/1.1\r\n\r\n"))
                .isEqualTo(ok("/1 ") + ok("/2 tea") + ok("/3 "));
    }

    @TransportTest
    void aRequestMayComeInPieces(TransportProvider provider) {
        assertThat(answers(
                        provider,
                        1,
                        "PO",
                        "ST /2 HTTP/1.1\r",
                        "\ntransfer-encoding: chu",
                        "nked\r\n\r\n2\r\nte\r\n",
                        "1\r\na\r\n0\r\n\r\n"))
                .isEqualTo(ok("/2 tea"));
    }

    @TransportTest
    void connectionCloseEndsTheConversation(TransportProvider provider) {
        assertThat(answers(provider, 1, "GET /1 HTTP/1.1\r\nconnection: close\r\n\r\nGET /2 HTTP/1.1\r\n\r\n"))
                .isEqualTo("HTTP/1.1 200 OK\r\ncontent-length: 3\r\nconnection: close\r\n\r\n/1 ");
    }

    @TransportTest
    void whatAHandlerAnswersByItselfStandsInItsPlace(TransportProvider provider) {
        String tooLarge = "POST /2 HTTP/1.1\r\ncontent-length: 1000\r\n\r\n" + "x".repeat(1000);
        assertThat(answers(provider, 2, "GET /1 HTTP/1.1\r\n\r\n" + tooLarge + "GET /3 HTTP/1.1\r\n\r\n"))
                .isEqualTo(
                        ok("/1 ") + "HTTP/1.1 413 Request Entity Too Large\r\ncontent-length: 0\r\n\r\n" + ok("/3 "));
    }

    @TransportTest
    void aBodyThatWaitsForTheServersLeaveGetsIt(TransportProvider provider) {
        assertThat(answers(provider, 1, "POST /2 HTTP/1.1\r\nexpect: 100-continue\r\ncontent-length: 3\r\n\r\n", "tea"))
                .isEqualTo("HTTP/1.1 100 Continue\r\n\r\n" + ok("/2 tea"));
    }

    @TransportTest
    void garbageIsAMessageThatSaysSo(TransportProvider provider) {
        assertThat(answers(provider, 1, "tea, please\r\n\r\n")).startsWith("HTTP/1.1 400 Bad Request\r\n");
    }

    @TransportTest
    void theHeadOfARequestIsLimitedToo(TransportProvider provider) {
        assertThat(answers(provider, 1, "GET /" + "x".repeat(5000) + " HTTP/1.1\r\n\r\n"))
                .startsWith("HTTP/1.1 400 Bad Request\r\n");
    }

    @TransportTest
    void headGetsTheHeaderAlone(TransportProvider provider) {
        assertThat(answers(provider, 2, "HEAD /1 HTTP/1.1\r\n\r\nGET /2 HTTP/1.1\r\n\r\n"))
                .isEqualTo("HTTP/1.1 200 OK\r\ncontent-length: 3\r\n\r\n" + ok("/2 "));
    }

    @TransportTest
    void answersAreCompressedForThoseWhoAsk(TransportProvider provider) {
        Ends.run(provider, () -> {
            Ends ends = await(Ends.open());
            var server = Async.createTask(serve(ends));
            String path = "/" + "tea".repeat(500);
            await(ends.far().write("GET " + path + " HTTP/1.1\r\naccept-encoding: gzip\r\nconnection: close\r\n\r\n"));
            ByteBuf answer = await(ends.far().readAll());
            byte[] bytes = new byte[answer.readableBytes()];
            answer.readBytes(bytes).release();
            String head = new String(bytes, US_ASCII);
            assertThat(head).contains("content-encoding: gzip\r\n");
            assertThat(bytes).hasSizeLessThan(400);
            assertThat(unzip(Arrays.copyOfRange(bytes, head.indexOf("\r\n\r\n") + 4, bytes.length)))
                    .isEqualTo(path + ' ');
            assertThat(await(server)).isEqualTo(1);
            ends.far().close();
            return Coroutine.done();
        });
    }

    private static String unzip(byte[] bytes) {
        try (GZIPInputStream unzipped = new GZIPInputStream(new ByteArrayInputStream(bytes))) {
            return new String(unzipped.readAllBytes(), UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

package io.samovar.examples;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.netty.buffer.ByteBufInputStream;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Set;

/** What {@link JsonServer} answers: {@code GET /hello?name=Ada} and {@code POST /sum} with {@code {"numbers":[1,2]}}. */
public final class JsonApi {
    private static final Set<HttpMethod> TO_READ = Set.of(HttpMethod.GET, HttpMethod.HEAD);
    private static final Set<HttpMethod> TO_CALL = Set.of(HttpMethod.POST);

    private final JsonMapper json = new JsonMapper();

    record Greeting(String message) {}

    record Numbers(List<Long> numbers) {}

    record Sum(long sum) {}

    record Problem(String error) {}

    /**
     * Answers one request, which stays the caller's.
     *
     * @return the caller's to send
     */
    public FullHttpResponse answer(FullHttpRequest request) {
        if (request.decoderResult().isFailure()) {
            FullHttpResponse bad = problem(HttpResponseStatus.BAD_REQUEST, "this is not HTTP/1.1");
            HttpUtil.setKeepAlive(bad, false); // nobody knows where the next request begins
            return bad;
        }
        String uri = request.uri();
        int query = uri.indexOf('?');
        return switch (query < 0 ? uri : uri.substring(0, query)) {
            case "/hello" -> TO_READ.contains(request.method()) ? hello(uri) : notAllowed("GET, HEAD");
            case "/sum" -> TO_CALL.contains(request.method()) ? sum(request) : notAllowed("POST");
            default -> problem(HttpResponseStatus.NOT_FOUND, "there is only /hello and /sum");
        };
    }

    private FullHttpResponse hello(String uri) {
        List<String> names = new QueryStringDecoder(uri).parameters().getOrDefault("name", List.of("world"));
        return response(HttpResponseStatus.OK, new Greeting("Hello, " + names.get(0) + '!'));
    }

    private FullHttpResponse sum(FullHttpRequest request) {
        Numbers numbers;
        try (InputStream body = new ByteBufInputStream(request.content())) {
            numbers = json.readValue(body, Numbers.class);
        } catch (JacksonException notJson) {
            return problem(HttpResponseStatus.BAD_REQUEST, "no numbers: " + notJson.getOriginalMessage());
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible); // the body is in memory
        }
        if (numbers == null || numbers.numbers() == null || numbers.numbers().contains(null)) {
            return problem(HttpResponseStatus.BAD_REQUEST, "no numbers: send {\"numbers\":[1,2]}");
        }
        long sum = numbers.numbers().stream().mapToLong(Long::longValue).sum();
        return response(HttpResponseStatus.OK, new Sum(sum));
    }

    private FullHttpResponse notAllowed(String allowed) {
        FullHttpResponse response = problem(HttpResponseStatus.METHOD_NOT_ALLOWED, "the method must be " + allowed);
        response.headers().set(HttpHeaderNames.ALLOW, allowed);
        return response;
    }

    private FullHttpResponse problem(HttpResponseStatus status, String what) {
        return response(status, new Problem(what));
    }

    private FullHttpResponse response(HttpResponseStatus status, Object content) {
        byte[] body;
        try {
            body = json.writeValueAsBytes(content);
        } catch (JacksonException impossible) {
            throw new IllegalStateException(impossible); // records of texts and numbers
        }
        FullHttpResponse response =
                new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, status, Unpooled.wrappedBuffer(body));
        response.headers()
                .set(HttpHeaderNames.CONTENT_TYPE, HttpHeaderValues.APPLICATION_JSON)
                .setInt(HttpHeaderNames.CONTENT_LENGTH, body.length);
        return response;
    }
}

package io.samovar.examples;

import static io.samovar.Async.await;

import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.samovar.Async;
import io.samovar.Coroutine;
import io.samovar.Signals;
import io.samovar.codec.CodecStream;
import io.samovar.net.TcpServer;
import io.samovar.net.TcpStream;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;

/**
 * An HTTP/1.1 endpoint that speaks JSON, on Netty's codec: keep-alive, pipelining, {@code HEAD}, {@code 100-continue}, errors
 * with a status of their own, and an end on SIGTERM that cuts nobody off.
 *
 * <pre>{@code
 * curl -d '{"numbers":[1,2,3]}' http://localhost:8080/sum
 * }</pre>
 */
public final class JsonServer {
    /** A larger body gets a 413. */
    private static final int MAX_BODY = 64 * 1024;

    private final JsonApi api = new JsonApi();

    private final Set<Connection> connections = new HashSet<>();

    private boolean draining;

    public static void main(String[] args) {
        int port = args.length == 0 ? 8080 : Integer.parseInt(args[0]);
        Async.run(() -> serve(new InetSocketAddress(port)));
    }

    static Coroutine<Void> serve(InetSocketAddress address) {
        JsonServer json = new JsonServer();
        try (TcpServer server = TcpServer.bind(address)
                .maxConnections(10_000)
                .idleTimeout(Duration.ofMinutes(1))
                .start(json::talk)) {
            System.out.println("listening on " + server.address());
            String signal = await(Signals.next("TERM", "INT"));
            System.out.println("stopping on " + signal);
            await(json.drain(server, Duration.ofSeconds(10)));
        }
        return Coroutine.done();
    }

    /** One connection. */
    public Coroutine<Void> talk(TcpStream peer) {
        try (CodecStream<FullHttpRequest, FullHttpResponse> http = new CodecStream<>(
                peer, FullHttpRequest.class, new HttpServerCodec(), new HttpObjectAggregator(MAX_BODY))) {
            Connection connection = new Connection(http);
            connections.add(connection);
            try {
                await(converse(connection));
            } finally {
                connections.remove(connection);
            }
        }
        return Coroutine.done();
    }

    private Coroutine<Void> converse(Connection connection) {
        boolean goesOn = true;
        while (goesOn) {
            connection.isIdle = true;
            FullHttpRequest request = await(connection.http.read());
            connection.isIdle = false;
            if (request == null) {
                break;
            }
            try {
                FullHttpResponse response = api.answer(request);
                goesOn = !draining && HttpUtil.isKeepAlive(request) && HttpUtil.isKeepAlive(response);
                HttpVersion version = goesOn ? request.protocolVersion() : response.protocolVersion();
                HttpUtil.setKeepAlive(response.headers(), version, goesOn); // HTTP/1.0 must be told that it goes on
                await(connection.http.write(response));
            } finally {
                request.release();
            }
        }
        return Coroutine.done();
    }

    /** Takes no more connections, closes those that wait for a request, and lets the others finish theirs. */
    public Coroutine<Void> drain(TcpServer server, Duration limit) {
        draining = true;
        for (Connection connection : connections) {
            if (connection.isIdle) {
                connection.http.close(); // its read gives the end, and its task goes on from there
            }
        }
        await(server.drain(limit));
        return Coroutine.done();
    }

    private static final class Connection {
        private final CodecStream<FullHttpRequest, FullHttpResponse> http;

        /** It waits for a request. */
        private boolean isIdle;

        Connection(CodecStream<FullHttpRequest, FullHttpResponse> http) {
            this.http = http;
        }
    }
}

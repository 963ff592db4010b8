package io.samovar.tests.examples;

import static io.samovar.Async.await;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.samovar.Async;
import io.samovar.Coroutine;
import io.samovar.Task;
import io.samovar.examples.JsonServer;
import io.samovar.net.TcpServer;
import io.samovar.net.TcpStream;
import io.samovar.tests.support.TransportTest;
import io.samovar.transport.TransportProvider;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class JsonServerTest {
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private final JsonServer json = new JsonServer();

    private Coroutine<String> ask(TcpServer server, String method, String path, String body) {
        URI uri = URI.create("http://127.0.0.1:" + server.address().getPort() + path);
        BodyPublisher publisher = body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body);
        HttpRequest request =
                HttpRequest.newBuilder(uri).method(method, publisher).build();
        HttpResponse<String> answer = await(client.sendAsync(request, BodyHandlers.ofString()));
        return Coroutine.of(answer.statusCode() + " " + answer.body());
    }

    @TransportTest
    void eachRequestGetsTheStatusThatItShould(TransportProvider provider) {
        Site.run(provider, json::talk, server -> {
            assertThat(await(ask(server, "GET", "/hello", ""))).isEqualTo("200 {\"message\":\"Hello, world!\"}");
            assertThat(await(ask(server, "GET", "/hello?name=Ad%C3%A9le", "")))
                    .isEqualTo("200 {\"message\":\"Hello, Ad\u00e9le!\"}");
            assertThat(await(ask(server, "POST", "/sum", "{\"numbers\":[1,2,39]}")))
                    .isEqualTo("200 {\"sum\":42}");
            assertThat(await(ask(server, "POST", "/sum", "{\"numbers\":[1,")))
                    .startsWith("400 {\"error\":\"no numbers");
            assertThat(await(ask(server, "POST", "/sum", "null"))).startsWith("400 {\"error\":\"no numbers");
            assertThat(await(ask(server, "POST", "/sum", "{\"numbers\":[null]}")))
                    .startsWith("400 ");
            assertThat(await(ask(server, "DELETE", "/sum", "")))
                    .isEqualTo("405 {\"error\":\"the method must be POST\"}");
            assertThat(await(ask(server, "GET", "/tea", "")))
                    .isEqualTo("404 {\"error\":\"there is only /hello and /sum\"}");
            assertThat(await(ask(server, "POST", "/sum", " ".repeat(70_000)))).isEqualTo("413 ");
            assertThat(await(ask(server, "HEAD", "/hello", ""))).isEqualTo("200 ");
            server.closeClients(); // the client keeps its connection
            return Coroutine.done();
        });
    }

    /** All that the server sends to one who says this, and then nothing more. */
    private static Coroutine<String> tell(TcpServer server, String text) {
        try (TcpStream peer = await(TcpStream.connect(server.address()))) {
            await(peer.write(text));
            peer.shutdownOutput();
            return Coroutine.of(await(peer.readString()));
        }
    }

    private static String ok(String name, String more) {
        String body = "{\"message\":\"Hello, " + name + "!\"}";
        return "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: " + body.length() + "\r\n" + more
                + "\r\n" + body;
    }

    @TransportTest
    void pipelinedRequestsAreAnsweredInOrder(TransportProvider provider) {
        Site.run(provider, json::talk, server -> {
            String answer = await(tell(server, """
                    GET /hello?name=a HTTP/1.1\r
                    \r
                    GET /hello?name=b HTTP/1.1\r
                    \r
                    GET /hello?name=c HTTP/1.1\r
                    connection: close\r
                    \r
                    GET /never HTTP/1.1\r
                    \r
                    """));
            assertThat(answer).isEqualTo(ok("a", "") + ok("b", "") + ok("c", "connection: close\r\n"));
            return Coroutine.done();
        });
    }

    @TransportTest
    void garbageGetsABadRequestAndTheEnd(TransportProvider provider) {
        Site.run(provider, json::talk, server -> {
            String answer = await(tell(server, "tea, please\r\n\r\nGET /hello HTTP/1.1\r\n\r\n"));
            assertThat(answer)
                    .startsWith("HTTP/1.1 400 Bad Request\r\n")
                    .contains("connection: close\r\n")
                    .endsWith("{\"error\":\"this is not HTTP/1.1\"}");
            return Coroutine.done();
        });
    }

    @TransportTest
    void anOldClientGetsItsAnswerAndTheEnd(TransportProvider provider) {
        Site.run(provider, json::talk, server -> {
            try (TcpStream peer = await(TcpStream.connect(server.address()))) {
                await(peer.write("GET /hello HTTP/1.0\r\n\r\n"));
                assertThat(await(peer.readString())).endsWith("{\"message\":\"Hello, world!\"}");
            }
            return Coroutine.done();
        });
    }

    @TransportTest
    void drainingClosesWhoWaitsAndLetsTheOthersFinish(TransportProvider provider) {
        Site.run(provider, json::talk, server -> {
            TcpStream idle = await(TcpStream.connect(server.address()));
            await(idle.write("GET /hello HTTP/1.1\r\n\r\n"));
            await(idle.readUntil("}".getBytes(UTF_8))).release();
            Task<Void> draining = Async.createTask(json.drain(server, Duration.ofSeconds(20)));
            assertThat(await(idle.read())).isNull();
            await(draining);
            assertThat(server.connections()).isZero();
            idle.close();
            return Coroutine.done();
        });
    }

    /** A server in a process of its own gets SIGTERM. */
    @Test
    void aSignalEndsTheProgramInGoodOrder() throws Exception {
        try (ExampleProcess example = ExampleProcess.start(JsonServer.class, "0")) {
            String line = example.line();
            int port = Integer.parseInt(line.substring(line.lastIndexOf(':') + 1));
            URI uri = URI.create("http://127.0.0.1:" + port + "/hello");
            HttpResponse<String> answer =
                    client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
            assertThat(answer.body()).isEqualTo("{\"message\":\"Hello, world!\"}");
            example.terminate();
            assertThat(example.line()).isEqualTo("stopping on TERM");
            assertThat(example.exitStatus()).isZero();
        }
    }
}

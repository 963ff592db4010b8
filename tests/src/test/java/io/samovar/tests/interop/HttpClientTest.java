package io.samovar.tests.interop;

import static io.samovar.Async.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.samovar.Async;
import io.samovar.CancelledError;
import io.samovar.Coroutine;
import io.samovar.EventLoop;
import io.samovar.Task;
import io.samovar.tests.support.TransportTest;
import io.samovar.transport.TransportProvider;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;

/** The JDK's HTTP client inside coroutines, over real sockets. */
@Timeout(60)
class HttpClientTest {
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final ExecutorService HANDLERS = Executors.newCachedThreadPool();
    private static final CountDownLatch RELEASED = new CountDownLatch(1);
    /** Completed by the first request that the server keeps waiting. */
    private static final CompletableFuture<Void> HELD = new CompletableFuture<>();

    private static HttpServer server;

    @BeforeAll
    static void startTheServer() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(HANDLERS);
        server.createContext("/length/", HttpClientTest::answerWithSoMuch);
        server.createContext("/held", HttpClientTest::hold);
        server.start();
    }

    @AfterAll
    static void stopTheServer() {
        RELEASED.countDown();
        server.stop(0);
        HANDLERS.shutdown();
    }

    private static void answerWithSoMuch(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        byte[] body = "x"
                .repeat(Integer.parseInt(path.substring("/length/".length())))
                .getBytes(StandardCharsets.US_ASCII);
        exchange.sendResponseHeaders(200, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    private static void hold(HttpExchange exchange) {
        HELD.complete(null);
        try {
            RELEASED.await();
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
        exchange.close();
    }

    private static HttpRequest get(String path) {
        return HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + server.getAddress().getPort() + path))
                .build();
    }

    private static Coroutine<Integer> length(String path) {
        HttpResponse<String> answer = await(HTTP.sendAsync(get(path), BodyHandlers.ofString()));
        EventLoop.current().checkThread();
        return Coroutine.of(answer.body().length());
    }

    private static Coroutine<List<Integer>> several() {
        List<Task<Integer>> tasks = new ArrayList<>();
        for (int i = 1; i <= 20; i++) {
            tasks.add(Async.createTask(length("/length/" + i)));
        }
        List<Integer> lengths = new ArrayList<>();
        for (Task<Integer> task : tasks) {
            lengths.add(await(task));
        }
        return Coroutine.of(lengths);
    }

    @TransportTest
    void answersAreAwaitedManyAtOnce(TransportProvider provider) {
        try (EventLoop loop = EventLoop.builder().transport(provider).open()) {
            assertThat(loop.runUntilComplete(several()))
                    .containsExactly(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20);
        }
    }

    @TransportTest
    void aRequestThatIsNotAnsweredIsCancelledWithItsTask(TransportProvider provider) {
        try (EventLoop loop = EventLoop.builder().transport(provider).open()) {
            CompletableFuture<HttpResponse<String>> sent = HTTP.sendAsync(get("/held"), BodyHandlers.ofString());
            Task<String> task = loop.createTask(bodyOf(sent));
            assertThatThrownBy(() -> loop.runUntilComplete(cancellingOnceHeld(task)))
                    .isInstanceOf(CancelledError.class)
                    .hasMessage("no patience");
            assertThat(sent).isCompletedExceptionally();
        }
    }

    private static Coroutine<String> bodyOf(CompletableFuture<HttpResponse<String>> sent) {
        return Coroutine.of(await(sent).body());
    }

    private static Coroutine<String> cancellingOnceHeld(Task<String> task) {
        await(HELD);
        await(Async.sleep(Duration.ZERO));
        task.cancel("no patience");
        return Coroutine.of(await(task));
    }

    @TransportTest
    void aFailureIsTheClientsOwn(TransportProvider provider) {
        try (EventLoop loop = EventLoop.builder().transport(provider).open()) {
            HttpRequest nowhere =
                    HttpRequest.newBuilder(URI.create("http://127.0.0.1:1/")).build();
            assertThatThrownBy(() -> loop.runUntilComplete(bodyOf(HTTP.sendAsync(nowhere, BodyHandlers.ofString()))))
                    .isInstanceOf(ConnectException.class);
        }
    }
}

package io.samovar.samples;

import static io.samovar.Async.await;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.samovar.Async;
import io.samovar.AsyncIterable;
import io.samovar.AsyncSequence;
import io.samovar.Coroutine;
import io.samovar.EventLoop;
import io.samovar.testing.VirtualClock;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.util.List;
import java.util.concurrent.Flow;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The samples of the guide's parts on other libraries' futures, on iteration and on generators do what it says. */
@Timeout(30)
class IterationTest {
    @AutoClose
    private final EventLoop loop = new VirtualClock().openLoop();

    private static <T> AsyncIterable<T> each(List<T> elements) {
        return () -> AsyncSequence.generate(out -> {
            for (T element : elements) {
                await(out.emit(element));
            }
            return Coroutine.done();
        });
    }

    @Test
    void aPageIsFetchedWithTheJdksClient() throws Exception {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            exchange.sendResponseHeaders(200, 3);
            exchange.getResponseBody().write(new byte[] {'t', 'e', 'a'});
            exchange.close();
        });
        server.start();
        try {
            URI page = URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/");
            int length = Async.run(() -> Iteration.length(HttpClient.newHttpClient(), page));
            assertThat(length).isEqualTo(3);
        } finally {
            server.stop(0);
        }
    }

    @Test
    void aLoopStopsAtTheFirstEmptyLine() {
        assertThat(loop.runUntilComplete(Iteration.longest(each(List.of("a", "bcd", "", "efghi")))))
                .isEqualTo(3);
    }

    @Test
    void aGeneratorGoesThroughLines() {
        assertThat(loop.runUntilComplete(
                        Iteration.words(each(List.of("a bc", "d"))).toList()))
                .containsExactly("a", "bc", "d");
    }

    @Test
    void aPublisherIsSummedUp() {
        Flow.Publisher<Integer> publisher = each(List.of(1, 2, 3)).toPublisher(loop);
        assertThat(loop.runUntilComplete(Iteration.sum(publisher))).isEqualTo(6);
    }
}

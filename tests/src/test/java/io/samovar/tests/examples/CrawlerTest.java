package io.samovar.tests.examples;

import static io.samovar.Async.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.samovar.Async;
import io.samovar.Coroutine;
import io.samovar.examples.Crawler;
import io.samovar.net.TcpStream;
import io.samovar.tests.support.TransportTest;
import io.samovar.transport.TransportProvider;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Timeout;

/** The crawler on a site of twenty pages, each with links to others. */
@Timeout(60)
class CrawlerTest {
    private static final int PAGES = 20;

    private final Map<String, Integer> visits = new HashMap<>();
    private int atOnce;
    private int mostAtOnce;

    private static String page(int number) {
        return "<a href=\"/" + (2 * number) + "\">left</a> <a class=\"x\" href=\"" + (2 * number + 1)
                + "\">right</a> <a href=\"/1#top\">up</a> <a href=\"http://other.example/\">away</a>";
    }

    private Coroutine<Void> serve(TcpStream peer) {
        String request = await(peer.readLine());
        while (!await(peer.readLine()).isEmpty()) {
            // the rest of the head says nothing that matters here
        }
        mostAtOnce = Math.max(mostAtOnce, ++atOnce);
        await(Async.sleep(Duration.ofMillis(1)));
        atOnce--;
        String path = request.substring(4, request.indexOf(" HTTP/"));
        visits.merge(path, 1, Integer::sum);
        int number = Integer.parseInt(path.substring(1));
        String body = number <= PAGES ? page(number) : "";
        await(peer.write(
                "HTTP/1.1 200 OK\r\ncontent-length: " + body.length() + "\r\nconnection: close\r\n\r\n" + body));
        return Coroutine.done();
    }

    @TransportTest
    void everyPageOfTheSiteIsVisitedOnceAndNotTooManyAtOnce(TransportProvider provider) {
        visits.clear();
        mostAtOnce = 0;
        Site.run(provider, this::serve, server -> {
            URI start = URI.create("http://127.0.0.1:" + server.address().getPort() + "/1");
            Map<URI, Integer> sizes = await(Crawler.crawl(start, 3));
            assertThat(sizes).hasSize(2 * PAGES + 1).containsEntry(start, page(1).length());
            assertThat(visits)
                    .hasSize(2 * PAGES + 1)
                    .allSatisfy((path, count) -> assertThat(count).isEqualTo(1));
            assertThat(mostAtOnce).isBetween(2, 3);
            return Coroutine.done();
        });
    }

    @TransportTest
    void aPageThatCannotBeHadIsSaidToBeSo(TransportProvider provider) {
        Site.run(provider, CrawlerTest::hangUp, server -> {
            URI start = URI.create("http://127.0.0.1:" + server.address().getPort() + "/1");
            assertThat(await(Crawler.crawl(start, 1))).containsExactly(Map.entry(start, -1));
            return Coroutine.done();
        });
    }

    private static Coroutine<Void> hangUp(TcpStream peer) {
        peer.close();
        return Coroutine.done();
    }
}

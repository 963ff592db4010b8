package io.samovar.examples;

import static io.samovar.Async.await;

import io.samovar.Async;
import io.samovar.Coroutine;
import io.samovar.TaskGroup;
import io.samovar.sync.Semaphore;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Follows the links of one site, so many pages at once, and prints how large each page is. */
public final class Crawler {
    private static final Pattern LINK = Pattern.compile("<a\\s[^>]*href=\"([^\"#]+)");
    private static final Duration LIMIT = Duration.ofSeconds(5);

    /** The JDK's own client: its futures are awaited like anything else. */
    private final HttpClient http = HttpClient.newHttpClient();

    private final URI start;
    private final Semaphore slots;

    /** Characters of each page; -1 for one that could not be had. One thread uses it: no lock, no race. */
    private final Map<URI, Integer> sizes = new LinkedHashMap<>();

    private Crawler(URI start, int atOnce) {
        this.start = start;
        this.slots = new Semaphore(atOnce);
    }

    public static void main(String[] args) {
        Map<URI, Integer> sizes = Async.run(() -> crawl(URI.create(args[0]), 10));
        sizes.forEach((page, size) -> System.out.println(size + "\t" + page));
    }

    /** The pages that can be reached from one, on its host. */
    public static Coroutine<Map<URI, Integer>> crawl(URI start, int atOnce) {
        Crawler crawler = new Crawler(start, atOnce);
        await(TaskGroup.run(group -> {
            group.start(crawler.visit(group, start));
            return Coroutine.done();
        }));
        return Coroutine.of(crawler.sizes);
    }

    private Coroutine<Void> visit(TaskGroup group, URI page) {
        if (sizes.putIfAbsent(page, -1) != null) {
            return Coroutine.done();
        }
        await(slots.acquire());
        try {
            HttpRequest request = HttpRequest.newBuilder(page).build();
            HttpResponse<String> answer =
                    await(Async.timeout(LIMIT, http.sendAsync(request, HttpResponse.BodyHandlers.ofString())));
            sizes.put(page, answer.body().length());
            links(page, answer.body()).forEach(link -> group.start(visit(group, link)));
        } catch (Exception gone) { // no answer, or too late; a cancellation is none of these
            System.err.println(page + ": " + gone);
        } finally {
            slots.release();
        }
        return Coroutine.done();
    }

    private Stream<URI> links(URI page, String text) {
        return LINK.matcher(text)
                .results()
                .map((MatchResult link) -> link.group(1))
                .flatMap(link -> resolve(page, link))
                .filter(link -> start.getAuthority().equals(link.getAuthority()))
                .distinct();
    }

    private static Stream<URI> resolve(URI page, String link) {
        try {
            return Stream.of(page.resolve(link));
        } catch (IllegalArgumentException notALink) {
            return Stream.empty();
        }
    }
}

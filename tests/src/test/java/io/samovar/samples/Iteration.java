package io.samovar.samples;

import static io.samovar.Async.await;

import io.samovar.AsyncIterable;
import io.samovar.AsyncIterator;
import io.samovar.AsyncSequence;
import io.samovar.Coroutine;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.concurrent.Flow;

/** The samples of the guide's parts on other libraries' futures, on iteration and on generators. */
final class Iteration {
    private Iteration() {}

    static Coroutine<Integer> length(HttpClient http, URI page) {
        HttpRequest request = HttpRequest.newBuilder(page).build();
        HttpResponse<String> answer = await(http.sendAsync(request, BodyHandlers.ofString()));
        return Coroutine.of(answer.body().length());
    }

    static Coroutine<Integer> longest(AsyncIterable<String> from) {
        int longest = 0;
        AsyncIterator<String> lines = from.iterator();
        try {
            while (await(lines.hasNext())) {
                String line = lines.next();
                if (line.isEmpty()) {
                    break;
                }
                longest = Math.max(longest, line.length());
            }
        } finally {
            await(lines.close());
        }
        return Coroutine.of(longest);
    }

    static AsyncSequence<String> words(AsyncIterable<String> lines) {
        return AsyncSequence.generate(out -> {
            AsyncIterator<String> each = lines.iterator();
            try {
                while (await(each.hasNext())) {
                    for (String word : each.next().split(" ", -1)) {
                        await(out.emit(word));
                    }
                }
            } finally {
                await(each.close());
            }
            return Coroutine.done();
        });
    }

    static Coroutine<Integer> sum(Flow.Publisher<Integer> publisher) {
        int[] sum = {0};
        await(AsyncIterable.from(publisher, 16).forEach(number -> {
            sum[0] += number;
            return Coroutine.done();
        }));
        return Coroutine.of(sum[0]);
    }
}

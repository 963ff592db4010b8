package io.samovar.echo;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Results made up for tests of what is printed. */
final class Results {
    private Results() {}

    static LoadResult good() {
        return with(0, null);
    }

    static LoadResult withMismatch(String failure) {
        return with(1, failure);
    }

    private static LoadResult with(int mismatches, @Nullable String failure) {
        return new LoadResult(
                new LoadPlan(64, 1024, 8, Duration.ofMillis(500), Duration.ofSeconds(2)),
                "epoll",
                "127.0.0.1:7007",
                2_000_000_000,
                246_912,
                new Latency(518.24, 500.5, 620.25, 1_234.5, 5_000, 12_345.6),
                999_000_000,
                mismatches,
                0,
                0,
                failure,
                false);
    }
}

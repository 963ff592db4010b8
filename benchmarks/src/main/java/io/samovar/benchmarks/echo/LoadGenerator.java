package io.samovar.benchmarks.echo;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Runs a load generator to its end. */
final class LoadGenerator {
    /** What it may take more than it should, to connect and because others use its core. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private LoadGenerator() {}

    /**
     * What it has printed.
     *
     * @param takes warm-up and window
     * @throws IOException if it fails, or does not end
     */
    static Map<String, String> run(List<String> command, Duration takes) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        try {
            if (!process.waitFor(takes.plus(PATIENCE).toMillis(), TimeUnit.MILLISECONDS)) {
                throw new IOException("the load generator does not end: " + String.join(" ", command));
            }
            String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            if (!printed.startsWith("{")) {
                throw new IOException("the load generator failed: " + printed);
            }
            return FlatJson.read(printed);
        } finally {
            process.destroyForcibly();
        }
    }
}

package io.samovar.benchmarks.echo;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A measurement of one HTTP server.
 *
 * @param warmUps how often wrk comes and goes before: connections that open and close are a part of what must be warm, and what
 *     the compiler has not seen of them makes it begin anew
 * @param warmUp how long each takes
 */
record HttpRun(int warmUps, Duration warmUp, Duration window) {
    static final HttpRun FULL = new HttpRun(4, Duration.ofSeconds(3), Duration.ofSeconds(5));
    static final HttpRun QUICK = new HttpRun(1, Duration.ofSeconds(1), Duration.ofSeconds(1));

    private static final Pattern REQUESTS = Pattern.compile("(\\d+) requests in ");

    /**
     * Starts a server, warms it up, measures and ends it.
     *
     * @param server flags of the Java machine, a main class and its arguments
     * @param load more arguments for wrk
     * @throws IOException if the server does not start, or wrk finds an error in an answer
     */
    CpuWindow measure(Cores cores, List<String> server, List<String> load, Path log)
            throws IOException, InterruptedException {
        List<String> command = Jvm.command(server);
        try (ServerProcess process = ServerProcess.start(cores.onServerCore(command), log)) {
            for (int i = 0; i < warmUps; i++) {
                long unused = wrk(cores, process, load, warmUp);
            }
            long before = process.cpuNanos();
            long requests = wrk(cores, process, load, window);
            return new CpuWindow(requests, process.cpuNanos() - before, window);
        }
    }

    private static long wrk(Cores cores, ServerProcess server, List<String> load, Duration duration)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("wrk", "-t1", "-c64", "-d" + duration.toSeconds() + 's'));
        command.addAll(load);
        command.add("http://127.0.0.1:" + server.port() + "/hello");
        Process process;
        try {
            process = new ProcessBuilder(cores.onLoadCore(command))
                    .redirectErrorStream(true)
                    .start();
        } catch (IOException none) {
            throw new SetupException("wrk makes the load, and is not here: install wrk", none);
        }
        String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        Matcher requests = REQUESTS.matcher(printed);
        if (process.waitFor() != 0
                || !requests.find()
                || printed.contains("Non-2xx")
                || printed.contains("Socket errors")) {
            throw new IOException("wrk found errors: " + printed);
        }
        return Long.parseLong(requests.group(1));
    }

    @Override
    public String toString() {
        return "warm-up %d times %d s, window %d s".formatted(warmUps, warmUp.toSeconds(), window.toSeconds());
    }
}

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
 * What one HTTP server did in one window.
 *
 * @param cpuNanos of all threads of the server
 */
record HttpWindow(long requests, long cpuNanos, Duration window) {
    private static final Pattern REQUESTS = Pattern.compile("(\\d+) requests in ");

    /**
     * Starts a server, warms it up, measures and ends it.
     *
     * @param server flags of the Java machine, a main class and its arguments
     * @param load more arguments for wrk
     * @throws IOException if the server does not start, or wrk finds an error in an answer
     */
    static HttpWindow of(
            Cores cores, List<String> server, List<String> load, Duration warmUp, Duration window, Path log)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(Jvm.tool("java")));
        command.addAll(Jvm.flags());
        command.addAll(List.of("-cp", System.getProperty("java.class.path")));
        command.addAll(server);
        try (ServerProcess process = ServerProcess.start(cores.onServerCore(command), log)) {
            wrk(cores, process, load, warmUp);
            long before = process.cpuNanos();
            long requests = wrk(cores, process, load, window);
            return new HttpWindow(requests, process.cpuNanos() - before, window);
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

    double cpuMicros() {
        return cpuNanos / 1e3 / requests;
    }

    double rate() {
        return requests / (window.toNanos() / 1e9);
    }
}

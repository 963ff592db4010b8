package io.samovar.benchmarks.echo;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A server that runs, from when it listens until it is closed. It prints where it listens. */
final class ServerProcess implements AutoCloseable {
    private static final Pattern LISTENING = Pattern.compile("listening on .*:(\\d+)\\b.*");
    private static final long START_SECONDS = 30;

    private final Process process;
    private final int port;

    /** How long it may take to end by itself. */
    private Duration patience = Duration.ofSeconds(5);

    private ServerProcess(Process process, int port) {
        this.process = process;
        this.port = port;
    }

    /**
     * Starts a server and waits until it listens.
     *
     * @param log where its complaints go, behind what is there
     * @throws IOException if it does not
     */
    static ServerProcess start(List<String> command, Path log) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
        try {
            return new ServerProcess(
                    process,
                    CompletableFuture.supplyAsync(() -> portOf(process)).get(START_SECONDS, TimeUnit.SECONDS));
        } catch (ExecutionException | TimeoutException failed) {
            process.destroyForcibly();
            throw new IOException("the server does not listen, see " + log + ": " + String.join(" ", command), failed);
        } catch (InterruptedException interrupted) {
            process.destroyForcibly();
            throw interrupted;
        }
    }

    private static int portOf(Process process) {
        BufferedReader output = process.inputReader(StandardCharsets.UTF_8);
        return output.lines()
                .map(LISTENING::matcher)
                .filter(Matcher::matches)
                .findFirst()
                .map(line -> Integer.parseInt(line.group(1)))
                .orElseThrow(() -> new IllegalStateException("it ended without a word"));
    }

    /** The port on 127.0.0.1. */
    int port() {
        return port;
    }

    long pid() {
        return process.pid();
    }

    /** A figure of /proc/PID/status in kilobytes, such as VmHWM; 0 when it is gone. */
    long kilobytes(String name) throws IOException {
        try (Stream<String> lines = Files.lines(Path.of("/proc/" + pid() + "/status"))) {
            return lines.filter(line -> line.startsWith(name + ':'))
                    .map(line -> line.replaceAll("\\D", ""))
                    .mapToLong(Long::parseLong)
                    .findFirst()
                    .orElse(0);
        } catch (NoSuchFileException gone) {
            return 0;
        }
    }

    /** Processor time of the threads that live, in nanoseconds. */
    long cpuNanos() throws IOException {
        File[] threads = new File("/proc/" + pid() + "/task").listFiles();
        long nanos = 0;
        for (File thread : threads == null ? new File[0] : threads) {
            String ran = firstWord(thread.toPath().resolve("schedstat"));
            nanos += ran == null ? 0 : Long.parseLong(ran);
        }
        return nanos;
    }

    private static @Nullable String firstWord(Path file) throws IOException {
        try {
            return Files.readString(file).split(" ", 2)[0];
        } catch (NoSuchFileException ended) {
            return null;
        }
    }

    /** Lets it take longer to end: it has more to do then than to stop. */
    void giveTimeToEnd(Duration time) {
        patience = time;
    }

    /** Ends it as a service manager would, and by force when its time is over. */
    @Override
    public void close() {
        process.toHandle().destroy(); // Process.destroy() would close its output as well, which it may still write to
        boolean interrupted = false;
        try {
            if (process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                return;
            }
        } catch (InterruptedException hurry) {
            interrupted = true;
        }
        process.destroyForcibly();
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}

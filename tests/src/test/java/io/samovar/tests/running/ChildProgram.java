package io.samovar.tests.running;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** A program in a Java machine of its own, for signals to end. What it logs is mixed into what it prints. */
final class ChildProgram implements AutoCloseable {
    /** A program that would never end is killed then, so that whoever reads what it prints goes on. */
    private static final int LIMIT_SECONDS = 20;

    /** Of SIGINT in the masks of /proc. */
    private static final long SIGINT_BIT = 1L << (2 - 1);

    private final Process process;
    private final CompletableFuture<Process> limit;
    private final BufferedReader printed;
    private final List<String> lines = new ArrayList<>();

    /** Starts {@link Programs} with the name of one of them. */
    ChildProgram(String program, String... options) throws IOException {
        this(heedingInterrupts(), program, options);
    }

    /** A shell ignores SIGINT for what it starts in the background, as a build may be; a child inherits that. */
    private static List<String> heedingInterrupts() throws IOException {
        Path status = Path.of("/proc/self/status");
        if (!Files.exists(status)) {
            return List.of();
        }
        long ignored = Files.readAllLines(status).stream()
                .filter(line -> line.startsWith("SigIgn:"))
                .mapToLong(line -> Long.parseUnsignedLong(
                        line.substring("SigIgn:".length()).strip(), 16))
                .findFirst()
                .orElse(0);
        return (ignored & SIGINT_BIT) == 0 ? List.of() : List.of("env", "--default-signal=INT");
    }

    private ChildProgram(List<String> prefix, String program, String... options) throws IOException {
        List<String> command = new ArrayList<>(prefix);
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-ea", "-XX:TieredStopAtLevel=1", "-Dsamovar.transport=nio"));
        command.addAll(List.of(options));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Programs.class.getName(), program));
        process = new ProcessBuilder(command).redirectErrorStream(true).start();
        limit = process.onExit().orTimeout(LIMIT_SECONDS, TimeUnit.SECONDS);
        CompletableFuture<Process> unused = limit.exceptionally(tooLate -> process.destroyForcibly());
        printed = process.inputReader(UTF_8);
    }

    /** Starts a program that the shell has told to ignore SIGINT, as it does in the background. */
    static ChildProgram ignoringInterrupts(String program) throws IOException {
        return new ChildProgram(List.of("sh", "-c", "trap '' INT; exec \"$@\"", "sh"), program);
    }

    /** Waits until it prints this. */
    void prints(String expected) {
        try {
            String line;
            do {
                line = printed.readLine();
                assertThat(line)
                        .as("what it prints instead of '%s': %s", expected, lines)
                        .isNotNull();
                lines.add(line);
            } while (!line.equals(expected));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void kill(String signal) {
        Kill.send(signal, process.pid());
    }

    /** Waits for its end, and gives everything that it has printed but the log's lines. */
    List<String> ends(int status) throws InterruptedException {
        printed.lines().forEach(lines::add);
        assertThat(process.waitFor()).as("exit status; it printed %s", lines).isEqualTo(status);
        return lines.stream().filter(line -> line.startsWith("> ")).toList();
    }

    @Override
    public void close() {
        limit.cancel(false);
        process.destroyForcibly();
    }
}

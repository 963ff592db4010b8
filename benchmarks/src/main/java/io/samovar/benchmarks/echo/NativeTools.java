package io.samovar.benchmarks.echo;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Locale;

/**
 * The server and the load generators that are written in C, compiled here.
 *
 * @param echoServer the path of the C server, as all of these
 * @param echoLoad keeps connections busy
 * @param churnLoad opens and closes connections
 * @param idleLoad keeps connections open
 */
record NativeTools(String echoServer, String echoLoad, String churnLoad, String idleLoad) {
    private static final List<String> HEADERS = List.of("client.h", "histogram.h", "meter.h", "pattern.h");

    /**
     * Compiles them.
     *
     * @param directory where the sources and the programs go
     * @throws SetupException if there is no Linux or no compiler
     */
    static NativeTools build(Path directory) throws IOException, InterruptedException {
        if (!System.getProperty("os.name", "").toLowerCase(Locale.ROOT).startsWith("linux")) {
            throw new SetupException(
                    "servers are measured on Linux only: the C server waits with epoll, and /proc tells what"
                            + " a process uses");
        }
        Files.createDirectories(directory);
        for (String header : HEADERS) {
            unpack(header, directory);
        }
        return new NativeTools(
                compile("echo-server", directory),
                compile("echo-load", directory),
                compile("churn-load", directory),
                compile("idle-load", directory));
    }

    /** How the compiler calls itself. */
    static String compiler() throws InterruptedException {
        try {
            return run(List.of("gcc", "--version")).lines().findFirst().orElse("gcc") + ", -O2";
        } catch (IOException none) {
            throw noCompiler(none);
        }
    }

    private static String compile(String name, Path directory) throws IOException, InterruptedException {
        Path source = unpack(name + ".c", directory);
        Path program = directory.resolve(name).toAbsolutePath();
        try {
            run(List.of("gcc", "-std=gnu11", "-O2", "-Wall", "-Wextra", "-o", program.toString(), source.toString()));
        } catch (IOException none) {
            throw noCompiler(none);
        }
        return program.toString();
    }

    private static SetupException noCompiler(IOException cause) {
        return new SetupException(
                "gcc compiles the C server and the load generators, and does not run here: install gcc and libc6-dev"
                        + " (Debian's names)",
                cause);
    }

    private static String run(List<String> command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new SetupException(String.join(" ", command) + " failed:\n" + output);
        }
        return output;
    }

    private static Path unpack(String file, Path directory) throws IOException {
        Path target = directory.resolve(file);
        try (InputStream source = NativeTools.class.getResourceAsStream(file)) {
            if (source == null) {
                throw new IOException(file + " is missing beside the classes of the benchmarks");
            }
            Files.copy(source, target, StandardCopyOption.REPLACE_EXISTING);
        }
        return target;
    }
}

package io.samovar.benchmarks.echo;

import io.samovar.benchmarks.servers.TlsLoad;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** A measurement of one echo over TLS. */
record TlsRun(Duration warmUp, Duration window) {
    static final TlsRun FULL = new TlsRun(Duration.ofSeconds(6), Duration.ofSeconds(4));
    static final TlsRun QUICK = new TlsRun(Duration.ofSeconds(1), Duration.ofSeconds(1));

    static final int CONNECTIONS = 8;
    static final String PASSWORD = "kettle";

    /** Makes a key store with a certificate that signs itself. */
    static Path makeKeys(Path directory) throws IOException, InterruptedException {
        Path keys = directory.resolve("keys.p12");
        Files.deleteIfExists(keys);
        Process keytool = new ProcessBuilder(
                        Jvm.tool("keytool"),
                        "-genkeypair",
                        "-alias",
                        "echo",
                        "-keyalg",
                        "EC",
                        "-groupname",
                        "secp256r1",
                        "-dname",
                        "CN=localhost",
                        "-storetype",
                        "PKCS12",
                        "-keystore",
                        keys.toString(),
                        "-storepass",
                        PASSWORD)
                .redirectErrorStream(true)
                .start();
        String printed = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (keytool.waitFor() != 0) {
            throw new IOException("keytool made no keys: " + printed);
        }
        return keys;
    }

    /**
     * Starts a server, warms it up, measures and ends it.
     *
     * @param server a main class that takes an engine, a key store and its password
     * @throws IOException if the server does not start, or what comes back is not what was sent
     */
    CpuWindow measure(Cores cores, String server, String engine, Path keys, int size, Path log)
            throws IOException, InterruptedException {
        List<String> command = Jvm.command(List.of(server, engine, keys.toString(), PASSWORD));
        try (ServerProcess process = ServerProcess.start(cores.onServerCore(command), log)) {
            List<String> client = Jvm.command(List.of(
                    TlsLoad.class.getName(),
                    String.valueOf(process.port()),
                    String.valueOf(size),
                    String.valueOf(CONNECTIONS),
                    String.valueOf(warmUp.toSeconds()),
                    String.valueOf(window.toSeconds())));
            Process load = new ProcessBuilder(cores.onLoadCore(client))
                    .redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()))
                    .start();
            try (BufferedReader said = load.inputReader(StandardCharsets.UTF_8)) {
                expect("measuring", said, log);
                long before = process.cpuNanos();
                long messages = Long.parseLong(expect("messages ", said, log));
                return new CpuWindow(messages, process.cpuNanos() - before, window);
            } finally {
                load.destroy();
                load.waitFor();
            }
        }
    }

    private static String expect(String prefix, BufferedReader said, Path log) throws IOException {
        String line = said.readLine();
        if (line == null || !line.startsWith(prefix)) {
            throw new IOException("the load has failed, see " + log + ": " + line);
        }
        return line.substring(prefix.length());
    }

    @Override
    public String toString() {
        return "warm-up %d s, window %d s".formatted(warmUp.toSeconds(), window.toSeconds());
    }
}

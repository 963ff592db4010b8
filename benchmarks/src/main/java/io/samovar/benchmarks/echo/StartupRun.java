package io.samovar.benchmarks.echo;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Starts the bundled echo server, has it echo once, and ends it. */
final class StartupRun {
    private static final byte[] MESSAGE = new byte[64];
    private static final int PATIENCE_MILLIS = 10_000;

    private final Path jar;
    private final Path log;

    /**
     * @param jar the runnable jar of the echo server
     * @param log where the servers' complaints go
     */
    StartupRun(Path jar, Path log) {
        this.jar = jar;
        this.log = log;
    }

    /**
     * One start.
     *
     * @param listeningMillis from the start of the process until it says that it listens
     * @param echoMillis until the first message has come back
     * @param cpuMillis processor time of the process by then
     * @param megabytes resident memory by then
     */
    record Start(double listeningMillis, double echoMillis, double cpuMillis, double megabytes) {}

    /** Starts and ends the server once; returns when the process is gone. */
    Start start(List<String> flags) throws IOException, InterruptedException {
        return start(flags, Duration.ofSeconds(5));
    }

    /**
     * Starts and ends the server once.
     *
     * @param patience how long the process may take to end
     */
    Start start(List<String> flags, Duration patience) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(Jvm.tool("java"), "-XX:+UseSerialGC"));
        command.addAll(flags);
        command.addAll(List.of("-jar", jar.toString(), "serve", "--port", "0"));
        long begin = System.nanoTime();
        try (ServerProcess process = ServerProcess.start(command, log)) {
            long listening = System.nanoTime();
            process.giveTimeToEnd(patience);
            echo(process.port());
            long echoed = System.nanoTime();
            return new Start(
                    (listening - begin) / 1e6,
                    (echoed - begin) / 1e6,
                    process.cpuNanos() / 1e6,
                    process.kilobytes("VmRSS") / 1024.0);
        }
    }

    private static void echo(int port) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(PATIENCE_MILLIS);
            socket.getOutputStream().write(MESSAGE);
            byte[] answer = socket.getInputStream().readNBytes(MESSAGE.length);
            if (!Arrays.equals(answer, MESSAGE)) {
                throw new IOException("the echo server sent something else back");
            }
        }
    }
}

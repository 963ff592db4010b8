package io.samovar.benchmarks.echo;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** Many connections to one server, busy or idle. */
final class CrowdRun {
    /** The buffer of each virtual thread: as small as one would choose for so many. */
    static final int SMALL_BUFFER = 4 * 1024;

    /** How long a crowd stays busy behind its window, while its memory is looked at. */
    private static final Duration HOLD = Duration.ofSeconds(20);

    private final NativeTools tools;
    private final Cores cores;
    private final Timing timing;
    private final Duration watch;

    /**
     * @param watch how long idle connections are watched
     */
    CrowdRun(NativeTools tools, Cores cores, Timing timing, Duration watch) {
        this.tools = tools;
        this.cores = cores;
        this.timing = timing;
        this.watch = watch;
    }

    /** How long idle connections are watched. */
    Duration watch() {
        return watch;
    }

    /**
     * Connections that echo all the time.
     *
     * @param each memory of each, taken while they echo
     */
    record Busy(Footprint each, double peakMegabytes, Sample sample) {}

    /**
     * Connections that wait.
     *
     * @param cpuMillisWithout CPU of the server before they came, for as long
     */
    record Idle(Footprint each, double peakMegabytes, double cpuMillisWithout, double cpuMillisWith) {}

    Busy busy(Server server, int connections) throws IOException, InterruptedException {
        try (ServerProcess process = start(server, connections)) {
            Footprint before = before(process, server);
            List<String> command = List.of(
                    tools.echoLoad(),
                    "" + process.port(),
                    "" + connections,
                    "64",
                    "1",
                    "" + timing.warmUp(server.isJvm()).toMillis(),
                    "" + timing.window().toMillis(),
                    "" + process.pid(),
                    "" + HOLD.toMillis());
            Process load = new ProcessBuilder(cores.onLoadCore(Descriptors.allow(connections, command)))
                    .redirectErrorStream(true)
                    .start();
            try (BufferedReader output = load.inputReader(StandardCharsets.UTF_8)) {
                String line = output.readLine();
                if (line == null || !line.startsWith("{")) {
                    throw new IOException("the load generator failed: " + line);
                }
                Sample sample = Sample.of(server, Scenario.E, 1, 1, FlatJson.read(line), process.kilobytes("VmHWM"));
                if (!sample.isRight()) {
                    throw new IOException("%d wrong, %d lost".formatted(sample.wrong(), sample.lost()));
                }
                Footprint each = Footprint.of(process, server, cores).each(before, connections);
                return new Busy(each, sample.peakKilobytes() / 1024.0, sample);
            } finally {
                load.destroyForcibly();
            }
        }
    }

    Idle idle(Server server, int connections) throws IOException, InterruptedException {
        try (ServerProcess process = start(server, connections)) {
            Footprint before = before(process, server);
            double without = watchedCpuMillis(process);
            try (IdleClients clients = new IdleClients(tools, process, connections, cores)) {
                Footprint each = Footprint.of(process, server, cores).each(before, connections);
                double with = watchedCpuMillis(process);
                clients.echoAgain();
                return new Idle(each, process.kilobytes("VmHWM") / 1024.0, without, with);
            }
        }
    }

    private ServerProcess start(Server server, int connections) throws IOException, InterruptedException {
        List<String> command = server.command(tools, SMALL_BUFFER);
        Path log = Path.of(tools.echoServer()).resolveSibling("servers.log");
        return ServerProcess.start(cores.onServerCore(Descriptors.allow(connections, command)), log);
    }

    /** With what is made once made already: one connection has come and gone. */
    private Footprint before(ServerProcess process, Server server) throws IOException, InterruptedException {
        try (IdleClients one = new IdleClients(tools, process, 1, cores)) {
            one.echoAgain();
        }
        return Footprint.of(process, server, cores);
    }

    private double watchedCpuMillis(ServerProcess process) throws IOException, InterruptedException {
        Thread.sleep(500); // what the last messages have left to do
        long from = process.cpuNanos();
        Thread.sleep(watch.toMillis());
        return (process.cpuNanos() - from) / 1e6;
    }
}

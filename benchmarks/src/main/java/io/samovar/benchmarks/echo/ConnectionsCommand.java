package io.samovar.benchmarks.echo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Measures what connections take of memory, busy and idle, and what idle ones take of the processor. */
@Command(
        name = "connections",
        description =
                "Heap and resident memory of each of many connections, busy and idle, and the CPU that the idle ones take."
                        + " About 4 minutes.",
        mixinStandardHelpOptions = true)
public final class ConnectionsCommand implements Callable<Integer> {
    @Mixin
    private final EchoOptions options = new EchoOptions();

    @Option(
            names = "--busy",
            paramLabel = "N",
            description = "Connections that echo all the time; default: ${DEFAULT-VALUE}.")
    private int busy = 10_000;

    @Option(names = "--idle", paramLabel = "N", description = "Connections that wait; default: ${DEFAULT-VALUE}.")
    private int idle = 50_000;

    /** Public for picocli. */
    public ConnectionsCommand() {}

    @Override
    public Integer call() throws IOException, InterruptedException {
        Cores cores = options.cores();
        NativeTools tools = options.tools();
        List<String> limits = new ArrayList<>();
        int busyHere = possible(busy, limits);
        int idleHere = possible(idle, limits);
        CrowdRun run = new CrowdRun(tools, cores, options.timing(), Duration.ofSeconds(options.quick ? 1 : 10));
        StringBuilder busyRows = new StringBuilder();
        StringBuilder idleRows = new StringBuilder();
        List<String> failures = new ArrayList<>();
        for (Server server : options.servers(List.of(
                Server.C, Server.SAMOVAR_EPOLL, Server.SAMOVAR_NIO, Server.NETTY_EPOLL, Server.VIRTUAL_THREADS))) {
            attempt(server, "busy", failures, () -> busyRows.append(busyRow(server, run.busy(server, busyHere))));
            attempt(server, "idle", failures, () -> idleRows.append(idleRow(server, run.idle(server, idleHere))));
        }
        String page = page(busyHere, busyRows, idleHere, idleRows, run.watch(), limits, failures);
        System.out.println(page);
        write(page);
        return failures.isEmpty() ? 0 : 1;
    }

    private interface Measurement {
        void run() throws IOException, InterruptedException;
    }

    private static void attempt(Server server, String what, List<String> failures, Measurement measurement)
            throws InterruptedException {
        System.out.println(server.title() + ", " + what);
        try {
            measurement.run();
        } catch (IOException failed) {
            failures.add(server.title() + ", " + what + ": " + failed.getMessage());
            System.out.println("failed: " + failed.getMessage());
        }
    }

    private static int possible(int wanted, List<String> limits) throws InterruptedException {
        int possible = Descriptors.possible(wanted);
        if (possible < wanted) {
            limits.add(String.format(
                    Locale.ROOT,
                    "%,d connections were asked for, and a process may have descriptors for %,d here: raise the hard limit"
                            + " (`ulimit -Hn`, LimitNOFILE of systemd), or run it as a user who may",
                    wanted,
                    possible));
            System.out.println(limits.get(limits.size() - 1));
        }
        return possible;
    }

    private static String busyRow(Server server, CrowdRun.Busy busy) {
        return "| %s | %s | %s | %s | %s | %s | %s |\n"
                .formatted(
                        server.title(),
                        server.isJvm() ? number(busy.each().heap()) : "",
                        number(busy.each().rss()),
                        Measure.text(busy.peakMegabytes()),
                        Measure.text(Measure.CPU.of(busy.sample())),
                        Measure.text(Measure.RATE.of(busy.sample())),
                        busy.sample().disturbance().isDisturbed() ? "yes" : "");
    }

    private static String idleRow(Server server, CrowdRun.Idle idle) {
        return "| %s | %s | %s | %s | %s | %s |\n"
                .formatted(
                        server.title(),
                        server.isJvm() ? number(idle.each().heap()) : "",
                        number(idle.each().rss()),
                        Measure.text(idle.peakMegabytes()),
                        Measure.text(idle.cpuMillisWithout()),
                        Measure.text(idle.cpuMillisWith()));
    }

    private static String number(long value) {
        return String.format(Locale.ROOT, "%,d", value);
    }

    private String page(
            int busyHere,
            CharSequence busyRows,
            int idleHere,
            CharSequence idleRows,
            Duration watch,
            List<String> limits,
            List<String> failures)
            throws IOException, InterruptedException {
        StringBuilder page = new StringBuilder();
        RunInfo run = info();
        page.append("# Many connections, JDK ")
                .append(run.jdk())
                .append(", ")
                .append(run.date())
                .append("\n\n");
        page.append(run.machine())
                .append("; ")
                .append(run.software())
                .append(".\n\n    ")
                .append(run.command());
        page.append("""


                Heap is what is alive after a full collection, less what was before the connections came; resident memory (RSS) is \
                the same difference of the process, garbage that was not yet collected included. Both are bytes for each connection. A \
                virtual thread's buffer lies outside of the heap and has %,d bytes here. What the kernel keeps for a socket is not in it.
                """.formatted(CrowdRun.SMALL_BUFFER));
        page.append(String.format(Locale.ROOT, "%n## %,d busy connections, 64 B each in flight%n%n", busyHere));
        page.append(
                "| | heap | RSS | peak RSS MB | CPU µs/message | messages/s | disturbed |\n|---|---:|---:|---:|---:|---:|---|\n");
        page.append(busyRows);
        page.append(String.format(
                Locale.ROOT,
                "%n## %,d idle connections%n%nEach has had one message echoed before, and one behind. CPU is that of the process in"
                        + " %d s in which nothing happens.%n%n",
                idleHere,
                watch.toSeconds()));
        page.append(
                "| | heap | RSS | peak RSS MB | CPU ms without connections | CPU ms with them |\n|---|---:|---:|---:|---:|---:|\n");
        page.append(idleRows);
        for (String remark : limits) {
            page.append("\n- ").append(remark);
        }
        for (String failure : failures) {
            page.append("\n- failed: ").append(failure);
        }
        return page.append('\n').toString();
    }

    private RunInfo info() throws IOException, InterruptedException {
        return RunInfo.here(
                RunInfo.versions(),
                "connections" + (options.quick ? " --quick" : "") + " --busy " + busy + " --idle " + idle);
    }

    private void write(String page) throws IOException, InterruptedException {
        RunInfo run = info();
        Files.createDirectories(options.out());
        Path file = options.out().resolve(run.date() + "-jdk" + run.jdk() + "-connections.md");
        Files.writeString(file, page);
        System.out.println("written: " + file);
    }
}

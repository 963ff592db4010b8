package io.samovar.benchmarks.echo;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Measures servers in turn: in each round every scenario, and in that every server, so that those that are compared ran within a
 * minute of each other. A server that fails is noted, and the others go on.
 */
final class EchoRun {
    /** What it takes to start a server and to end it. */
    private static final Duration START_AND_END = Duration.ofMillis(800);

    private final NativeTools tools;
    private final Cores cores;
    private final Timing timing;
    private final int retries;
    private final ResultFiles files;
    private final PrintStream progress;
    private final List<String> failures = new ArrayList<>();
    private int done;

    /**
     * @param retries how often a window that was disturbed is measured again
     */
    EchoRun(NativeTools tools, Cores cores, Timing timing, int retries, ResultFiles files, PrintStream progress) {
        this.tools = tools;
        this.cores = cores;
        this.timing = timing;
        this.retries = retries;
        this.files = files;
        this.progress = progress;
    }

    /** What went wrong, one sentence each. */
    List<String> failures() {
        return List.copyOf(failures);
    }

    void run(List<Scenario> scenarios, List<Server> servers, int rounds) throws IOException, InterruptedException {
        int windows = rounds * scenarios.size() * servers.size();
        progress.printf(
                Locale.ROOT, "%d windows, about %d minutes%n", windows, minutes(servers, scenarios.size() * rounds));
        for (int round = 1; round <= rounds; round++) {
            for (Scenario scenario : scenarios) {
                List<Server> order = new ArrayList<>(servers);
                Collections.rotate(order, round - 1); // so that none always comes behind the same one
                for (Server server : order) {
                    done++;
                    measure(server, scenario, round, windows);
                }
            }
        }
    }

    private long minutes(List<Server> servers, int times) {
        Duration each = Duration.ZERO;
        for (Server server : servers) {
            each = each.plus(timing.warmUp(server.isJvm()))
                    .plus(timing.window())
                    .plus(START_AND_END);
        }
        return each.multipliedBy(times).plusSeconds(59).toMinutes();
    }

    private void measure(Server server, Scenario scenario, int round, int windows)
            throws IOException, InterruptedException {
        for (int attempt = 1; attempt <= 1 + retries; attempt++) {
            String what = String.format(
                    Locale.ROOT,
                    "[%d/%d] round %d, %-25s %-15s",
                    done,
                    windows,
                    round,
                    scenario.title(),
                    server.title());
            Sample sample;
            try {
                sample = window(server, scenario, round, attempt);
            } catch (IOException | IllegalArgumentException failed) {
                failed(what, String.valueOf(failed.getMessage()));
                return;
            }
            files.append(sample);
            if (!sample.isRight()) {
                failed(
                        what,
                        "%d wrong, %d lost, %d messages".formatted(sample.wrong(), sample.lost(), sample.messages()));
                return;
            }
            boolean disturbed = sample.disturbance().isDisturbed();
            progress.printf(
                    Locale.ROOT,
                    "%s %6s µs CPU %9s/s  p99 %8s µs%s%n",
                    what,
                    Measure.text(Measure.CPU.of(sample)),
                    Measure.text(Measure.RATE.of(sample)),
                    Measure.text(sample.p99Micros()),
                    disturbed ? "  disturbed" : "");
            if (!disturbed) {
                return;
            }
        }
    }

    private void failed(String what, String why) {
        failures.add(what.replaceAll("^\\[.*?\\] | +$", "").replaceAll(" +", " ") + ": " + why);
        progress.println(what + " failed: " + why);
    }

    private Sample window(Server server, Scenario scenario, int round, int attempt)
            throws IOException, InterruptedException {
        List<String> command = cores.onServerCore(server.command(tools, Server.BUFFER));
        try (ServerProcess process = ServerProcess.start(command, log())) {
            Map<String, String> load = LoadGenerator.run(
                    cores.onLoadCore(scenario.load(tools, process, timing, server.isJvm())),
                    timing.warmUp(server.isJvm()).plus(timing.window()));
            return Sample.of(server, scenario, round, attempt, load, process.kilobytes("VmHWM"));
        }
    }

    private Path log() {
        return Path.of(tools.echoServer()).resolveSibling("servers.log");
    }
}

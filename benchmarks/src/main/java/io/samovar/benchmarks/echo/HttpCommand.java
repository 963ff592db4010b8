package io.samovar.benchmarks.echo;

import io.samovar.benchmarks.Median;
import io.samovar.benchmarks.servers.NettyJson;
import io.samovar.examples.JsonServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Measures the HTTP example beside the same codec in a Netty pipeline. */
@Command(
        name = "http",
        description =
                "The HTTP example on Netty's codec over a stream, beside the same codec and the same answers in a Netty"
                        + " pipeline, under wrk: processor time of the server for each request. About 8 minutes.",
        mixinStandardHelpOptions = true)
public final class HttpCommand implements Callable<Integer> {
    /** Flags of the Java machine, a main class and its arguments. */
    static final Map<String, List<String>> SERVERS = new TreeMap<>(Map.of(
            "Netty epoll", List.of(NettyJson.class.getName(), "epoll"),
            "Samovar epoll", List.of("-Dsamovar.transport=epoll", JsonServer.class.getName(), "0")));

    static final String LOAD_SCRIPT = """
            init = function(args)
              local all = {}
              for i = 1, 16 do all[i] = wrk.format(nil, "/hello") end
              batch = table.concat(all)
            end
            request = function() return batch end
            """;

    @Option(names = "--quick", description = "Windows of a second, one round: to see that it works, not for figures.")
    private boolean quick;

    @Option(
            names = "--rounds",
            paramLabel = "N",
            description = "How often all is measured; default: 5, or 1 with --quick.")
    private @Nullable Integer rounds;

    @Option(names = "--out", paramLabel = "DIR", description = "Where the result goes; default: as for echo.")
    private @Nullable Path out;

    @Option(names = "--no-pin", description = "Leave it to the system which core runs what. For a look only.")
    private boolean noPin;

    /** Public for picocli. */
    public HttpCommand() {}

    /** What was measured of one server under one load: microseconds, and requests a second. */
    private record Row(List<Double> cpu, List<Double> rate) {}

    @Override
    public Integer call() throws IOException, InterruptedException {
        Cores cores = noPin ? Cores.ANY : Cores.firstTwo();
        Path work = Files.createDirectories(Path.of("benchmarks", "target", "http"));
        Path script = Files.writeString(work.resolve("pipeline.lua"), LOAD_SCRIPT);
        Map<String, List<String>> loads = new LinkedHashMap<>();
        loads.put("one request at a time", List.of());
        loads.put("16 requests in flight", List.of("-s", script.toString()));
        Duration warmUp = Duration.ofSeconds(quick ? 1 : 6);
        Duration window = Duration.ofSeconds(quick ? 1 : 5);
        int times = rounds != null ? rounds : quick ? 1 : 5;
        Map<String, Row> rows = new LinkedHashMap<>();
        for (int round = 1; round <= times; round++) {
            for (Map.Entry<String, List<String>> load : loads.entrySet()) {
                List<String> order = new ArrayList<>(SERVERS.keySet());
                Collections.rotate(order, round - 1); // so that none always comes behind the other
                for (String server : order) {
                    HttpWindow measured = HttpWindow.of(
                            cores,
                            Objects.requireNonNull(SERVERS.get(server)),
                            load.getValue(),
                            warmUp,
                            window,
                            work.resolve("servers.log"));
                    note(rows, load.getKey() + " | " + server, measured);
                }
            }
        }
        RunInfo info = RunInfo.here(
                "64 connections, warm-up %d s, window %d s, %d rounds"
                        .formatted(warmUp.toSeconds(), window.toSeconds(), times),
                "http --rounds " + times);
        String page = page(info, rows);
        System.out.println(page);
        Path directory = Files.createDirectories(
                out != null ? out : Path.of("benchmarks", quick ? "target/results" : "results"));
        Path file = directory.resolve(info.date() + "-jdk" + info.jdk() + "-http.md");
        Files.writeString(file, page);
        System.out.println("written: " + file);
        return 0;
    }

    private static void note(Map<String, Row> rows, String name, HttpWindow measured) {
        Row row = rows.computeIfAbsent(name, title -> new Row(new ArrayList<>(), new ArrayList<>()));
        row.cpu().add(measured.cpuMicros());
        row.rate().add(measured.rate());
        System.out.printf(
                "%s: %s µs CPU/request, %s requests/s%n",
                name, Measure.text(measured.cpuMicros()), Measure.text(measured.rate()));
    }

    private static String page(RunInfo info, Map<String, Row> rows) {
        StringBuilder page = new StringBuilder("# HTTP, JDK " + info.jdk() + ", " + info.date());
        page.append("\n\n")
                .append(info.machine())
                .append("; ")
                .append(info.software())
                .append(".\n\n    ")
                .append(info.command())
                .append(
                        "\n\nMedians, and from the least to the most.\n\n| load | server | CPU µs/request | requests/s |\n")
                .append("|---|---|---:|---:|\n");
        rows.forEach((name, row) -> page.append("| ")
                .append(name)
                .append(" | ")
                .append(text(row.cpu()))
                .append(" | ")
                .append(text(row.rate()))
                .append(" |\n"));
        return page.toString();
    }

    private static String text(List<Double> values) {
        double[] all = values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        return Measure.text(Median.of(all)) + " (" + Measure.text(all[0]) + "–" + Measure.text(all[all.length - 1])
                + ')';
    }
}

package io.samovar.benchmarks.echo;

import io.samovar.benchmarks.Median;
import io.samovar.benchmarks.echo.StartupRun.Start;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Measures how soon the echo server is there, with and without an archive of its classes. */
@Command(
        name = "startup",
        description =
                "Time until the echo server listens and has echoed once, with and without class-data sharing. About a minute.",
        mixinStandardHelpOptions = true)
public final class StartupCommand implements Callable<Integer> {
    private static final Path JAR = Path.of("echo-server", "target", "samovar-echo.jar");

    @Option(names = "--quick", description = "Three starts of each: to see that it works.")
    private boolean quick;

    @Option(names = "--starts", paramLabel = "N", description = "Starts of each; default: 15, or 3 with --quick.")
    private @Nullable Integer starts;

    @Option(names = "--jar", paramLabel = "FILE", description = "The runnable jar; default: ${DEFAULT-VALUE}.")
    private Path jar = JAR;

    @Option(names = "--out", paramLabel = "DIR", description = "Where the result goes; default: as for echo.")
    private @Nullable Path out;

    /** Public for picocli. */
    public StartupCommand() {}

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (!Files.isRegularFile(jar)) {
            throw new SetupException(jar + " is missing: build it with mvn -pl echo-server -am -DskipTests package");
        }
        Path archives = Files.createDirectories(Path.of("benchmarks", "target", "archives"));
        StartupRun run = new StartupRun(jar, archives.resolve("startup.log"));
        Map<String, List<String>> ways = StartupWays.prepare(run, archives, System.out);
        Map<String, List<Start>> measured = new LinkedHashMap<>();
        int times = starts != null ? starts : quick ? 3 : 15;
        for (int i = 0; i < times; i++) {
            for (Map.Entry<String, List<String>> way :
                    ways.entrySet()) { // in turn, so that the machine's moods hit all alike
                measured.computeIfAbsent(way.getKey(), name -> new ArrayList<>())
                        .add(run.start(way.getValue()));
            }
            System.out.printf("start %d of %d%n", i + 1, times);
        }
        RunInfo info = RunInfo.here("`-XX:+UseSerialGC`, no core of its own", "startup --starts " + times);
        String page = page(info, ways, measured);
        System.out.println(page);
        Path directory = Files.createDirectories(
                out != null ? out : Path.of("benchmarks", quick ? "target/results" : "results"));
        Path file = directory.resolve(info.date() + "-jdk" + info.jdk() + "-startup.md");
        Files.writeString(file, page);
        System.out.println("written: " + file);
        return 0;
    }

    private static String page(RunInfo info, Map<String, List<String>> ways, Map<String, List<Start>> measured) {
        StringBuilder page = new StringBuilder("# Start-up of the echo server, JDK " + info.jdk() + ", " + info.date());
        page.append("\n\n")
                .append(info.machine())
                .append("; ")
                .append(info.software())
                .append(".\n\n    ");
        page.append(info.command())
                .append("\n\nFrom the start of the process, medians. CPU and memory are the process's when the");
        page.append(
                " first echo is back.\n\n| | listens, ms | first echo, ms | CPU ms | RSS MB |\n|---|---:|---:|---:|---:|\n");
        measured.forEach((name, starts) -> page.append("| %s: `%s` | %s | %s | %s | %s |\n"
                .formatted(
                        name,
                        String.join(" ", ways.getOrDefault(name, List.of())),
                        median(starts, Start::listeningMillis),
                        median(starts, Start::echoMillis),
                        median(starts, Start::cpuMillis),
                        median(starts, Start::megabytes))));
        return page.toString();
    }

    private static String median(List<Start> starts, ToDoubleFunction<Start> value) {
        return Measure.text(Median.of(starts.stream().mapToDouble(value).toArray()));
    }
}

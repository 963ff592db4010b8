package io.samovar.benchmarks.echo;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Measures echo servers beside each other. */
@Command(
        name = "echo",
        description =
                "Samovar's echo server beside Netty's, Vert.x's, virtual threads' and one in plain C: a table and a chart."
                        + " About 22 minutes, on a machine that does nothing else.",
        mixinStandardHelpOptions = true)
public final class EchoCommand implements Callable<Integer> {
    @Mixin
    private final EchoOptions options = new EchoOptions();

    @Option(
            names = "--scenarios",
            paramLabel = "LETTER",
            split = ",",
            description =
                    "Of a (64 connections of 64 B), b (64 of 1 KiB), c (64 of 100 KiB), e (1,000 of 64 B), f (64 of 64 B, 16"
                            + " messages in flight) and l (one connection of 64 B, for its latency); default: all.")
    private @Nullable List<String> scenarios;

    @Option(
            names = "--from",
            paramLabel = "FILE",
            description = "Measure nothing, and make page and chart of a .jsonl file anew.")
    private @Nullable Path from;

    /** Public for picocli. */
    public EchoCommand() {}

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (from != null) {
            ResultFiles files = ResultFiles.of(from);
            files.render(List.of());
            System.out.println(files.page());
            return 0;
        }
        return new EchoSession(options, "echo").run(scenarios(), Server.available());
    }

    private List<Scenario> scenarios() {
        List<String> wanted = scenarios;
        if (wanted == null) {
            return Scenario.ECHOES;
        }
        List<String> known = Scenario.ECHOES.stream().map(Scenario::id).toList();
        for (String name : wanted) {
            if (!known.contains(name)) {
                throw new SetupException("no scenario is called " + name + ": there are " + String.join(", ", known));
            }
        }
        return Scenario.ECHOES.stream()
                .filter(scenario -> wanted.contains(scenario.id()))
                .toList();
    }
}

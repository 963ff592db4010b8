package io.samovar.benchmarks.echo;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What the commands that measure servers have in common. */
final class EchoOptions {
    /** Under the root of the project, where {@code benchmarks/run} starts. */
    private static final Path MODULE = Path.of("benchmarks");

    @Option(
            names = "--quick",
            description = "Windows of half a second, one round: to see that it works, not for figures.")
    boolean quick;

    @Option(
            names = "--rounds",
            paramLabel = "N",
            description = "How often all is measured; default: 3, or 1 with --quick.")
    private @Nullable Integer rounds;

    @Option(
            names = "--retries",
            paramLabel = "N",
            description =
                    "How often a window that others have disturbed is measured again; default: 1, or 0 with --quick.")
    private @Nullable Integer retries;

    @Option(
            names = "--servers",
            paramLabel = "NAME",
            split = ",",
            description =
                    "c, samovar-epoll, samovar-nio, netty-epoll, netty-nio, vertx, virtual-threads; default: all that run"
                            + " on this JDK. The C server takes part always, for the ratios are to it.")
    private @Nullable List<String> servers;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            description =
                    "Where the results go; default: benchmarks/results, or benchmarks/target/results with --quick.")
    private @Nullable Path out;

    @Option(names = "--no-pin", description = "Leave it to the system which core runs what. For a look only.")
    private boolean noPin;

    /** Public for picocli. */
    EchoOptions() {}

    int rounds() {
        return rounds != null ? rounds : quick ? 1 : 3;
    }

    int retries() {
        return retries != null ? retries : quick ? 0 : 1;
    }

    Timing timing() {
        return quick ? Timing.QUICK : Timing.FULL;
    }

    Cores cores() throws InterruptedException {
        return noPin ? Cores.ANY : Cores.firstTwo();
    }

    NativeTools tools() throws IOException, InterruptedException {
        return NativeTools.build(MODULE.resolve("target").resolve("native"));
    }

    Path out() {
        return out != null ? out : quick ? MODULE.resolve("target").resolve("results") : MODULE.resolve("results");
    }

    /**
     * The servers that are asked for and run here, the C server first.
     *
     * @param usual those that are meant if none are asked for
     */
    List<Server> servers(List<Server> usual) {
        List<String> wanted = servers;
        if (wanted == null) {
            return usual.stream().filter(Server::runsHere).toList();
        }
        List<String> known = Arrays.stream(Server.values()).map(Server::id).toList();
        for (String name : wanted) {
            if (!known.contains(name)) {
                throw new SetupException("no server is called " + name + ": there are " + String.join(", ", known));
            }
        }
        return Arrays.stream(Server.values())
                .filter(server -> server == Server.C || wanted.contains(server.id()))
                .filter(Server::runsHere)
                .toList();
    }
}

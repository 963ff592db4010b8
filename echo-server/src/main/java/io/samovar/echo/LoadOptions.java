package io.samovar.echo;

import java.time.Duration;
import picocli.CommandLine.Option;

/** The options that describe a load, for every command that makes one. */
final class LoadOptions {
    @Option(
            names = "--connections",
            paramLabel = "N",
            defaultValue = "64",
            converter = Options.Connections.class,
            description = "Connections, 1 to 65000. Default: ${DEFAULT-VALUE}.")
    private int connections;

    @Option(
            names = "--size",
            paramLabel = "BYTES",
            defaultValue = "64",
            converter = Options.Size.class,
            description =
                    "Bytes of one message, 1 to 64m; k and m mean 1,024 and 1,048,576. Default: ${DEFAULT-VALUE}.")
    private int size;

    @Option(
            names = "--depth",
            paramLabel = "N",
            defaultValue = "1",
            converter = Options.Depth.class,
            description = "Messages that each connection keeps in flight, 1 to 10000. Default: ${DEFAULT-VALUE}.")
    private int depth;

    @Option(
            names = "--duration",
            paramLabel = "SECONDS",
            defaultValue = "5",
            converter = Options.Seconds.class,
            description = "How long to measure. Default: ${DEFAULT-VALUE}.")
    private Duration duration = Duration.ZERO;

    @Option(
            names = "--warmup",
            paramLabel = "SECONDS",
            defaultValue = "2",
            converter = Options.Seconds.class,
            description = "Load before that, which is not measured: the JVM compiles. Default: ${DEFAULT-VALUE}.")
    private Duration warmup = Duration.ZERO;

    LoadPlan plan() {
        return new LoadPlan(connections, size, depth, warmup, duration);
    }
}

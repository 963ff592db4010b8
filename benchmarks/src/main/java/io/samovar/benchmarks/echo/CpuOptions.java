package io.samovar.benchmarks.echo;

import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What the commands have in common that measure the processor time of a server beside its peer. */
final class CpuOptions {
    @Option(names = "--quick", description = "Windows of a second, one round: to see that it works, not for figures.")
    boolean quick;

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
    CpuOptions() {}

    int rounds() {
        return rounds != null ? rounds : quick ? 1 : 5;
    }

    Cores cores() throws InterruptedException {
        return noPin ? Cores.ANY : Cores.firstTwo();
    }

    /** Prints the table, and writes it where results go. */
    void write(CpuTable table, String title, RunInfo info) throws IOException {
        table.write(title, info, out != null ? out : Path.of("benchmarks", quick ? "target/results" : "results"));
    }
}

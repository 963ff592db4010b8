package io.samovar.benchmarks;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** Runs the benchmarks. */
@Command(
        name = "benchmarks/run",
        description = "What Samovar's coroutines cost, beside Kotlin's, virtual threads and plain Java.",
        mixinStandardHelpOptions = true,
        subcommands = {CoroutinesCommand.class, MemoryCommand.class, LayoutCommand.class, CompileCommand.class})
public final class Main {
    private Main() {}

    /** Runs what the arguments name. */
    public static void main(String[] args) {
        System.exit(new CommandLine(new Main()).execute(args));
    }
}

package io.samovar.benchmarks;

import io.samovar.benchmarks.echo.ChurnCommand;
import io.samovar.benchmarks.echo.ConnectionsCommand;
import io.samovar.benchmarks.echo.EchoCommand;
import io.samovar.benchmarks.echo.HttpCommand;
import io.samovar.benchmarks.echo.SetupException;
import io.samovar.benchmarks.echo.StartupCommand;
import io.samovar.benchmarks.echo.TlsCommand;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** Runs the benchmarks. */
@Command(
        name = "benchmarks/run",
        description =
                "What Samovar costs: its coroutines beside Kotlin's, virtual threads, plain Java and CPython's asyncio, its echo server beside"
                        + " Netty's, Vert.x's and one in C.",
        mixinStandardHelpOptions = true,
        subcommands = {
            CoroutinesCommand.class,
            MemoryCommand.class,
            LayoutCommand.class,
            CompileCommand.class,
            AsyncioCommand.class,
            EchoCommand.class,
            HttpCommand.class,
            TlsCommand.class,
            ChurnCommand.class,
            ConnectionsCommand.class,
            StartupCommand.class
        })
public final class Main {
    private Main() {}

    /** Runs what the arguments name. */
    public static void main(String[] args) {
        System.exit(new CommandLine(new Main())
                .setExecutionExceptionHandler((failure, line, given) -> {
                    if (!(failure instanceof SetupException)) {
                        throw failure;
                    }
                    line.getErr().println(line.getCommandSpec().qualifiedName() + ": " + failure.getMessage());
                    return CommandLine.ExitCode.SOFTWARE;
                })
                .execute(args));
    }
}

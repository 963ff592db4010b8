package io.samovar.echo;

import io.samovar.net.NetworkException;
import io.samovar.transport.TransportUnavailableException;
import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.RunLast;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/**
 * The command line: {@code serve}, {@code load} and {@code demo}.
 *
 * <p>Results go to standard output, and what went wrong to standard error, in one sentence. The exit status is 0 if all
 * went well, 1 if the run failed and 2 if the command line is wrong.
 */
@Command(
        name = "samovar-echo",
        description = "A TCP echo server on Samovar, a load generator for it, and a demonstration of both.",
        subcommands = {ServeCommand.class, LoadCommand.class, DemoCommand.class},
        versionProvider = Main.Version.class,
        mixinStandardHelpOptions = true,
        scope = ScopeType.INHERIT,
        synopsisSubcommandLabel = "(serve | load | demo)",
        sortOptions = false,
        usageHelpAutoWidth = true,
        exitCodeListHeading = "%nExit status:%n",
        exitCodeList = {
            "0:all went well",
            "1:the run failed: a wrong byte, a lost or refused connection, an address in use, ...",
            "2:the command line is wrong",
            "128+n:ended by signal n (130 for Ctrl-C), after an orderly end"
        })
public final class Main implements Runnable {
    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli before anything runs
    private CommandSpec spec;

    @Option(
            names = "--verbose",
            scope = ScopeType.INHERIT,
            description = "Log more, such as the choice of the transport, and print the stack trace of a failure.")
    private boolean verbose;

    Main() {}

    /** Runs the program and ends the JVM with its exit status. */
    public static void main(String[] args) {
        Logging.setUp(false);
        System.exit(run(
                new PrintWriter(System.out, true, Terminal.charset("stdout")),
                new PrintWriter(System.err, true, Terminal.charset("stderr")),
                args));
    }

    /**
     * Runs the program.
     *
     * @return the exit status
     */
    public static int run(PrintWriter out, PrintWriter err, String... args) {
        Main main = new Main();
        return new CommandLine(main)
                .setOut(out)
                .setErr(err)
                .setParameterExceptionHandler((wrong, given) -> main.wrongUsage(wrong))
                .setExecutionExceptionHandler((failure, line, given) -> main.failed(failure, line))
                .setExecutionStrategy(parsed -> {
                    if (main.verbose) {
                        Logging.setUp(true);
                    }
                    return new RunLast().execute(parsed);
                })
                .execute(args);
    }

    /** No command was given. */
    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "a command is missing: serve, load or demo");
    }

    private int wrongUsage(ParameterException wrong) {
        CommandLine line = wrong.getCommandLine();
        String name = line.getCommandSpec().qualifiedName();
        line.getErr().println(name + ": " + wrong.getMessage() + " (see " + name + " --help)");
        return ExitCode.USAGE;
    }

    private int failed(Exception failure, CommandLine line) {
        PrintWriter err = line.getErr();
        boolean expected = failure instanceof RunFailedException
                || failure instanceof NetworkException
                || failure instanceof TransportUnavailableException;
        err.println(line.getCommandSpec().qualifiedName() + ": " + (expected ? failure.getMessage() : failure));
        if (verbose || !expected) {
            failure.printStackTrace(err);
        }
        return ExitCode.SOFTWARE;
    }

    /** The version in the jar's manifest. */
    static final class Version implements IVersionProvider {
        Version() {}

        @Override
        public String[] getVersion() {
            String version = Main.class.getPackage().getImplementationVersion();
            return new String[] {
                Ansi.OFF.string("samovar-echo " + (version == null ? "(not from its jar)" : version) + ", Java "
                        + System.getProperty("java.version"))
            };
        }
    }
}

package io.samovar.benchmarks.echo;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.stream.Collectors;

/** A run from the options to the files that it leaves. */
final class EchoSession {
    private final EchoOptions options;
    private final String command;

    /**
     * @param command its name, which the files get too
     */
    EchoSession(EchoOptions options, String command) {
        this.options = options;
        this.command = command;
    }

    /** Measures and writes; gives the exit status, which is 1 if a server has failed. */
    int run(List<Scenario> scenarios, List<Server> usual) throws IOException, InterruptedException {
        Cores cores = options.cores();
        NativeTools tools = options.tools();
        List<Server> servers = options.servers(usual);
        RunInfo info = RunInfo.here(
                RunInfo.versions() + "; " + options.timing() + "; " + rounds(options.rounds()),
                command
                        + (options.quick ? " --quick" : "")
                        + (command.equals("echo") ? " --scenarios " + ids(scenarios) : "")
                        + " --rounds " + options.rounds());
        ResultFiles files = ResultFiles.create(options.out(), info, command);
        EchoRun run = new EchoRun(tools, cores, options.timing(), options.retries(), files, System.out);
        run.run(scenarios, servers, options.rounds());
        files.render(run.failures());
        System.out.println();
        System.out.println(Files.readString(files.page()));
        System.out.println("written: " + files.raw() + ", " + files.page() + ", " + files.chart());
        return run.failures().isEmpty() ? 0 : 1;
    }

    private static String rounds(int rounds) {
        return rounds == 1 ? "one round" : rounds + " rounds";
    }

    private static String ids(List<Scenario> scenarios) {
        return scenarios.stream().map(Scenario::id).collect(Collectors.joining(","));
    }
}

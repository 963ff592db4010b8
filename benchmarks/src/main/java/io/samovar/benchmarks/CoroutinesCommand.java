package io.samovar.benchmarks;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Runs all that there is about coroutines, and prints one page of Markdown. */
@Command(
        name = "coroutines",
        description = "Times, memory and the cost of compiling, as one page of Markdown. About 12 minutes.",
        mixinStandardHelpOptions = true)
final class CoroutinesCommand implements Callable<Integer> {
    private static final String COLD_START = Pattern.quote(ColdStart.class.getName() + '.');

    @Option(names = "--quick", description = "A quarter of the time: for orders of magnitude only.")
    private boolean quick;

    @Option(names = "--only", paramLabel = "REGEX", description = "Only the times of the benchmarks that match.")
    private @Nullable String only;

    @Option(
            names = "--log",
            paramLabel = "FILE",
            description = "Where JMH's own output goes; default: ${DEFAULT-VALUE}")
    private Path log = Path.of("benchmarks", "target", "jmh.log");

    @Override
    public Integer call() throws Exception {
        Files.createDirectories(log.toAbsolutePath().getParent());
        System.out.println(
                Machine.describe("coroutines" + (quick ? " --quick" : "") + (only == null ? "" : " --only " + only)));
        System.out.println(Report.times(new Runner(timed().build()).run()));
        if (only == null) {
            System.out.println(Report.times(new Runner(coldStart().build()).run()));
            System.out.println(MemoryCommand.table(1_000_000));
            new CompileCommand(quick ? 3 : 7).printTable();
        }
        return 0;
    }

    private ChainedOptionsBuilder timed() {
        ChainedOptionsBuilder options = common().include(only == null ? "io\\.samovar\\.benchmarks\\." : only)
                .exclude(COLD_START)
                .addProfiler(GCProfiler.class)
                .addProfiler(CpuTime.class)
                .forks(quick ? 1 : 2)
                .warmupIterations(2)
                .warmupTime(TimeValue.milliseconds(quick ? 200 : 500))
                .measurementIterations(3)
                .measurementTime(TimeValue.milliseconds(quick ? 150 : 500));
        if (quick) {
            options.param("depth", "1", "50");
        }
        if (!VirtualThreads.available()) {
            options.exclude("\\.virtualThreads$");
        }
        return options;
    }

    private ChainedOptionsBuilder coldStart() {
        return common().include(COLD_START).forks(quick ? 3 : 10);
    }

    private ChainedOptionsBuilder common() {
        return new OptionsBuilder()
                .output(log.toString())
                .jvmArgsPrepend("-Xms1g", "-Xmx1g")
                .shouldFailOnError(true);
    }
}

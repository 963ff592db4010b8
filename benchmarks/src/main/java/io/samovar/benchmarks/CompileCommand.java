package io.samovar.benchmarks;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Measures what the coroutine compiler adds to javac. */
@Command(
        name = "compile",
        description = "What the coroutine compiler adds to javac, on " + ManyCoroutines.METHODS + " coroutines.",
        mixinStandardHelpOptions = true)
final class CompileCommand implements Callable<Integer> {
    @Option(names = "--runs", description = "Java machines for each way to compile; default: ${DEFAULT-VALUE}")
    private int runs = 7;

    @Override
    public Integer call() throws IOException, InterruptedException {
        System.out.println(Machine.describe("compile"));
        System.out.println(table(runs));
        return 0;
    }

    /** The table, in Markdown. */
    static String table(int runs) throws IOException, InterruptedException {
        return """

                ### The cost of compiling

                ms for javac to compile %d coroutines in %d classes, of three lines with two awaits each or of twenty-five \
                with three, median of %d; "warm" after 8 compilations in the same Java machine, as in a Maven build of several modules or a \
                Gradle daemon

                | | no processor | a processor that does nothing | coroutine compiler | ratio to no processor |
                |---|---:|---:|---:|---:|
                """.formatted(ManyCoroutines.METHODS, ManyCoroutines.CLASSES, runs)
                + row("3 lines, new Java machine", CompileRun.Sources.SMALL, runs, 0, 1)
                + row("3 lines, warm", CompileRun.Sources.SMALL, 1, 8, runs)
                + row("25 lines, new Java machine", CompileRun.Sources.ORDINARY, runs, 0, 1)
                + row("25 lines, warm", CompileRun.Sources.ORDINARY, 1, 8, runs);
    }

    private static String row(String title, CompileRun.Sources sources, int machines, int warmUps, int times)
            throws IOException, InterruptedException {
        double[] plain = new double[machines];
        double[] idle = new double[machines];
        double[] coroutines = new double[machines];
        for (int run = 0; run < machines; run++) { // in turn, so that the machine's moods hit all alike
            plain[run] = millis(sources, CompileRun.Variant.PLAIN, warmUps, times);
            idle[run] = millis(sources, CompileRun.Variant.IDLE_PROCESSOR, warmUps, times);
            coroutines[run] = millis(sources, CompileRun.Variant.COROUTINES, warmUps, times);
        }
        return String.format(
                Locale.ROOT,
                "| %s | %.0f | %.0f | %.0f | %.2f |%n",
                title,
                Median.of(plain),
                Median.of(idle),
                Median.of(coroutines),
                Median.of(coroutines) / Median.of(plain));
    }

    private static double millis(CompileRun.Sources sources, CompileRun.Variant variant, int warmUps, int times)
            throws IOException, InterruptedException {
        return Double.parseDouble(
                ChildJvm.run(List.of(), CompileRun.class, sources.name(), variant.name(), "" + warmUps, "" + times));
    }
}

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

                ms of CPU time for javac to compile %d coroutines in %d classes, median of %d; "warm" after 8 compilations in the same Java \
                machine, as in a Maven build of several modules or a Gradle daemon

                | | no processor | a processor that does nothing | coroutine compiler | ratio to no processor |
                |---|---:|---:|---:|---:|
                """.formatted(ManyCoroutines.METHODS, ManyCoroutines.CLASSES, runs)
                + row("new Java machine", runs, 0, 1)
                + row("warm", 1, 8, runs);
    }

    private static String row(String title, int machines, int warmUps, int times)
            throws IOException, InterruptedException {
        double[] plain = new double[machines];
        double[] idle = new double[machines];
        double[] coroutines = new double[machines];
        for (int run = 0; run < machines; run++) { // in turn, so that the machine's moods hit all alike
            plain[run] = millis(CompileRun.Variant.PLAIN, warmUps, times);
            idle[run] = millis(CompileRun.Variant.IDLE_PROCESSOR, warmUps, times);
            coroutines[run] = millis(CompileRun.Variant.COROUTINES, warmUps, times);
        }
        return String.format(
                Locale.ROOT,
                "| %s | %.0f | %.0f | %.0f | %.2f |%n",
                title,
                Report.median(plain),
                Report.median(idle),
                Report.median(coroutines),
                Report.median(coroutines) / Report.median(plain));
    }

    private static double millis(CompileRun.Variant variant, int warmUps, int times)
            throws IOException, InterruptedException {
        return Double.parseDouble(ChildJvm.run(List.of(), CompileRun.class, variant.name(), "" + warmUps, "" + times));
    }
}

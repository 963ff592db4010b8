package io.samovar.benchmarks;

import io.samovar.benchmarks.echo.SetupException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Measures what the coroutine compiler adds to javac. */
@Command(
        name = "compile",
        description = "What the coroutine compiler adds to javac, on " + ManyCoroutines.METHODS
                + " coroutines and nothing else, or on sources of yours.",
        mixinStandardHelpOptions = true)
final class CompileCommand implements Callable<Integer> {
    @Option(names = "--runs", description = "Java machines for each way to compile; default: ${DEFAULT-VALUE}")
    private int runs;

    @Option(
            names = "--sources",
            paramLabel = "DIR",
            description = "A directory of sources; more than one may be given.")
    private List<Path> sources = new ArrayList<>();

    @Option(names = "--class-path", paramLabel = "PATH", description = "What the sources need to be compiled.")
    private String classPath = "";

    CompileCommand() {
        this(7);
    }

    /**
     * @param runs Java machines for each way to compile the generated coroutines
     */
    CompileCommand(int runs) {
        this.runs = runs;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        System.out.println(Machine.describe("compile"));
        printTable();
        return 0;
    }

    /** Prints the table, in Markdown. */
    void printTable() throws IOException, InterruptedException {
        System.out.print("""

                ### The cost of compiling

                ms for javac, median of %d; "warm" after 8 compilations in the same Java machine, as in a Maven build of several modules or a \
                Gradle daemon

                | | no processor | a processor that does nothing | coroutine compiler | ratio to no processor |
                |---|---:|---:|---:|---:|
                """.formatted(runs));
        // All is deleted at the end only: ext4 does not use an inode again within a minute, and whenever it makes a
        // file it goes past all that have just become free, which takes up to 0.2 ms.
        Path directory = Files.createTempDirectory("samovar-compile");
        try {
            if (sources.isEmpty()) {
                rowsOfGenerated(directory);
            } else {
                row(describe(sources), sources, directory, runs, 0, 1);
            }
        } finally {
            delete(directory);
        }
    }

    private void rowsOfGenerated(Path directory) throws IOException, InterruptedException {
        Path small = directory.resolve("small");
        ManyCoroutines.writeJava(small);
        row("3 lines with two awaits, new Java machine", List.of(small), directory, runs, 0, 1);
        row("3 lines with two awaits, warm", List.of(small), directory, 1, 8, runs);
        Path ordinary = directory.resolve("ordinary");
        OrdinaryCoroutines.writeJava(ordinary);
        row("25 lines with three awaits, new Java machine", List.of(ordinary), directory, runs, 0, 1);
        row("25 lines with three awaits, warm", List.of(ordinary), directory, 1, 8, runs);
    }

    private static String describe(List<Path> sources) throws IOException {
        long lines = 0;
        for (Path directory : sources) {
            if (!Files.isDirectory(directory)) {
                throw new SetupException(directory + " is no directory");
            }
            for (Path file : CompileRun.sourcesIn(directory)) {
                try (Stream<String> all = Files.lines(file)) {
                    lines += all.count();
                }
            }
        }
        return String.format(Locale.ROOT, "%s, %,d lines", sources, lines);
    }

    private void row(String title, List<Path> from, Path directory, int machines, int warmUps, int times)
            throws IOException, InterruptedException {
        double[] plain = new double[machines];
        double[] idle = new double[machines];
        double[] coroutines = new double[machines];
        long made = 0;
        for (int run = 0; run < machines; run++) { // in turn, so that the machine's moods hit all alike
            Path without = Files.createTempDirectory(directory, "classes");
            plain[run] = millis(CompileRun.Variant.PLAIN, warmUps, times, without, from);
            Path between = Files.createTempDirectory(directory, "classes");
            idle[run] = millis(CompileRun.Variant.IDLE_PROCESSOR, warmUps, times, between, from);
            Path with = Files.createTempDirectory(directory, "classes");
            coroutines[run] = millis(CompileRun.Variant.COROUTINES, warmUps, times, with, from);
            made = files(with) - files(without); // one class for each
        }
        System.out.printf(
                Locale.ROOT,
                "| %s (%,d coroutines) | %.0f | %.0f | %.0f | %.2f |%n",
                title,
                made,
                Median.of(plain),
                Median.of(idle),
                Median.of(coroutines),
                Median.of(coroutines) / Median.of(plain));
    }

    private double millis(CompileRun.Variant variant, int warmUps, int times, Path classes, List<Path> from)
            throws IOException, InterruptedException {
        List<String> arguments =
                new ArrayList<>(List.of(variant.name(), "" + warmUps, "" + times, classes.toString(), classPath));
        from.forEach(path -> arguments.add(path.toString()));
        return Double.parseDouble(ChildJvm.run(List.of(), CompileRun.class, arguments.toArray(String[]::new)));
    }

    private static long files(Path directory) throws IOException {
        try (Stream<Path> below = Files.walk(directory)) {
            return below.filter(Files::isRegularFile).count();
        }
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> below = Files.walk(directory)) {
            for (Path path : below.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}

package io.samovar.benchmarks;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Runs the same programs on Samovar and on CPython's asyncio. */
@Command(
        name = "asyncio",
        description = "The async_tree workloads and fib(25) beside CPython's asyncio. About 4 minutes.",
        mixinStandardHelpOptions = true)
final class AsyncioCommand implements Callable<Integer> {
    private static final List<String> WORKLOADS = List.of("none", "io", "memoization", "cpu_io_mixed");

    @Option(names = "--python", description = "The Python to compare with; default: ${DEFAULT-VALUE}")
    private String python = "python3";

    @Option(names = "--rounds", description = "Processes of each, in turn; default: ${DEFAULT-VALUE}")
    private int rounds = 3;

    @Option(names = "--times", description = "Runs in each process; the last half counts; default: ${DEFAULT-VALUE}")
    private int times = 10;

    @Override
    public Integer call() throws IOException, InterruptedException {
        Path script = Files.createTempFile("async_tree", ".py");
        try (InputStream source = AsyncioCommand.class.getResourceAsStream("async_tree.py")) {
            if (source == null) {
                throw new IOException("async_tree.py is not on the class path");
            }
            Files.copy(source, script, StandardCopyOption.REPLACE_EXISTING);
            System.out.println(Machine.describe("asyncio") + "; " + version());
            System.out.print("""

                    ### Beside CPython's asyncio

                    ms of CPU that the whole process took for one run (compilers and collectors included), and ms elapsed; the median of the \
                    last half of %d runs in each of %d processes; "first" is the first run of a process

                    | | Samovar | CPython | ratio | elapsed | CPython | first | CPython |
                    |---|---:|---:|---:|---:|---:|---:|---:|
                    """.formatted(times, rounds));
            for (String workload : WORKLOADS) {
                for (String join : List.of("gather", "task_group")) {
                    for (boolean eager : new boolean[] {false, true}) {
                        row(script, workload, join, eager);
                    }
                }
            }
            row(script, "fib", "gather", false);
        } finally {
            Files.deleteIfExists(script);
        }
        return 0;
    }

    private void row(Path script, String workload, String join, boolean eager)
            throws IOException, InterruptedException {
        Runs ours = new Runs();
        Runs theirs = new Runs();
        boolean comparable = !eager || hasEagerTasks();
        for (int round = 0; round < rounds; round++) { // in turn, so that the machine's moods hit both alike
            ours.add(ChildJvm.run(
                    List.of("-Xms1g", "-Xmx1g"), AsyncTreeRun.class, workload, join, "" + eager, "" + times));
            if (comparable) {
                theirs.add(run(List.of(python, script.toString(), workload, join, "" + eager, "" + times)));
            }
        }
        System.out.printf(
                Locale.ROOT,
                "| %s | %s | %s | %s | %s | %s | %s | %s |%n",
                workload.equals("fib")
                        ? "fib(25) by awaits"
                        : workload + ", " + join.replace('_', ' ') + (eager ? ", eager" : ""),
                Runs.show(ours.cpu()),
                Runs.show(theirs.cpu()),
                comparable ? String.format(Locale.ROOT, "**%.1f**", theirs.cpu() / ours.cpu()) : "",
                Runs.show(ours.elapsed()),
                Runs.show(theirs.elapsed()),
                Runs.show(ours.first()),
                Runs.show(theirs.first()));
    }

    private String version() throws IOException, InterruptedException {
        return run(List.of(python, "-c", "import platform; print('CPython', platform.python_version())"));
    }

    private boolean hasEagerTasks() throws IOException, InterruptedException {
        return run(List.of(python, "-c", "import asyncio; print(hasattr(asyncio, 'eager_task_factory'))"))
                .equals("True");
    }

    private static String run(List<String> command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException("this failed: " + String.join(" ", command));
        }
        return printed.strip();
    }

    /** What the processes of one side have printed. */
    private static final class Runs {
        private final List<double[]> warm = new ArrayList<>();
        private final List<double[]> first = new ArrayList<>();

        void add(String printed) {
            List<double[]> all = printed.lines()
                    .map(line -> {
                        int space = line.indexOf(' ');
                        return new double[] {
                            Double.parseDouble(line.substring(0, space)), Double.parseDouble(line.substring(space + 1))
                        };
                    })
                    .toList();
            first.add(all.get(0));
            warm.addAll(all.subList(all.size() / 2, all.size()));
        }

        double elapsed() {
            return median(warm, 0);
        }

        double cpu() {
            return median(warm, 1);
        }

        double first() {
            return median(first, 0);
        }

        private static double median(List<double[]> runs, int column) {
            return runs.isEmpty()
                    ? Double.NaN
                    : Median.of(runs.stream().mapToDouble(run -> run[column]).toArray());
        }

        static String show(double millis) {
            return Double.isNaN(millis) ? "" : String.format(Locale.ROOT, millis < 10 ? "%.2f" : "%.0f", millis);
        }
    }
}

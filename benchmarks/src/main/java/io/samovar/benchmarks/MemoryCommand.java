package io.samovar.benchmarks;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Measures what a suspended task keeps, in a new Java machine for each kind of task. */
@Command(
        name = "memory",
        description = "Bytes of the heap that a suspended task keeps, the future that it waits for included.",
        mixinStandardHelpOptions = true)
final class MemoryCommand implements Callable<Integer> {
    private static final List<String> PLAIN = List.of();
    private static final List<String> COMPACT = List.of("-XX:+UseCompactObjectHeaders");

    @Option(names = "--tasks", description = "How many; default: ${DEFAULT-VALUE}")
    private int tasks = 1_000_000;

    @Override
    public Integer call() throws IOException, InterruptedException {
        System.out.println(Machine.describe("memory"));
        System.out.println(table(tasks));
        return 0;
    }

    /** The table, in Markdown. */
    static String table(int tasks) throws IOException, InterruptedException {
        StringBuilder page = new StringBuilder("\n### Memory of a suspended task\n\n");
        page.append(
                "bytes of the heap for each of %,d tasks, the future that it waits for included\n\n".formatted(tasks));
        page.append("| | depth 1 | depth 3 |\n|---|---:|---:|\n");
        row(page, "Samovar", Sleeper.SAMOVAR, tasks, PLAIN);
        row(page, "Kotlin", Sleeper.KOTLIN, tasks, PLAIN);
        if (VirtualThreads.available()) {
            row(page, "virtual threads", Sleeper.VIRTUAL_THREADS, tasks, PLAIN);
        }
        if (Runtime.version().feature() >= 25) {
            row(page, "Samovar, compact object headers", Sleeper.SAMOVAR, tasks, COMPACT);
            row(page, "Kotlin, compact object headers", Sleeper.KOTLIN, tasks, COMPACT);
        }
        return page.toString();
    }

    private static void row(StringBuilder page, String title, Sleeper sleeper, int tasks, List<String> flags)
            throws IOException, InterruptedException {
        page.append("| ").append(title);
        for (int depth : new int[] {1, 3}) {
            List<String> all = new ArrayList<>(List.of("-XX:+UseSerialGC", "-Xms3g", "-Xmx3g"));
            all.addAll(flags);
            page.append(" | ").append(ChildJvm.run(all, MemoryRun.class, sleeper.name(), "" + depth, "" + tasks));
        }
        page.append(" |\n");
    }
}

package io.samovar.benchmarks;

import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;

/** Suspends many tasks and prints the bytes that each of them keeps; then the Java machine ends. */
final class MemoryRun {
    private static final MemoryMXBean MEMORY = ManagementFactory.getMemoryMXBean();

    private MemoryRun() {}

    /** Takes the {@link Sleeper}, the depth and the number of tasks. */
    public static void main(String[] args) throws InterruptedException {
        Sleeper sleeper = Sleeper.valueOf(args[0]);
        int depth = Integer.parseInt(args[1]);
        int tasks = Integer.parseInt(args[2]);
        long before = used();
        sleeper.suspendMany(tasks, depth, () -> {
            System.out.println(Math.round((used() - before) / (double) tasks));
            System.out.flush();
            Runtime.getRuntime().halt(0); // the tasks will never end
        });
    }

    private static long used() {
        MEMORY.gc();
        MEMORY.gc(); // what the first one finds is cleared after it: references, cleaners
        return MEMORY.getHeapMemoryUsage().getUsed();
    }
}

package io.samovar.benchmarks;

import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.lang.management.MemoryUsage;

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

    /** As it was when the last collection had ended: later figures count what threads have reserved for their next objects. */
    private static long used() {
        MEMORY.gc();
        MEMORY.gc(); // what the first one finds is cleared after it: references, cleaners
        long bytes = 0;
        for (MemoryPoolMXBean pool : ManagementFactory.getMemoryPoolMXBeans()) {
            MemoryUsage left = pool.getCollectionUsage();
            bytes += pool.getType() == MemoryType.HEAP && left != null ? left.getUsed() : 0;
        }
        return bytes;
    }
}

package io.samovar.benchmarks;

import static io.samovar.Async.await;

import com.sun.management.OperatingSystemMXBean;
import io.samovar.Async;
import io.samovar.Coroutine;
import io.samovar.EventLoop;
import io.samovar.TaskFactory;
import java.lang.management.ManagementFactory;
import java.util.Locale;

/** Runs one of the programs of {@code async_tree.py} a few times, and prints the milliseconds of each, elapsed and CPU. */
final class AsyncTreeRun {
    private static final OperatingSystemMXBean PROCESS =
            ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);

    private AsyncTreeRun() {}

    /** Takes the workload or {@code fib}, the join, whether tasks start eagerly, and how often. */
    public static void main(String[] args) {
        boolean eager = Boolean.parseBoolean(args[2]);
        int times = Integer.parseInt(args[3]);
        for (int i = 0; i < times; i++) {
            long began = System.nanoTime();
            long cpu = PROCESS.getProcessCpuTime();
            Async.run(() -> program(args[0], args[1], eager));
            System.out.printf(
                    Locale.ROOT,
                    "%.3f %.3f%n",
                    (System.nanoTime() - began) / 1e6,
                    (PROCESS.getProcessCpuTime() - cpu) / 1e6);
        }
    }

    private static Coroutine<Void> program(String workload, String join, boolean eager) {
        if (eager) {
            EventLoop.current().setTaskFactory(TaskFactory.EAGER);
        }
        if (workload.equals("fib")) {
            check(await(Fibonacci.fib(25)), 75_025);
        } else {
            AsyncTree tree = new AsyncTree(
                    AsyncTree.Workload.valueOf(workload.toUpperCase(Locale.ROOT)),
                    AsyncTree.Join.valueOf(join.toUpperCase(Locale.ROOT)));
            await(tree.grow());
            check(tree.leaves(), 46_656);
        }
        return Coroutine.done();
    }

    private static void check(int got, int expected) {
        if (got != expected) {
            throw new AssertionError(got + " instead of " + expected);
        }
    }
}

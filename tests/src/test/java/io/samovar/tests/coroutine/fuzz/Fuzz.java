package io.samovar.tests.coroutine.fuzz;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Runs random programs until their two forms differ, or the time is over.
 *
 * <p>Arguments: the first seed, the minutes, and the number of threads. With the seed alone, or no minutes, it runs that program only. At the
 * first difference it prints the seed and the program, made as small as two minutes allow, and exits with 1.
 */
public final class Fuzz {
    private static final Duration SHRINKING = Duration.ofMinutes(2);
    private static final Duration REPORT = Duration.ofSeconds(20);

    private final AtomicLong next;
    private final long begin = System.nanoTime();
    private final long end;
    private final AtomicLong passed = new AtomicLong();
    private final AtomicLong refused = new AtomicLong();
    private final AtomicLong reported = new AtomicLong();
    private final AtomicReference<Runner.Difference> found = new AtomicReference<>();

    private Fuzz(long seed, Duration time) {
        this.next = new AtomicLong(Batch.of(seed).first());
        this.end = begin + time.toNanos();
    }

    public static void main(String[] args) throws InterruptedException {
        long seed = Long.parseLong(args[0]);
        if (args.length == 1 || args[1].equals("0")) {
            Batch batch = Batch.of(seed);
            finish(Runner.run(List.of(batch.program(seed)), batch.options()));
            System.out.println("seed " + seed + " passed");
            return;
        }
        Fuzz fuzz = new Fuzz(seed, Duration.ofMinutes(Long.parseLong(args[1])));
        Thread[] threads = new Thread[args.length > 2 ? Integer.parseInt(args[2]) : 1];
        for (int i = 0; i < threads.length; i++) {
            threads[i] = new Thread(fuzz::run, "fuzz-" + i);
            threads[i].start();
        }
        for (Thread thread : threads) {
            thread.join();
        }
        fuzz.progress();
        Runner.Difference difference = fuzz.found.get();
        finish(difference == null ? List.of() : List.of(difference));
    }

    private static void finish(List<Runner.Difference> differences) {
        if (!differences.isEmpty()) {
            Runner.Difference first = differences.get(0);
            System.out.println("seed " + first.program().seed() + " differs, making it smaller");
            System.out.println(new Shrinker(first).shrink(System.nanoTime() + SHRINKING.toNanos()));
            System.exit(1);
        }
    }

    private void run() {
        while (found.get() == null && System.nanoTime() - end < 0) {
            Batch batch = Batch.of(next.getAndAdd(Batch.SIZE));
            List<Runner.Difference> differences = Runner.run(batch.programs(), batch.options());
            for (Runner.Difference difference : differences) {
                if (difference.weaver()) {
                    found.compareAndSet(null, difference);
                } else {
                    System.out.println("seed " + difference.program().seed() + " is refused by javac: "
                            + difference.what().lines().findFirst().orElse(""));
                }
            }
            refused.addAndGet(differences.size());
            passed.addAndGet(Batch.SIZE - differences.size());
            long report = (System.nanoTime() - begin) / REPORT.toNanos();
            if (reported.getAndSet(report) != report) {
                progress();
            }
        }
    }

    private void progress() {
        System.out.println(passed + " programs passed, " + refused + " refused, up to seed " + next + ", in "
                + Duration.ofNanos(System.nanoTime() - begin).toSeconds() + " s");
    }
}

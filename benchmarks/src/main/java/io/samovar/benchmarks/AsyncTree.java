package io.samovar.benchmarks;

import static io.samovar.Async.await;

import io.samovar.Async;
import io.samovar.Coroutine;
import io.samovar.TaskGroup;
import java.math.BigInteger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

/**
 * A tree of coroutines, {@value #DEPTH} deep, each of which waits for {@value #WIDTH} tasks: 55,987 coroutines, 46,656 of them
 * leaves. The workloads are those of CPython's {@code async_tree} benchmarks.
 */
final class AsyncTree {
    static final int WIDTH = 6;
    static final int DEPTH = 6;
    private static final Duration SLEEP = Duration.ofMillis(50);

    /** What a leaf does. */
    enum Workload {
        /** Nothing. */
        NONE,
        /** Sleeps for 50 ms. */
        IO,
        /** Sleeps for 50 ms unless one of its ninety keys in a hundred has been slept for. */
        MEMOIZATION,
        /** One half computes 500!, the other half sleeps for 50 ms. */
        CPU_IO_MIXED
    }

    /** How a node waits for its children. */
    enum Join {
        GATHER,
        TASK_GROUP
    }

    private final Workload workload;
    private final Join join;
    private final Random random = new Random(0);
    private final Set<Integer> memo = new HashSet<>();
    private int leaves;

    AsyncTree(Workload workload, Join join) {
        this.workload = workload;
        this.join = join;
    }

    /** Leaves that have run to their end. */
    int leaves() {
        return leaves;
    }

    /** The whole tree. */
    Coroutine<Void> grow() {
        return grow(DEPTH);
    }

    private Coroutine<Void> grow(int depth) {
        if (depth == 0) {
            return leaf();
        }
        return join == Join.GATHER ? gather(depth) : group(depth);
    }

    private Coroutine<Void> gather(int depth) {
        List<Coroutine<Void>> children = new ArrayList<>(WIDTH);
        for (int i = 0; i < WIDTH; i++) {
            children.add(grow(depth - 1));
        }
        await(Async.gather(children));
        return Coroutine.done();
    }

    private Coroutine<Void> group(int depth) {
        return TaskGroup.run(group -> {
            for (int i = 0; i < WIDTH; i++) {
                group.start(grow(depth - 1));
            }
            return Coroutine.done();
        });
    }

    private Coroutine<Void> leaf() {
        if (isSleeper()) {
            await(Async.sleep(SLEEP));
        }
        leaves++;
        return Coroutine.done();
    }

    private boolean isSleeper() {
        return switch (workload) {
            case NONE -> false;
            case IO -> true;
            case MEMOIZATION -> {
                int key = 1 + random.nextInt(100);
                yield key > 90 || memo.add(key);
            }
            case CPU_IO_MIXED -> {
                boolean computes = random.nextDouble() < 0.5;
                if (computes && factorial(500).signum() <= 0) {
                    throw new AssertionError("a product of positive numbers");
                }
                yield !computes;
            }
        };
    }

    private static BigInteger factorial(int n) {
        BigInteger product = BigInteger.ONE;
        for (int i = 2; i <= n; i++) {
            product = product.multiply(BigInteger.valueOf(i));
        }
        return product;
    }
}

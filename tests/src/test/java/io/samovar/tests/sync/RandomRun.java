package io.samovar.tests.sync;

import static io.samovar.Async.await;
import static io.samovar.tests.support.Coroutines.coroutine;
import static org.assertj.core.api.Assertions.assertThat;

import io.samovar.Coroutine;
import io.samovar.EventLoop;
import io.samovar.Task;
import io.samovar.tests.support.Mode;
import io.samovar.tests.support.VirtualLoop;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Random operations on one loop, some between its iterations and some in the middle of one, and a model of who waits.
 */
final class RandomRun {
    private static final int OPERATIONS = 150;

    private final Random random;
    private final VirtualLoop virtual;
    private final EventLoop loop;
    private final List<Task<?>> tasks = new ArrayList<>();
    /** Who has come to wait, and has neither gone on nor been cancelled; in the order in which they came. */
    private final Map<Integer, Task<?>> waiting = new LinkedHashMap<>();

    private RandomRun(long seed, VirtualLoop virtual) {
        this.random = new Random(seed);
        this.virtual = virtual;
        this.loop = virtual.loop();
    }

    /** What is done in a run, and what must hold when nothing moves any more. */
    record Scenario(List<Runnable> operations, Runnable quiet) {}

    /** Runs a scenario with each of so many seeds, which are others in each mode; a failure names the seed. */
    static void repeat(Mode mode, int seeds, Function<RandomRun, Scenario> scenario) {
        long first = mode.toString().hashCode();
        for (long seed = first; seed < first + seeds; seed++) {
            try (VirtualLoop virtual = new VirtualLoop(mode)) {
                RandomRun run = new RandomRun(seed, virtual);
                run.run(scenario.apply(run));
            } catch (Throwable failure) {
                throw new AssertionError("seed " + seed, failure);
            }
        }
    }

    int random(int bound) {
        return random.nextInt(bound);
    }

    int waiting() {
        return waiting.size();
    }

    /** Starts a task that waits, and then does something in the same step. */
    <T> void start(Supplier<Coroutine<T>> wait, Consumer<T> then) {
        start(wait, then, false);
    }

    /** As {@link #start}, where everybody must get on in the order in which they came. */
    <T> void startInLine(Supplier<Coroutine<T>> wait, Consumer<T> then) {
        start(wait, then, true);
    }

    private <T> void start(Supplier<Coroutine<T>> wait, Consumer<T> then, boolean inLine) {
        int number = tasks.size();
        tasks.add(loop.createTask(coroutine(() -> {
            waiting.put(number, loop.currentTask());
            T got = await(wait.get());
            assertThat(waiting).containsKey(number);
            if (inLine) {
                assertThat(waiting.keySet()).first().isEqualTo(number);
            }
            waiting.remove(number);
            then.accept(got);
            return Coroutine.done();
        })));
    }

    /** Starts a task that is never cancelled. */
    void startUncounted(Coroutine<Void> coroutine) {
        tasks.add(loop.createTask(coroutine));
    }

    /** Runs until nothing moves. */
    void settle() {
        virtual.settle();
    }

    /** Cancels somebody who waits. */
    void cancelOne() {
        if (!waiting.isEmpty()) {
            List<Integer> numbers = List.copyOf(waiting.keySet());
            waiting.remove(numbers.get(random(numbers.size()))).cancel();
        }
    }

    private void run(Scenario scenario) {
        List<Runnable> operations = scenario.operations();
        for (int i = 1; i <= OPERATIONS; i++) {
            Runnable operation = operations.get(random(operations.size()));
            if (random.nextBoolean()) {
                operation.run();
            } else {
                loop.callSoon(operation);
            }
            if (random(3) == 0) {
                virtual.turn();
            }
            if (i % 30 == 0) {
                virtual.settle();
                scenario.quiet().run();
            }
        }
        waiting.values().forEach(Task::cancel);
        virtual.settle();
        for (Task<?> task : tasks) {
            if (!task.isCancelled()) {
                assertThat(task.exception()).isNull();
            }
        }
        assertThat(virtual.failures()).isEmpty();
    }
}

package io.samovar.samples;

import static io.samovar.Async.await;

import io.samovar.AsCompleted;
import io.samovar.Async;
import io.samovar.AsyncTimeoutException;
import io.samovar.Coroutine;
import io.samovar.DoneAndPending;
import io.samovar.ExceptionGroup;
import io.samovar.Outcome;
import io.samovar.ReturnWhen;
import io.samovar.Task;
import io.samovar.TaskGroup;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The samples of the guide's part on doing several things at once. */
final class Combinators {
    final List<String> log = new ArrayList<>();

    record Breakfast(String tea, String toast) {}

    static Coroutine<String> brew() {
        return Async.sleep(Duration.ofMinutes(3), "tea");
    }

    static Coroutine<String> toast() {
        return Async.sleep(Duration.ofMinutes(2), "toast");
    }

    static Coroutine<String> burn() throws IOException {
        await(Async.sleep(Duration.ofMinutes(1)));
        throw new IOException("smoke");
    }

    Coroutine<Breakfast> breakfast() {
        return TaskGroup.run(group -> {
            Task<String> tea = group.start(brew());
            Task<String> toast = group.start(toast());
            return Coroutine.of(new Breakfast(await(tea), await(toast)));
        });
    }

    Coroutine<Void> smoke() {
        try {
            await(TaskGroup.run(group -> {
                group.start(brew()); // will be cancelled
                group.start(burn());
                return Coroutine.done();
            }));
        } catch (ExceptionGroup failures) {
            ExceptionGroup.Split io = failures.split(IOException.class);
            if (io.matching() != null) {
                log.add("no breakfast: " + io.matching().exceptions().get(0).getMessage());
            }
            if (io.rest() != null) {
                throw io.rest();
            }
        }
        return Coroutine.done();
    }

    Coroutine<Void> firstOfTwo() {
        await(TaskGroup.run(group -> {
            for (String kitchen : List.of("upstairs", "downstairs")) {
                group.start(cook(kitchen, group));
            }
            return Coroutine.done();
        }));
        return Coroutine.done();
    }

    Coroutine<Void> cook(String kitchen, TaskGroup group) {
        await(Async.sleep(Duration.ofMinutes(kitchen.length())));
        log.add("ready " + kitchen);
        group.cancel(); // the other one need not go on
        return Coroutine.done();
    }

    Coroutine<Breakfast> both() {
        return Coroutine.of(await(Async.gather(brew(), toast(), Breakfast::new)));
    }

    Coroutine<Void> outcomes() throws IOException {
        for (Outcome<String> outcome : await(Async.gatherOutcomes(brew(), burn()))) {
            if (outcome instanceof Outcome.Success<String> served) {
                log.add(served.value());
            } else {
                log.add("failed: " + outcome.failure().getMessage());
            }
        }
        return Coroutine.done();
    }

    Coroutine<Void> inTime() {
        try {
            log.add(await(Async.timeout(Duration.ofMinutes(2), brew())));
        } catch (AsyncTimeoutException late) {
            log.add("too late for tea"); // brew() has been cancelled and has finished cleaning up
        }
        return Coroutine.done();
    }

    Coroutine<Integer> courses() {
        return Async.timeout(Duration.ofMinutes(4), timeout -> {
            int served = 0;
            for (Coroutine<String> course : List.of(brew(), toast(), brew())) {
                await(course);
                served++;
                timeout.reschedule(Duration.ofMinutes(4)); // for the next one
            }
            return Coroutine.of(served);
        });
    }

    Coroutine<Void> asTheyCome() {
        for (Coroutine<String> next : Async.asCompleted(List.of(brew(), toast()))) {
            log.add(await(next));
        }
        return Coroutine.done();
    }

    Coroutine<Void> onlyTheFirst() {
        try (AsCompleted<String> dishes = Async.asCompleted(List.of(brew(), toast()))) {
            log.add(await(dishes.iterator().next()));
        }
        return Coroutine.done();
    }

    Coroutine<Void> waiting() {
        Task<String> tea = Async.createTask(brew());
        Task<String> toast = Async.createTask(toast());
        DoneAndPending<Task<String>> state =
                await(Async.wait(List.of(tea, toast), ReturnWhen.ALL_COMPLETED, Duration.ofSeconds(150)));
        for (Task<String> late : state.pending()) {
            late.cancel();
        }
        log.add(state.done().iterator().next().result());
        return Coroutine.done();
    }

    Coroutine<Void> shielding() {
        await(Async.shield(wash())); // begun is begun
        return Coroutine.done();
    }

    Coroutine<Void> wash() {
        await(Async.sleep(Duration.ofMinutes(1)));
        log.add("washed");
        return Coroutine.done();
    }
}

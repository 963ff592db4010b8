package io.samovar.samples;

import static io.samovar.Async.await;

import io.samovar.Async;
import io.samovar.CallGraph;
import io.samovar.CancelledError;
import io.samovar.ContextVar;
import io.samovar.Coroutine;
import io.samovar.EventLoop;
import io.samovar.Task;
import io.samovar.TaskFactory;
import io.samovar.TaskOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The samples of the guide's part on tasks. */
final class Tasks {
    final List<String> log = new ArrayList<>();

    Coroutine<Void> pour() {
        try {
            await(Async.sleep(Duration.ofMinutes(3)));
        } catch (CancelledError cancelled) {
            log.add("mopping up: " + cancelled.getMessage());
            throw cancelled; // or the task is not cancelled
        } finally {
            log.add("put the pot down");
        }
        return Coroutine.done();
    }

    Coroutine<Void> cancelling() {
        Task<Void> pouring = Async.createTask(pour(), TaskOptions.DEFAULT.name("pouring"));
        await(Async.sleep(Duration.ofSeconds(1)));
        pouring.cancel("the cup is full");
        try {
            await(pouring);
        } catch (CancelledError cancelled) {
            log.add(pouring.name() + " was cancelled");
        }
        return Coroutine.done();
    }

    static final ContextVar<String> USER = ContextVar.of("user", "nobody");

    Coroutine<Void> serve(String user) {
        USER.set(user); // for this task, and for what it starts
        await(Async.createTask(answer()));
        return Coroutine.done();
    }

    Coroutine<Void> answer() {
        await(Async.sleep(Duration.ofMillis(1)));
        log.add("for " + USER.get());
        return Coroutine.done();
    }

    Coroutine<Void> serving() {
        Task<Void> one = Async.createTask(serve("Ada"));
        Task<Void> two = Async.createTask(serve("Brian"));
        await(one);
        await(two);
        log.add("here: " + USER.get());
        return Coroutine.done();
    }

    private final Map<String, String> cache = new HashMap<>(Map.of("known", "from the cache"));

    Coroutine<String> look(String key) {
        String cached = cache.get(key);
        if (cached != null) {
            return Coroutine.of(cached);
        }
        await(Async.sleep(Duration.ofMillis(50))); // asks a database
        return Coroutine.of("from the database");
    }

    Coroutine<Void> looking() {
        EventLoop.current().setTaskFactory(TaskFactory.EAGER);
        Task<String> known = Async.createTask(look("known"));
        Task<String> unknown = Async.createTask(look("unknown"));
        log.add("known: " + known.isDone() + ", unknown: " + unknown.isDone());
        log.add(await(known) + ", " + await(unknown));
        return Coroutine.done();
    }

    static int started;

    static <T extends @Nullable Object> Task<T> counted(
            EventLoop loop, Coroutine<? extends T> coroutine, TaskOptions options) {
        started++;
        return TaskFactory.LAZY.create(loop, coroutine, options);
    }

    Coroutine<Void> whistle() {
        await(Async.sleep(Duration.ofMinutes(3)));
        return Coroutine.done();
    }

    Coroutine<Void> boil() {
        await(whistle());
        return Coroutine.done();
    }

    Coroutine<Void> breakfast(Task<Void> kettle) {
        await(kettle);
        return Coroutine.done();
    }

    Coroutine<Void> watching() {
        Task<Void> kettle = Async.createTask(boil(), TaskOptions.DEFAULT.name("kettle"));
        Task<Void> breakfast = Async.createTask(breakfast(kettle), TaskOptions.DEFAULT.name("breakfast"));
        await(Async.sleep(Duration.ofSeconds(1)));
        log.add(CallGraph.capture(kettle).format());
        await(breakfast);
        return Coroutine.done();
    }
}

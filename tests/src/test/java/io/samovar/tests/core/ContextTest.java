package io.samovar.tests.core;

import static io.samovar.Async.await;
import static io.samovar.tests.support.Coroutines.awaiting;
import static io.samovar.tests.support.Coroutines.coroutine;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.samovar.Async;
import io.samovar.Context;
import io.samovar.ContextVar;
import io.samovar.Coroutine;
import io.samovar.EventLoop;
import io.samovar.Future;
import io.samovar.Handle;
import io.samovar.Promise;
import io.samovar.Task;
import io.samovar.TaskOptions;
import io.samovar.tests.support.EveryMode;
import io.samovar.tests.support.Mode;
import io.samovar.tests.support.VirtualLoop;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Context variables, and where their values are taken along. */
@Timeout(30)
@EveryMode
class ContextTest {
    private static final ContextVar<String> USER = ContextVar.of("user", "nobody");

    @AutoClose
    private final VirtualLoop virtual;

    private final EventLoop loop;
    private final ContextVar.Token<String> ofTheTest;
    private final List<String> log = new ArrayList<>();

    ContextTest(Mode mode) {
        virtual = new VirtualLoop(mode);
        loop = virtual.loop();
        ofTheTest = USER.set("test");
    }

    @AfterEach
    void theThreadKeepsItsOwnValue() {
        assertThat(USER.get()).isEqualTo("test");
        ofTheTest.close();
        assertThat(USER.get()).isEqualTo("nobody");
    }

    private void note() {
        log.add(USER.get());
    }

    private static Context contextWith(String user) {
        Context context = Context.copyCurrent();
        context.run(() -> USER.set(user));
        return context;
    }

    /** Sets the variable, lets the others run, and gives what it finds then. */
    private static Coroutine<String> settingTo(String user) {
        USER.set(user);
        await(Async.sleep(Duration.ZERO));
        return Coroutine.of(USER.get());
    }

    private static Coroutine<String> getting() {
        await(Async.sleep(Duration.ZERO));
        return Coroutine.of(USER.get());
    }

    @Test
    @Tag("T18")
    void eachTaskHasItsOwnValue() {
        Random random = new Random(18);
        List<Task<String>> tasks = new ArrayList<>();
        loop.runUntilComplete(coroutine(() -> {
            for (int i = 0; i < 100; i++) {
                String user = "user " + i;
                Duration nap = Duration.ofMillis(random.nextInt(1, 50));
                tasks.add(Async.createTask(coroutine(() -> {
                    USER.set(user);
                    await(Async.sleep(nap));
                    return Coroutine.of(USER.get());
                })));
            }
            await(Async.sleep(Duration.ofMillis(50)));
            assertThat(USER.get()).isEqualTo("test");
            return Coroutine.done();
        }));
        for (int i = 0; i < 100; i++) {
            assertThat(tasks.get(i).result()).isEqualTo("user " + i);
        }
    }

    @Test
    @Tag("E2")
    void aTaskBeginsWithItsCreatorsValuesAndKeepsItsOwn() {
        loop.runUntilComplete(coroutine(() -> {
            USER.set("creator");
            Task<String> reading = Async.createTask(getting());
            Task<String> writing = Async.createTask(settingTo("child"));
            assertThat(USER.get()).isEqualTo("creator");
            USER.set("changed");
            assertThat(await(reading)).isEqualTo("creator");
            assertThat(await(writing)).isEqualTo("child");
            assertThat(USER.get()).isEqualTo("changed");
            return Coroutine.done();
        }));
    }

    @Test
    void aCoroutineSharesTheValuesOfTheTaskThatAwaitsIt() {
        assertThat(loop.runUntilComplete(coroutine(() -> {
                    await(settingTo("inner"));
                    return Coroutine.of(USER.get());
                })))
                .isEqualTo("inner");
    }

    @Test
    void aTaskThatIsMadeBeforeTheLoopRunsTakesTheThreadsValues() {
        Task<String> task = loop.createTask(getting());
        ContextVar.Token<String> later = USER.set("later");
        assertThat(loop.runUntilComplete(task)).isEqualTo("test");
        later.close();
    }

    @Test
    void aTaskMayBeGivenAContextWhichItShares() {
        Context shared = contextWith("shared");
        TaskOptions options = TaskOptions.DEFAULT.context(shared);
        Task<String> first = loop.createTask(getting(), options);
        assertThat(first.context()).isSameAs(shared);
        assertThat(loop.runUntilComplete(first)).isEqualTo("shared");
        assertThat(loop.runUntilComplete(loop.createTask(settingTo("set"), options)))
                .isEqualTo("set");
        shared.run(this::note);
        assertThat(log).containsExactly("set");
    }

    @Test
    @Tag("R3")
    void runsOnOneLoopMayShareAContext() {
        TaskOptions options = TaskOptions.DEFAULT.context(new Context());
        loop.runUntilComplete(loop.createTask(settingTo("first run"), options));
        assertThat(loop.runUntilComplete(loop.createTask(getting(), options))).isEqualTo("first run");
    }

    @Test
    void aTasksContextIsTheOneThatItsStepsSet() {
        Task<String> task = loop.createTask(settingTo("inside"));
        Context context = task.context();
        loop.runUntilComplete(task);
        context.run(this::note);
        assertThat(log).containsExactly("inside");
    }

    @Test
    void aTaskMaySetAVariableOfItsCreatorThroughItsContext() {
        loop.runUntilComplete(coroutine(() -> {
            Task<?> creator = Async.currentTask();
            await(Async.createTask(coroutine(() -> {
                creator.context().run(() -> USER.set("from the child"));
                assertThat(USER.get()).isEqualTo("test");
                return Coroutine.done();
            })));
            assertThat(USER.get()).isEqualTo("from the child");
            return Coroutine.done();
        }));
    }

    @Test
    void callbacksRunWithTheValuesOfTheMomentWhenTheyWereScheduled() {
        loop.runUntilComplete(coroutine(() -> {
            USER.set("soon");
            loop.callSoon(this::note);
            USER.set("later");
            loop.callLater(Duration.ofMillis(1), this::note);
            USER.set("at");
            loop.callAt(loop.time() + 2_000_000, this::note);
            USER.set("posted");
            loop.execute(this::note);
            USER.set("gone");
            await(Async.sleep(Duration.ofMillis(3)));
            return Coroutine.done();
        }));
        assertThat(log).containsExactly("soon", "posted", "later", "at");
    }

    @Test
    void callbacksMayBeGivenAContextWhichTheyShare() {
        Context shared = contextWith("given");
        Promise<Integer> promise = loop.createFuture();
        promise.setResult(1);
        loop.callSoon(this::note, shared);
        promise.addDoneCallback(done -> USER.set("set by a callback"), shared);
        loop.callLater(Duration.ofMillis(1), this::note, shared);
        loop.callAt(2_000_000, this::note, shared);
        virtual.turn();
        loop.execute(this::note, shared);
        loop.callLater(Duration.ofMillis(3), loop::stop);
        loop.runForever();
        assertThat(log).containsExactly("given", "set by a callback", "set by a callback", "set by a callback");
    }

    @Test
    void aCallbackKeepsWhatItSetsToItself() {
        loop.callSoon(() -> USER.set("callback"));
        loop.callSoon(this::note);
        Context empty = new Context();
        empty.run(() -> {
            loop.callSoon(() -> USER.set("callback that had no value"));
            loop.callSoon(this::note);
        });
        virtual.turn();
        empty.run(() -> loop.callSoon(this::note));
        virtual.turn();
        assertThat(log).containsExactly("test", "nobody", "nobody");
    }

    @Test
    void aTaskThatBeganWithoutAnyValueKeepsWhatItSetsToItself() throws Exception {
        Task<String> task = new Context().call(() -> {
            Task<String> made = loop.createTask(settingTo("task"));
            loop.callSoon(this::note); // after the task's first step
            loop.createTask(coroutine(() -> {
                note();
                return Coroutine.done();
            }));
            return made;
        });
        assertThat(loop.runUntilComplete(task)).isEqualTo("task");
        assertThat(log).containsExactly("nobody", "nobody");
    }

    @Test
    void whatAnEagerTaskDoesToTheContextOfItsCreatorIsSeenThere() throws Exception {
        Task<Void> creator = new Context()
                .<Task<Void>>call(() -> loop.createTask(coroutine(() -> {
                    Task<?> self = Async.currentTask();
                    Task<Void> child = Async.createTask(
                            coroutine(() -> {
                                self.context().run(() -> USER.set("from the child"));
                                note();
                                return Coroutine.done();
                            }),
                            TaskOptions.DEFAULT.eager(true));
                    assertThat(child.isDone()).isTrue();
                    note();
                    return Coroutine.done();
                })));
        loop.runUntilComplete(creator);
        assertThat(log).containsExactly("nobody", "from the child");
    }

    @Test
    void aDoneCallbackRunsWithTheValuesOfWhoAddedIt() {
        Promise<Integer> promise = loop.createFuture();
        loop.runUntilComplete(coroutine(() -> {
            USER.set("adder");
            promise.addDoneCallback(done -> note());
            return Coroutine.done();
        }));
        loop.runUntilComplete(coroutine(() -> {
            USER.set("completer");
            promise.setResult(1);
            promise.addDoneCallback(done -> note());
            await(Async.sleep(Duration.ZERO));
            return Coroutine.done();
        }));
        assertThat(log).containsExactly("adder", "completer");
    }

    @Test
    void aDoneCallbackWithAContextCanBeRemoved() {
        Consumer<Future<Integer>> callback = done -> note();
        Promise<Integer> promise = loop.createFuture();
        promise.addDoneCallback(callback);
        assertThat(promise.removeDoneCallback(callback)).isEqualTo(1);
        promise.addDoneCallback(callback);
        promise.addDoneCallback(callback, contextWith("other"));
        promise.addDoneCallback(done -> log.add("kept"));
        assertThat(promise.removeDoneCallback(callback)).isEqualTo(2);
        promise.setResult(1);
        virtual.turn();
        assertThat(log).containsExactly("kept");
    }

    @Test
    void whatAnotherThreadPostsRunsWithThatThreadsValues() throws Exception {
        Thread other = new Thread(() -> {
            USER.set("other thread");
            loop.execute(this::note);
            CompletableFuture<String> submitted = loop.submit(ContextTest::getting);
            CompletableFuture<Void> unused = submitted.thenAccept(log::add).thenRun(loop::stop);
            USER.set("too late");
        });
        other.start();
        other.join();
        loop.runForever();
        assertThat(log).containsExactly("other thread", "other thread");
    }

    @Test
    void aHandleHasTheContextOfItsCallback() {
        Handle handle = loop.callSoon(this::note);
        handle.context().run(() -> USER.set("set from outside"));
        Handle inEmpty = loop.callSoon(this::note, new Context());
        inEmpty.context().run(() -> USER.set("set in the empty one"));
        Handle cancelled = loop.callSoon(this::note);
        cancelled.cancel();
        assertThat(cancelled.context()).isNull();
        virtual.turn();
        assertThat(log).containsExactly("set from outside", "set in the empty one");
        assertThat(handle.context()).isNull();
    }

    @Test
    @Tag("F5")
    void theExceptionHandlerRunsInTheContextOfTheTask() {
        loop.setExceptionHandler((failed, failure) -> log.add(failure.message() + ", " + USER.get()));
        Task<Void> task = loop.createTask(
                coroutine(() -> {
                    USER.set("bar");
                    throw new IllegalStateException("boom");
                }),
                TaskOptions.DEFAULT.name("failing"));
        virtual.turn();
        assertThat(task.isDone()).isTrue();
        loop.close();
        assertThat(log).containsExactly("Task 'failing' failed and nobody asked for its result, bar");
    }

    @Test
    @Tag("F5")
    void theExceptionHandlerRunsInTheContextOfTheCallback() {
        loop.setExceptionHandler((failed, failure) -> note());
        Promise<Integer> promise = loop.createFuture();
        loop.callSoon(() -> {
            USER.set("callback");
            throw new IllegalStateException("boom");
        });
        promise.addDoneCallback(
                done -> {
                    throw new IllegalStateException("boom");
                },
                contextWith("done-callback"));
        promise.setResult(1);
        virtual.turn();
        assertThat(log).containsExactly("callback", "done-callback");
    }

    @Test
    void codeRunInAContextSetsItThereAndNowhereElse() throws Exception {
        Context context = Context.copyCurrent();
        assertThat(context.<String>call(() -> {
                    USER.set("outer");
                    Context inner = context.copy();
                    inner.run(() -> USER.set("inner"));
                    context.run(this::note);
                    inner.run(this::note);
                    return USER.get();
                }))
                .isEqualTo("outer");
        assertThat(log).containsExactly("outer", "inner");
        assertThatThrownBy(() -> context.call(() -> {
                    USER.set("failed");
                    throw new Exception("boom");
                }))
                .hasMessage("boom");
        assertThat(USER.get()).isEqualTo("test");
        context.run(this::note);
        assertThat(log).endsWith("failed");
    }

    @Test
    void codeRunInAContextInsideATaskLeavesTheTaskItsOwn() {
        loop.runUntilComplete(loop.createTask(
                coroutine(() -> {
                    Context other = contextWith("other");
                    other.run(() -> USER.set("still other"));
                    assertThat(USER.get()).isEqualTo("nobody");
                    USER.set("task");
                    other.run(() -> assertThat(USER.get()).isEqualTo("still other"));
                    await(Async.sleep(Duration.ZERO));
                    assertThat(USER.get()).isEqualTo("task");
                    return Coroutine.done();
                }),
                TaskOptions.DEFAULT.context(new Context())));
    }

    @Test
    void aTokenTakesBackWhatWasSet() {
        ContextVar.Token<String> outer = USER.set("outer");
        try (ContextVar.Token<String> inner = USER.set("inner")) {
            assertThat(USER.get()).isEqualTo("inner");
            assertThatThrownBy(() -> ContextVar.<String>of("other").reset(inner))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("other");
        }
        assertThat(USER.get()).isEqualTo("outer");
        USER.reset(outer);
        assertThatThrownBy(() -> USER.reset(outer))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("used before");
        Task<Void> task = loop.createTask(coroutine(() -> {
            USER.reset(ofTheTest);
            return Coroutine.done();
        }));
        virtual.turn();
        assertThat(task.exception()).hasMessageContaining("another context");
    }

    @Test
    void aVariableWithoutAValueSaysSo() {
        ContextVar<String> unset = ContextVar.of("unset");
        assertThatThrownBy(unset::get).hasMessageContaining("'unset'");
        assertThat(unset.get("fallback")).isEqualTo("fallback");
        Context.copyCurrent().run(() -> {
            unset.set(null);
            assertThat(unset.get()).isNull();
            assertThat(unset.get("fallback")).isNull();
            assertThat(Context.copyCurrent().contains(unset)).isTrue();
        });
        assertThat(Context.copyCurrent().contains(unset)).isFalse();
        assertThat(new Context().isEmpty()).isTrue();
    }

    @Test
    void anyNumberOfVariablesMayBeSetAndTakenBackInAnyOrder() {
        record Setting(ContextVar.Token<Integer> token, int value) {}
        Random random = new Random(1);
        List<ContextVar<Integer>> variables = new ArrayList<>();
        List<Deque<Setting>> settings = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            variables.add(ContextVar.of("variable " + i));
            settings.add(new ArrayDeque<>());
        }
        new Context().run(() -> {
            for (int step = 0; step < 5_000; step++) {
                int at = random.nextInt(variables.size());
                Deque<Setting> mine = settings.get(at);
                if (random.nextBoolean()) {
                    mine.push(new Setting(variables.get(at).set(step), step));
                } else if (!mine.isEmpty()) {
                    mine.pop().token().close();
                }
                for (int i = 0; i < variables.size(); i++) {
                    Setting last = settings.get(i).peek();
                    assertThat(variables.get(i).get(-1)).isEqualTo(last == null ? -1 : last.value());
                }
            }
            settings.forEach(mine -> mine.forEach(setting -> setting.token().close()));
            assertThat(Context.copyCurrent().isEmpty()).isTrue();
        });
    }

    @Test
    void aTaskThatWaitsForAnotherKeepsItsValuesMeanwhile() {
        Promise<Integer> promise = loop.createFuture();
        Task<String> task = loop.createTask(coroutine(() -> {
            USER.set("waiting");
            await(promise);
            return Coroutine.of(USER.get());
        }));
        Task<Integer> other = loop.createTask(awaiting(promise));
        virtual.turn();
        promise.setResult(1);
        virtual.turn();
        assertThat(task.result()).isEqualTo("waiting");
        assertThat(other.result()).isEqualTo(1);
    }
}

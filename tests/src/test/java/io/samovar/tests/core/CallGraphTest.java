package io.samovar.tests.core;

import static io.samovar.Async.await;
import static io.samovar.tests.support.Coroutines.awaiting;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.samovar.Async;
import io.samovar.Awaitable;
import io.samovar.CallGraph;
import io.samovar.Coroutine;
import io.samovar.EventLoop;
import io.samovar.Future;
import io.samovar.NotLoopThreadException;
import io.samovar.Promise;
import io.samovar.Task;
import io.samovar.TaskOptions;
import io.samovar.tests.support.EveryMode;
import io.samovar.tests.support.Mode;
import io.samovar.tests.support.VirtualLoop;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Who waits for whom, and where. */
@Timeout(30)
@EveryMode
class CallGraphTest {
    @AutoClose
    private final VirtualLoop virtual;

    private final EventLoop loop;
    private final List<List<String>> seen = new ArrayList<>();

    CallGraphTest(Mode mode) {
        virtual = new VirtualLoop(mode);
        loop = virtual.loop();
    }

    private static Coroutine<String> whistle(Awaitable<String> steam) {
        return Coroutine.of(await(steam) + "!");
    }

    private static Coroutine<String> boil(Awaitable<String> steam) {
        return Coroutine.of(await(whistle(steam)) + "!");
    }

    private static Coroutine<String> breakfast(Task<String> kettle) {
        return Coroutine.of(await(kettle) + "!");
    }

    private static List<String> methods(List<StackTraceElement> stack) {
        return stack.stream().map(StackTraceElement::getMethodName).toList();
    }

    private Task<String> named(Coroutine<String> coroutine, String name) {
        return loop.createTask(coroutine, TaskOptions.DEFAULT.name(name));
    }

    @Test
    void aGraphLeadsFromAFutureThroughCoroutinesToAllThatAwaitIt() {
        Promise<String> steam = loop.createFuture();
        Task<String> kettle = named(boil(steam), "kettle");
        Task<String> first = named(breakfast(kettle), "first");
        Task<String> second = named(breakfast(kettle), "second");
        kettle.addDoneCallback(done -> {});
        virtual.turn();
        CallGraph graph = CallGraph.capture(steam);
        assertThat(graph.future()).isSameAs(steam);
        assertThat(graph.callStack()).isEmpty();
        CallGraph inner = graph.awaitedBy().get(0);
        assertThat(inner.future()).isSameAs(kettle);
        assertThat(methods(inner.callStack())).containsExactly("whistle", "boil");
        assertThat(inner.awaitedBy()).extracting(CallGraph::future).isEqualTo(List.of(first, second));
        assertThat(inner.awaitedBy())
                .allSatisfy(outer -> assertThat(methods(outer.callStack())).containsExactly("breakfast"));
        assertThat(graph.format()).matches("""
                        \\* Promise@\\w+\\(pending\\)
                          \\+ Awaited by:
                            \\* Task 'kettle'\\(pending at .*whistle\\(CallGraphTest.java:\\d+\\)\\)
                              \\+ Call stack:
                              \\|   at .*CallGraphTest.whistle\\(CallGraphTest.java:\\d+\\)
                              \\|   at .*CallGraphTest.boil\\(CallGraphTest.java:\\d+\\)
                              \\+ Awaited by:
                                \\* Task 'first'\\(pending at .*\\)
                                  \\+ Call stack:
                                  \\|   at .*CallGraphTest.breakfast\\(CallGraphTest.java:\\d+\\)
                                \\* Task 'second'\\(pending at .*\\)
                                  \\+ Call stack:
                                  \\|   at .*CallGraphTest.breakfast\\(CallGraphTest.java:\\d+\\)
                        """);
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        graph.print(new PrintStream(printed, true, StandardCharsets.UTF_8));
        assertThat(printed.toString(StandardCharsets.UTF_8)).isEqualTo(graph.format());
    }

    @Test
    void aLimitKeepsTheInnermostElements() {
        Promise<String> steam = loop.createFuture();
        Task<String> kettle = named(boil(steam), "kettle");
        virtual.turn();
        assertThat(methods(CallGraph.capture(kettle, 1).callStack())).containsExactly("whistle");
        assertThat(CallGraph.capture(kettle, 0).callStack()).isEmpty();
    }

    @Test
    void aTaskThatHasNotBegunOrIsDoneStandsNowhere() {
        Task<String> task = named(boil(Coroutine.of("steam")), "kettle");
        assertThat(task.stack()).isEmpty();
        virtual.turn();
        assertThat(task.isDone()).isTrue();
        assertThat(task.stack()).isEmpty();
        assertThat(CallGraph.capture(task).awaitedBy()).isEmpty();
    }

    private Coroutine<String> looking() {
        look();
        return Coroutine.of(await(Coroutine.of("looked")));
    }

    private void look() {
        seen.add(methods(CallGraph.capture().callStack()));
    }

    private Coroutine<String> lookingAllAlong(Future<String> steam) {
        await(looking());
        await(pausing());
        await(looking());
        look();
        await(steam);
        look();
        return lookingInTheEnd();
    }

    private Coroutine<String> pausing() {
        await(pausingDeeper());
        look();
        return Coroutine.done();
    }

    private Coroutine<String> pausingDeeper() {
        await(Async.sleep(Duration.ZERO));
        look();
        return Coroutine.done();
    }

    private Coroutine<String> lookingInTheEnd() {
        await(Async.sleep(Duration.ZERO));
        look();
        return Coroutine.of("end");
    }

    private Coroutine<String> outer(Future<String> steam) {
        String end = await(lookingAllAlong(steam));
        look();
        return Coroutine.of(end);
    }

    @Test
    void theCurrentTaskSeesItsOwnStackWhateverHasEndedBelow() {
        Promise<String> steam = loop.createFuture();
        Task<String> task = loop.createTask(outer(steam));
        virtual.settle();
        steam.setResult("steam");
        virtual.settle();
        assertThat(task.result()).isEqualTo("end");
        assertThat(seen)
                .containsExactly(
                        List.of("look", "looking", "lookingAllAlong", "outer"),
                        List.of("look", "pausingDeeper", "pausing", "lookingAllAlong", "outer"),
                        List.of("look", "pausing", "lookingAllAlong", "outer"),
                        List.of("look", "looking", "lookingAllAlong", "outer"),
                        List.of("look", "lookingAllAlong", "outer"),
                        List.of("look", "lookingAllAlong", "outer"),
                        List.of("look", "lookingInTheEnd", "outer"),
                        List.of("look", "outer"));
    }

    private Coroutine<String> deep(int depth) {
        if (depth == 0) {
            await(Async.sleep(Duration.ZERO));
            look();
            return Coroutine.of("deep");
        }
        String found = await(deep(depth - 1));
        if (depth % 100 == 0) {
            look();
        }
        return Coroutine.of(found);
    }

    @Test
    void theStackOfCoroutinesThatAreTooDeepForJavasIsKnownAsWell() {
        loop.runUntilComplete(loop.createTask(deep(200)));
        assertThat(seen).hasSize(3);
        assertThat(seen.get(0)).hasSize(202).startsWith("look", "deep").endsWith("deep");
        assertThat(seen.get(1)).hasSize(102);
        assertThat(seen.get(2)).containsExactly("look", "deep");
    }

    private static Coroutine<Void> creating(List<CallGraph> graphs) {
        Task<?> self = Async.currentTask();
        await(Async.createTask(lookingAt(self, graphs), TaskOptions.DEFAULT.eager(true)));
        return Coroutine.done();
    }

    private static Coroutine<Void> lookingAt(Task<?> creator, List<CallGraph> graphs) {
        graphs.add(CallGraph.capture());
        graphs.add(CallGraph.capture(creator));
        await(Async.sleep(Duration.ZERO));
        graphs.add(CallGraph.capture());
        return Coroutine.done();
    }

    @Test
    void anEagerTasksStackIsNotMixedWithItsCreators() {
        List<CallGraph> graphs = new ArrayList<>();
        loop.runUntilComplete(loop.createTask(creating(graphs)));
        assertThat(methods(graphs.get(0).callStack())).containsExactly("lookingAt");
        assertThat(graphs.get(0).awaitedBy()).isEmpty();
        assertThat(graphs.get(1).callStack()).isEmpty();
        assertThat(methods(graphs.get(2).callStack())).containsExactly("lookingAt");
        assertThat(methods(graphs.get(2).awaitedBy().get(0).callStack())).containsExactly("creating");
    }

    @Test
    void aPlainCallbackHasNoGraph() {
        loop.callSoon(() -> assertThat(CallGraph.capture()).isNull());
        virtual.turn();
        assertThat(virtual.failures()).isEmpty();
        assertThatThrownBy(CallGraph::capture)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("no event loop");
    }

    @Test
    void aRingEndsWhereItCloses() {
        List<Task<String>> ring = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            int next = (i + 1) % 3;
            ring.add(named(lateAwaiting(ring, next), "task " + i));
        }
        virtual.settle();
        CallGraph graph = CallGraph.capture(ring.get(0));
        CallGraph last = graph.awaitedBy().get(0).awaitedBy().get(0).awaitedBy().get(0);
        assertThat(last.future()).isSameAs(ring.get(0));
        assertThat(last.awaitedBy()).isEmpty();
        assertThat(graph.format().lines().map(String::strip))
                .filteredOn(line -> line.startsWith("*"))
                .extracting(line -> line.substring(0, 10) + (line.endsWith("(see above)") ? " again" : ""))
                .containsExactly("* Task 'ta", "* Task 'ta", "* Task 'ta", "* Task 'ta again");
        ring.get(0).cancel();
    }

    private static Coroutine<String> lateAwaiting(List<Task<String>> tasks, int index) {
        return Coroutine.of(await(tasks.get(index)));
    }

    @Test
    void aChainThatIsLongerThanTheStackIsCutOff() {
        Promise<String> steam = loop.createFuture();
        Future<String> outermost = steam;
        for (int i = 0; i < 20_000; i++) {
            outermost = loop.createTask(awaiting(outermost));
        }
        virtual.turn();
        int length = 0;
        for (CallGraph graph = CallGraph.capture(steam);
                !graph.awaitedBy().isEmpty();
                graph = graph.awaitedBy().get(0)) {
            length++;
        }
        assertThat(length).isEqualTo(256);
    }

    @Test
    void anotherThreadMayNotCapture() {
        Promise<String> steam = loop.createFuture();
        assertThat(CompletableFuture.supplyAsync(() -> CallGraph.capture(steam)))
                .failsWithin(Duration.ofSeconds(10))
                .withThrowableOfType(ExecutionException.class)
                .withCauseInstanceOf(NotLoopThreadException.class);
    }
}

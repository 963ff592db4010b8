package io.samovar.tests.core;

import static io.samovar.Async.await;
import static io.samovar.tests.support.Coroutines.awaiting;
import static io.samovar.tests.support.Coroutines.coroutine;
import static org.assertj.core.api.Assertions.assertThat;

import io.samovar.Async;
import io.samovar.Awaitable;
import io.samovar.CallGraph;
import io.samovar.Coroutine;
import io.samovar.EventLoop;
import io.samovar.Promise;
import io.samovar.Task;
import io.samovar.TaskGroup;
import io.samovar.tests.support.EveryMode;
import io.samovar.tests.support.Mode;
import io.samovar.tests.support.VirtualLoop;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whoever awaits something through a combinator is in its call graph. */
@Timeout(30)
@EveryMode
class AwaitEdgesTest {
    @AutoClose
    private final VirtualLoop virtual;

    private final EventLoop loop;

    AwaitEdgesTest(Mode mode) {
        virtual = new VirtualLoop(mode);
        loop = virtual.loop();
    }

    record Way(String name, Function<Promise<String>, Awaitable<?>> around) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Way> ways() {
        return Stream.of(
                new Way("gather", inner -> Async.gather(inner)),
                new Way("gatherOutcomes", inner -> Async.gatherOutcomes(inner)),
                new Way("wait", inner -> Async.wait(List.of(inner))),
                new Way("shield", inner -> Async.shield(inner)),
                new Way("timeout", inner -> Async.timeout(Duration.ofDays(1), inner)),
                new Way(
                        "asCompleted",
                        inner -> Async.asCompleted(List.of(inner)).iterator().next()),
                new Way(
                        "TaskGroup",
                        inner -> TaskGroup.run(group -> {
                            group.start(awaiting(inner));
                            return Coroutine.done();
                        })));
    }

    @ParameterizedTest
    @MethodSource("ways")
    void theOutermostTaskIsFoundFromTheInnermostFuture(Way way) {
        Promise<String> inner = loop.createFuture();
        Task<Void> outer = loop.createTask(coroutine(() -> {
            await(way.around.apply(inner));
            return Coroutine.done();
        }));
        virtual.settle();
        assertThat(reaches(CallGraph.capture(inner), outer)).isTrue();
        inner.setResult("done");
        virtual.settle();
        assertThat(outer.isDone()).isTrue();
    }

    private static boolean reaches(CallGraph from, Task<?> task) {
        return from.future() == task || from.awaitedBy().stream().anyMatch(next -> reaches(next, task));
    }
}

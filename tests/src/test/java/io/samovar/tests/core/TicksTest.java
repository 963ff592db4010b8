package io.samovar.tests.core;

import static io.samovar.Async.await;
import static io.samovar.tests.support.Coroutines.coroutine;
import static org.assertj.core.api.Assertions.assertThat;

import io.samovar.Async;
import io.samovar.Awaitable;
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
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** How many iterations of the loop pass before who awaits goes on: the order in which tasks run, as it was measured in asyncio. */
@Timeout(30)
@EveryMode
class TicksTest {
    @AutoClose
    private final VirtualLoop virtual;

    private final EventLoop loop;
    private final boolean eager;
    private int ticks;
    private boolean counting = true;

    TicksTest(Mode mode) {
        virtual = new VirtualLoop(mode);
        loop = virtual.loop();
        eager = mode.eager();
    }

    /**
     * One line of the table.
     *
     * @param make makes what is awaited, before the count begins
     * @param lazy iterations where tasks begin in the next one
     * @param eager iterations where they begin at once
     */
    record Row(String id, Function<EventLoop, Awaitable<?>> make, int lazy, int eager) {
        @Override
        public String toString() {
            return id;
        }
    }

    static Stream<Row> rows() {
        return Stream.of(
                new Row("TICK-done-future", TicksTest::done, 0, 0),
                new Row("TICK-sleep-0", loop -> Async.sleep(Duration.ZERO), 1, 1),
                new Row("TICK-sleep-0-result", loop -> Async.sleep(Duration.ZERO, "result"), 1, 1),
                new Row("TICK-task", TicksTest::task, 1, 0),
                new Row("TICK-future-of-a-callback", TicksTest::soon, 1, 1),
                new Row("TICK-wait-for", loop -> Async.waitFor(noop(), Duration.ofSeconds(1)), 0, 0),
                new Row("TICK-timeout", loop -> Async.timeout(Duration.ofSeconds(1), timeout -> noop()), 0, 0),
                new Row("TICK-gather", loop -> Async.gather(noop()), 2, 0),
                new Row("TICK-gather-several", loop -> Async.gather(noop(), noop(), noop()), 2, 0),
                new Row("TICK-gather-outcomes", loop -> Async.gatherOutcomes(noop()), 2, 0),
                new Row("TICK-wait", loop -> Async.wait(List.of(task(loop))), 2, 2),
                new Row("TICK-wait-done-future", loop -> Async.wait(List.of(done(loop))), 2, 2),
                new Row("TICK-shield", loop -> Async.shield(task(loop)), 2, 0),
                new Row("TICK-task-group", TicksTest::group, 3, 0),
                new Row("TICK-task-group-empty", loop -> TaskGroup.run(group -> noop()), 0, 0),
                new Row("TICK-as-completed", loop -> asCompleted(), 3, 2));
    }

    private static Coroutine<Object> noop() {
        return coroutine(() -> Coroutine.of("done"));
    }

    private static Promise<Object> done(EventLoop loop) {
        Promise<Object> done = loop.createFuture();
        done.setResult("done");
        return done;
    }

    private static Promise<Object> soon(EventLoop loop) {
        Promise<Object> soon = loop.createFuture();
        loop.callSoon(() -> soon.setResult("soon"));
        return soon;
    }

    private static Task<Object> task(EventLoop loop) {
        return loop.createTask(noop());
    }

    private static Coroutine<Object> group(EventLoop loop) {
        return TaskGroup.run(group -> {
            group.start(noop());
            return Coroutine.done();
        });
    }

    private static Coroutine<Object> asCompleted() {
        Object last = null;
        for (Coroutine<Object> next : Async.asCompleted(List.of(noop()))) {
            last = await(next);
        }
        return Coroutine.of(last);
    }

    @ParameterizedTest
    @MethodSource("rows")
    @Tag("TICK")
    void asManyAsInAsyncio(Row row) {
        int passed = loop.runUntilComplete(coroutine(() -> {
            Awaitable<?> awaitable = row.make.apply(loop);
            loop.callSoon(this::tick);
            await(awaitable);
            counting = false;
            return Coroutine.of(ticks);
        }));
        assertThat(passed).isEqualTo(eager ? row.eager : row.lazy);
    }

    private void tick() {
        ticks++;
        if (counting) {
            loop.callSoon(this::tick);
        }
    }
}

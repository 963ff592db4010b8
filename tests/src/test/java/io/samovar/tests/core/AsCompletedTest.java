package io.samovar.tests.core;

import static io.samovar.Async.await;
import static io.samovar.tests.support.Coroutines.awaiting;
import static io.samovar.tests.support.Coroutines.coroutine;
import static org.assertj.core.api.Assertions.assertThat;

import io.samovar.AsCompleted;
import io.samovar.Async;
import io.samovar.AsyncTimeoutException;
import io.samovar.Coroutine;
import io.samovar.EventLoop;
import io.samovar.Promise;
import io.samovar.Task;
import io.samovar.tests.support.AnyCallback;
import io.samovar.tests.support.EveryMode;
import io.samovar.tests.support.Mode;
import io.samovar.tests.support.VirtualLoop;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What {@code asCompleted} promises, with the rows of asyncio's conformance cases as tags. */
@Timeout(30)
@EveryMode
class AsCompletedTest {
    @AutoClose
    private final VirtualLoop virtual;

    private final EventLoop loop;
    private final List<String> log = new ArrayList<>();

    AsCompletedTest(Mode mode) {
        virtual = new VirtualLoop(mode);
        loop = virtual.loop();
    }

    private static Coroutine<String> after(int millis, String result) {
        return Async.sleep(Duration.ofMillis(millis), result);
    }

    @Test
    void resultsComeInTheOrderOfTheirArrival() {
        loop.runUntilComplete(coroutine(() -> {
            for (Coroutine<String> next : Async.asCompleted(List.of(after(30, "a"), after(10, "b"), after(20, "c")))) {
                log.add(await(next));
            }
            return Coroutine.done();
        }));
        assertThat(log).containsExactly("b", "c", "a");
        assertThat(virtual.clock().elapsed()).isEqualTo(Duration.ofMillis(30));
    }

    @Test
    void aFailureIsThrownInItsTurnAndTheIterationGoesOn() {
        loop.runUntilComplete(coroutine(() -> {
            Coroutine<String> failing = coroutine(() -> {
                throw new IOException("failed");
            });
            for (Coroutine<String> next : Async.asCompleted(List.of(after(10, "a"), failing))) {
                try {
                    log.add(await(next));
                } catch (Exception failure) {
                    log.add(failure.getMessage());
                }
            }
            return Coroutine.done();
        }));
        assertThat(log).containsExactly("failed", "a");
        loop.close();
        assertThat(virtual.failures()).isEmpty();
    }

    @Test
    void nothingToWaitForIsNothingToIterateOver() {
        Task<String> task = loop.createTask(coroutine(() -> {
            AsCompleted<String> none = Async.asCompleted(List.<Coroutine<String>>of());
            assertThat(none.iterator().hasNext()).isFalse();
            return none.iterator().next();
        }));
        virtual.settle();
        assertThat(task.exception()).isInstanceOf(NoSuchElementException.class);
    }

    @Test
    void whatIsGivenTwiceComesOnce() {
        Promise<String> future = loop.createFuture();
        future.setResult("once");
        loop.runUntilComplete(coroutine(() -> {
            Coroutine<String> coroutine = after(10, "later");
            for (Coroutine<String> next : Async.asCompleted(List.of(future, coroutine, future, coroutine))) {
                log.add(await(next));
            }
            return Coroutine.done();
        }));
        assertThat(log).containsExactly("once", "later");
    }

    @Test
    void theCoroutinesMayBeAwaitedAtTheSameTime() {
        loop.runUntilComplete(coroutine(() -> {
            List<Coroutine<String>> all = new ArrayList<>();
            Async.asCompleted(List.of(after(30, "a"), after(10, "b"), after(20, "c")))
                    .forEach(all::add);
            log.addAll(await(Async.gather(all)));
            return Coroutine.done();
        }));
        assertThat(log).containsExactly("b", "c", "a");
    }

    @Test
    @Tag("W5")
    void whenTheTimeIsOverAllThatHaveNotComeThrow() {
        Task<String> a = loop.createTask(after(100, "a"));
        Task<String> b = loop.createTask(after(150, "b"));
        Task<String> c = loop.createTask(after(160, "c"));
        loop.runUntilComplete(coroutine(() -> {
            for (Coroutine<String> next : Async.asCompleted(List.of(a, b, c), Duration.ofMillis(120))) {
                try {
                    log.add(await(next));
                } catch (AsyncTimeoutException late) {
                    log.add("late");
                }
            }
            return Coroutine.done();
        }));
        assertThat(log).containsExactly("a", "late", "late");
        assertThat(virtual.clock().elapsed()).isEqualTo(Duration.ofMillis(120));
        assertThat(b.removeDoneCallback(new AnyCallback())).isZero();
        assertThat(loop.runUntilComplete(b)).isEqualTo("b");
        assertThat(loop.runUntilComplete(c)).isEqualTo("c");
    }

    @Test
    void whatHasComeBeforeTheTimeWasOverIsThereAfterwards() {
        loop.runUntilComplete(coroutine(() -> {
            AsCompleted<String> results = Async.asCompleted(List.of(after(10, "a")), Duration.ofMillis(50));
            await(Async.sleep(Duration.ofMillis(100)));
            log.add(await(results.iterator().next()));
            return Coroutine.done();
        }));
        assertThat(log).containsExactly("a");
    }

    @Test
    void thereIsOneIterationThatGoesOnWhereItStopped() {
        loop.runUntilComplete(coroutine(() -> {
            AsCompleted<String> results = Async.asCompleted(List.of(after(10, "a"), after(20, "b"), after(30, "c")));
            for (Coroutine<String> next : results) {
                log.add(await(next));
                break;
            }
            for (Coroutine<String> next : results) {
                log.add(await(next));
            }
            return Coroutine.done();
        }));
        assertThat(log).containsExactly("a", "b", "c");
    }

    @Test
    void whoLeavesInTheMiddleLeavesNoCallbackBehind() {
        Promise<String> first = loop.createFuture();
        Promise<String> second = loop.createFuture();
        first.setResult("first");
        AsCompleted<String> left = loop.runUntilComplete(coroutine(() -> {
            try (AsCompleted<String> results = Async.asCompleted(List.of(first, second), Duration.ofDays(1))) {
                log.add(await(results.iterator().next()));
                return Coroutine.of(results);
            }
        }));
        assertThat(second.removeDoneCallback(new AnyCallback())).isZero();
        assertThat(second.isDone()).isFalse();
        assertThat(left.iterator().hasNext()).isFalse();
        left.close(); // does nothing
    }

    @Test
    void whoStillWaitsWhenItIsClosedIsToldSo() {
        Promise<String> never = loop.createFuture();
        Task<String> waiting = loop.createTask(coroutine(() -> {
            AsCompleted<String> results = Async.asCompleted(List.of(never));
            loop.callSoon(results::close);
            return Coroutine.of(await(results.iterator().next()));
        }));
        virtual.settle();
        assertThat(waiting.exception())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("closed");
    }

    @Test
    void aResultIsNotLostWithTheOneWhoWasCancelledWhenItCame() {
        Promise<String> a = loop.createFuture();
        Promise<String> b = loop.createFuture();
        List<Task<String>> waiting = new ArrayList<>();
        loop.runUntilComplete(coroutine(() -> {
            for (Coroutine<String> next : Async.asCompleted(List.of(a, b))) {
                waiting.add(loop.createTask(next));
            }
            return Coroutine.done();
        }));
        virtual.settle();
        a.setResult("a");
        virtual.turn(); // the first one's turn has come, but it has not run
        waiting.get(0).cancel();
        virtual.settle();
        assertThat(waiting.get(0).isCancelled()).isTrue();
        assertThat(waiting.get(1).result()).isEqualTo("a");
    }

    @Test
    void whoWasCancelledBeforeIsSkipped() {
        Promise<String> a = loop.createFuture();
        Promise<String> b = loop.createFuture();
        List<Task<String>> waiting = new ArrayList<>();
        loop.runUntilComplete(coroutine(() -> {
            Async.asCompleted(List.of(a, b)).forEach(next -> waiting.add(loop.createTask(next)));
            return Coroutine.done();
        }));
        virtual.settle();
        waiting.get(0).cancel();
        virtual.settle();
        a.setResult("a");
        virtual.settle();
        assertThat(waiting.get(1).result()).isEqualTo("a");
    }

    @Test
    void anOperationIsTakenLikeACoroutine() {
        loop.runUntilComplete(coroutine(() -> {
            for (Coroutine<Void> next : Async.asCompleted(List.of(Async.sleep(Duration.ofSeconds(1))))) {
                await(next);
            }
            return Coroutine.done();
        }));
        assertThat(virtual.clock().elapsed()).isEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void futuresMayBeIteratedOverOutsideATask() {
        Promise<String> a = loop.createFuture();
        Coroutine<String> next = Async.asCompleted(List.of(a)).iterator().next();
        a.setResult("a");
        assertThat(loop.runUntilComplete(awaiting(next))).isEqualTo("a");
    }
}

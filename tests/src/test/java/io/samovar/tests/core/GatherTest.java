package io.samovar.tests.core;

import static io.samovar.Async.await;
import static io.samovar.tests.support.Coroutines.awaiting;
import static io.samovar.tests.support.Coroutines.coroutine;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.samovar.Async;
import io.samovar.Awaitable;
import io.samovar.CancelledError;
import io.samovar.Coroutine;
import io.samovar.EventLoop;
import io.samovar.Future;
import io.samovar.Outcome;
import io.samovar.Promise;
import io.samovar.Task;
import io.samovar.testing.VirtualClock;
import io.samovar.tests.support.EveryMode;
import io.samovar.tests.support.Mode;
import io.samovar.tests.support.VirtualLoop;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What {@code gather} promises, with the rows of asyncio's conformance cases as tags. */
@Timeout(30)
@EveryMode
class GatherTest {
    @AutoClose
    private final VirtualLoop virtual;

    private final EventLoop loop;
    /** Enough to notice what grows with the square; fewer in debug mode, which keeps a stack trace of each task. */
    private final int many;

    private final List<String> log = new ArrayList<>();

    GatherTest(Mode mode) {
        virtual = new VirtualLoop(mode);
        loop = virtual.loop();
        many = mode.debug() ? 500 : 20_000;
    }

    private List<Promise<Integer>> futures(int count) {
        List<Promise<Integer>> futures = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            futures.add(loop.createFuture());
        }
        return futures;
    }

    private static Coroutine<String> after(int millis, String result) {
        return Coroutine.of(await(Async.sleep(Duration.ofMillis(millis), result)));
    }

    @Test
    void resultsAreInTheOrderOfTheArgumentsNotInThatOfTheirArrival() {
        List<String> results = loop.runUntilComplete(coroutine(
                () -> Coroutine.of(await(Async.gather(after(30, "a"), after(10, "b"), after(20, "c"))))));
        assertThat(results).containsExactly("a", "b", "c");
        assertThat(virtual.clock().elapsed()).isEqualTo(Duration.ofMillis(30));
    }

    @Test
    void nothingToGatherIsDoneAtOnce() {
        Future<List<String>> none =
                loop.runUntilComplete(coroutine(() -> Coroutine.of(Async.gather(List.<Future<String>>of()))));
        assertThat(none.result()).isEmpty();
    }

    @Test
    void whatIsDoneAlreadyIsGatheredAtOnce() {
        List<Promise<Integer>> futures = futures(2);
        futures.get(0).setResult(1);
        futures.get(1).setResult(null);
        Future<List<Integer>> gathered = Async.gather(futures);
        assertThat(gathered.isDone()).isTrue();
        assertThat(gathered.result()).containsExactly(1, null);
        futures.add(loop.createFuture());
        assertThat(Async.gather(futures).isDone()).isFalse();
    }

    @Test
    void anOperationIsGatheredLikeACoroutine() {
        loop.runUntilComplete(coroutine(() -> {
            Awaitable<Void> sleep = Async.sleep(Duration.ofSeconds(1));
            await(Async.gather(sleep, Async.sleep(Duration.ofSeconds(2)), Async.sleep(Duration.ZERO)));
            return Coroutine.done();
        }));
        assertThat(virtual.clock().elapsed()).isEqualTo(Duration.ofSeconds(2));
    }

    @Test
    void twoResultsOfDifferentTypesBecomeOne() {
        String result = loop.runUntilComplete(coroutine(() -> Coroutine.of(
                await(Async.gather(after(20, "tea"), Coroutine.of(2), (what, cups) -> cups + " " + what)))));
        assertThat(result).isEqualTo("2 tea");
    }

    @Test
    void whatCannotBecomeOneResultFailsTheFuture() {
        Promise<Integer> one = loop.createFuture();
        Promise<Integer> other = loop.createFuture();
        Future<Integer> quotient = Async.gather(one, other, (a, b) -> a / b);
        one.setResult(1);
        other.setResult(0);
        virtual.settle();
        assertThat(quotient.exception()).isInstanceOf(ArithmeticException.class);
    }

    @Test
    @Tag("G1")
    void theFirstFailureIsTheResultAndTheOthersGoOnUnreported() {
        List<Promise<Integer>> futures = futures(5);
        Future<List<Integer>> gathered = Async.gather(futures);
        gathered.addDoneCallback(done -> log.add("done"));
        IOException failure = new IOException("b");
        futures.get(0).setResult(1);
        futures.get(1).setException(failure);
        virtual.settle();
        assertThat(gathered.isDone()).isTrue();
        assertThat(gathered.exception()).isSameAs(failure);
        futures.get(2).setResult(3);
        futures.get(3).cancel();
        futures.get(4).setException(new IOException("e"));
        virtual.settle();
        assertThat(gathered.exception()).isSameAs(failure);
        assertThat(log).containsExactly("done");
        loop.close();
        assertThat(virtual.failures()).isEmpty();
    }

    @Test
    void aFailureDoesNotCancelTheOthers() {
        Promise<Integer> failing = loop.createFuture();
        Task<String> other = loop.createTask(after(100, "done"));
        Future<List<Object>> gathered = Async.gather(failing, other);
        failing.setException(new IOException("no"));
        virtual.settle();
        assertThat(gathered.exception()).hasMessage("no");
        assertThat(gathered.cancel()).isFalse();
        assertThat(loop.runUntilComplete(other)).isEqualTo("done");
    }

    @Test
    @Tag("G2")
    void allOutcomesAreGatheredWhenTheLastIsThere() {
        List<Promise<Integer>> futures = futures(5);
        Future<List<Outcome<Integer>>> gathered = Async.gatherOutcomes(futures);
        IOException failure = new IOException("c");
        IllegalStateException other = new IllegalStateException("d");
        futures.get(4).cancel("e");
        futures.get(3).setException(other);
        futures.get(2).setException(failure);
        futures.get(1).setResult(1);
        virtual.settle();
        assertThat(gathered.isDone()).isFalse();
        futures.get(0).setResult(3);
        virtual.settle();
        List<Outcome<Integer>> outcomes = gathered.result();
        assertThat(outcomes.subList(0, 4))
                .containsExactly(
                        new Outcome.Success<>(3),
                        new Outcome.Success<>(1),
                        new Outcome.Failed<>(failure),
                        new Outcome.Failed<>(other));
        assertThat(outcomes.get(4).failure()).isInstanceOf(CancelledError.class).hasMessage("e");
        assertThat(outcomes.get(0).get()).isEqualTo(3);
        assertThat(outcomes.get(0).failure()).isNull();
        assertThatThrownBy(() -> outcomes.get(2).get()).isSameAs(failure);
        loop.close();
        assertThat(virtual.failures()).isEmpty();
    }

    @Test
    void aChildThatWasCancelledIsAFailureAndNotACancellation() {
        List<Promise<Integer>> futures = futures(2);
        Future<List<Integer>> gathered = Async.gather(futures);
        futures.get(0).cancel("by itself");
        virtual.settle();
        assertThat(gathered.isDone()).isTrue();
        assertThat(gathered.isCancelled()).isFalse();
        assertThat(gathered.exception()).isInstanceOf(CancelledError.class).hasMessage("by itself");
        assertThat(futures.get(1).isDone()).isFalse();
        Task<List<Integer>> task = loop.createTask(awaiting(gathered));
        virtual.settle();
        assertThat(task.isCancelled()).isTrue();
    }

    @Test
    @Tag("G4")
    void cancellingWhoAwaitsItCancelsTheChildrenAndWhatTheyAwait() {
        Promise<Integer> waiter = loop.createFuture();
        Task<Integer> a = loop.createTask(awaiting(waiter));
        Task<Integer> b = loop.createTask(awaiting(waiter));
        Future<List<Integer>> gathered = Async.gather(a, b);
        Task<List<Integer>> outer = loop.createTask(awaiting(gathered));
        virtual.settle();
        assertThat(outer.cancel()).isTrue();
        virtual.settle();
        assertThat(waiter.isCancelled()).isTrue();
        assertThat(a.isCancelled()).isTrue();
        assertThat(b.isCancelled()).isTrue();
        assertThat(outer.isCancelled()).isTrue();
        assertThat(gathered.cancel()).isFalse();
    }

    @Test
    void cancellingCountsOnlyIfAChildIsNotDone() {
        List<Promise<Integer>> futures = futures(2);
        Future<List<Integer>> gathered = Async.gather(futures);
        futures.get(0).setResult(1);
        futures.get(1).setResult(2);
        assertThat(gathered.isDone()).isFalse();
        assertThat(gathered.cancel()).isFalse();
        virtual.settle();
        assertThat(gathered.result()).containsExactly(1, 2);
    }

    @Test
    @Tag("G6")
    void aCancellationLeavesTheTaskEvenWhereOutcomesAreGathered() {
        List<Integer> rounds = new ArrayList<>();
        Task<Void> task = loop.createTask(coroutine(() -> {
            while (true) {
                await(Async.gatherOutcomes(Async.sleep(Duration.ofMillis(1))));
                rounds.add(rounds.size());
            }
        }));
        loop.callLater(Duration.ofMillis(10), () -> task.cancel("enough"));
        assertThatThrownBy(() -> loop.runUntilComplete(task))
                .isInstanceOf(CancelledError.class)
                .hasMessage("enough");
        assertThat(rounds).isNotEmpty();
    }

    @Test
    void aCancellationLeavesTheTaskEvenIfEveryChildSwallowsIt() {
        Coroutine<List<String>> gathering =
                coroutine(() -> Coroutine.of(await(Async.gather(List.of(swallowing("a"), swallowing("b"))))));
        Task<List<String>> task = loop.createTask(gathering);
        virtual.settle();
        task.cancel("enough");
        virtual.settle();
        assertThat(task.isCancelled()).isTrue();
        assertThatThrownBy(task::result).hasMessage("enough");
        assertThat(log).containsExactly("a", "b");
    }

    private Coroutine<String> swallowing(String name) {
        try {
            await(Async.sleep(Duration.ofDays(1)));
        } catch (CancelledError swallowed) {
            log.add(name);
        }
        return Coroutine.of(name);
    }

    @Test
    void cancellingAGatherInsideAGatherReachesTheInnermost() {
        List<Promise<Integer>> inner = futures(2);
        Promise<Integer> beside = loop.createFuture();
        Future<List<Object>> outer = Async.gather(Async.gather(inner), beside);
        assertThat(outer.cancel("all")).isTrue();
        assertThat(inner).allSatisfy(future -> assertThat(future.isCancelled()).isTrue());
        assertThat(beside.isCancelled()).isTrue();
        virtual.settle();
        assertThat(outer.exception()).isInstanceOf(CancelledError.class).hasMessage("all");
    }

    @Test
    @Tag("G7")
    void aCoroutineThatIsGivenThriceRunsOnce() {
        List<String> results = loop.runUntilComplete(coroutine(() -> {
            Coroutine<String> same = noted("same");
            return Coroutine.of(await(Async.gather(noted("a"), same, noted("b"), same, same)));
        }));
        assertThat(results).containsExactly("a", "same", "b", "same", "same");
        assertThat(log).containsExactly("a", "same", "b");
    }

    private Coroutine<String> noted(String what) {
        await(Async.sleep(Duration.ZERO));
        log.add(what);
        return Coroutine.of(what);
    }

    @Test
    void aFutureThatIsGivenTwiceIsInTheResultTwice() {
        Promise<Integer> future = loop.createFuture();
        Future<List<Integer>> gathered = Async.gather(future, future);
        future.setResult(7);
        virtual.settle();
        assertThat(gathered.result()).containsExactly(7, 7);
    }

    @Test
    void aCoroutineThatWasUsedBeforeIsRefused() {
        Task<Void> task = loop.createTask(coroutine(() -> {
            Coroutine<String> used = noted("once");
            await(used);
            assertThatThrownBy(() -> Async.gather(noted("other"), used))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("made a task before");
            return Coroutine.done();
        }));
        virtual.settle();
        task.result();
    }

    @Test
    @Tag("G7")
    void theSecondChildsLaterFailureIsNotReported() {
        Promise<Integer> first = loop.createFuture();
        Promise<Integer> second = loop.createFuture();
        Future<List<Integer>> gathered =
                Async.gather(loop.createTask(awaiting(first)), loop.createTask(awaiting(second)));
        virtual.settle();
        first.setException(new IOException("first"));
        virtual.settle();
        assertThat(gathered.exception()).hasMessage("first");
        second.setException(new IOException("second"));
        virtual.settle();
        loop.close();
        assertThat(virtual.failures()).isEmpty();
    }

    @Test
    void aFutureOfAnotherLoopIsRefused() {
        EventLoop other = new VirtualClock().openLoop();
        Promise<Integer> foreign = other.createFuture();
        Promise<Integer> own = loop.createFuture();
        assertThatThrownBy(() -> Async.gather(own, foreign))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("another loop");
        other.close();
    }

    @Test
    void whatIsGatheredCannotBeChanged() {
        Future<List<Integer>> gathered = Async.gather(finished(1), finished(2));
        assertThatThrownBy(() -> gathered.result().set(0, 3)).isInstanceOf(UnsupportedOperationException.class);
    }

    private Promise<Integer> finished(int value) {
        Promise<Integer> future = loop.createFuture();
        future.setResult(value);
        return future;
    }

    @Test
    void manyChildrenAreGatheredAndCancelledInATwinkling() {
        Task<List<Integer>> task = loop.createTask(coroutine(() -> {
            List<Coroutine<Integer>> children = new ArrayList<>();
            for (int i = 0; i < many; i++) {
                children.add(awaiting(loop.<Integer>createFuture()));
            }
            return Coroutine.of(await(Async.gather(children)));
        }));
        virtual.settle();
        task.cancel();
        virtual.settle();
        assertThat(task.isCancelled()).isTrue();
        assertThat(loop.allTasks()).isEmpty();
    }

    @Test
    void aCancellationGoesThroughGathersOfAnyDepth() {
        int depth = many / 2;
        Promise<Integer> innermost = loop.createFuture();
        Task<Integer> task = loop.createTask(nested(depth, innermost));
        virtual.turns(2 * depth + 4);
        task.cancel("enough");
        assertThat(innermost.isCancelled()).isTrue();
        virtual.turns(2 * depth + 4);
        assertThat(task.isCancelled()).isTrue();
        assertThatThrownBy(task::result).hasMessage("enough");
        assertThat(loop.allTasks()).isEmpty();
    }

    private static Coroutine<Integer> nested(int depth, Future<Integer> innermost) {
        await(Async.sleep(Duration.ZERO));
        if (depth == 0) {
            return Coroutine.of(await(innermost));
        }
        return Coroutine.of(await(Async.gather(nested(depth - 1, innermost))).get(0));
    }

    @Test
    void tasksThatGatherEachOtherInARingCanBeCancelled() {
        List<Task<Object>> ring = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            int next = (i + 1) % 200; // the ring is of the first 200; the others lead to it
            ring.add(loop.createTask(coroutine(() -> {
                await(Async.sleep(Duration.ZERO));
                return Coroutine.of(await(Async.gather(ring.get(next))).get(0));
            })));
        }
        Task<List<Object>> outside = loop.createTask(coroutine(() -> {
            await(Async.sleep(Duration.ZERO));
            return Coroutine.of(await(Async.gather(ring.get(100))));
        }));
        virtual.settle();
        outside.cancel();
        virtual.turns(1000);
        assertThat(outside.isCancelled()).isTrue();
        assertThat(loop.allTasks()).isEmpty();
    }
}

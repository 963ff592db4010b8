package io.samovar.tests.core;

import static io.samovar.Async.await;
import static io.samovar.tests.support.Coroutines.awaiting;
import static io.samovar.tests.support.Coroutines.coroutine;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.samovar.Async;
import io.samovar.AsyncTimeoutException;
import io.samovar.CancelledError;
import io.samovar.Coroutine;
import io.samovar.EventLoop;
import io.samovar.Future;
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
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Awaiting one thing under a time limit ({@code wait_for}), with the rows of asyncio's conformance cases as tags. */
@Timeout(30)
@EveryMode
class TimeLimitTest {
    private static final Duration SHORT = Duration.ofMillis(100);
    private static final Duration LONG = Duration.ofSeconds(10);

    @AutoClose
    private final VirtualLoop virtual;

    private final EventLoop loop;
    private final List<String> log = new ArrayList<>();

    TimeLimitTest(Mode mode) {
        virtual = new VirtualLoop(mode);
        loop = virtual.loop();
    }

    private static Coroutine<String> sleeping(Duration duration, String result) {
        return Coroutine.of(await(Async.sleep(duration, result)));
    }

    @Test
    void whatComesInTimeIsTheResult() {
        String result = loop.runUntilComplete(Async.timeout(LONG, sleeping(SHORT, "tea")));
        assertThat(result).isEqualTo("tea");
        assertThat(virtual.clock().elapsed()).isEqualTo(SHORT);
    }

    @Test
    void aFailureThatComesInTimeIsThrownAsItIs() {
        IOException failure = new IOException("cold");
        Promise<String> failed = loop.createFuture();
        failed.setException(failure);
        assertThatThrownBy(() -> loop.runUntilComplete(Async.timeout(LONG, failed)))
                .isSameAs(failure);
        assertThat(failure.getSuppressed()).isEmpty();
    }

    @Test
    void whatTakesTooLongIsCancelledAndTheCancellationIsTheCause() {
        Promise<String> never = loop.createFuture();
        assertThatThrownBy(() -> loop.runUntilComplete(Async.timeout(SHORT, never)))
                .isInstanceOf(AsyncTimeoutException.class)
                .hasMessageContaining("PT0.1S")
                .hasCauseInstanceOf(CancelledError.class);
        assertThat(never.isCancelled()).isTrue();
        assertThat(virtual.clock().elapsed()).isEqualTo(SHORT);
    }

    @Test
    void aStageThatTakesTooLongIsCancelled() {
        CompletableFuture<String> stage = new CompletableFuture<>();
        assertThatThrownBy(() -> loop.runUntilComplete(Async.timeout(SHORT, stage)))
                .isInstanceOf(AsyncTimeoutException.class);
        assertThat(stage).isCancelled();
    }

    @Test
    void aCoroutineRunsInTheTaskThatAwaitsIt() {
        loop.runUntilComplete(coroutine(() -> {
            Task<?> self = loop.currentTask();
            await(Async.timeout(LONG, coroutine(() -> {
                assertThat(loop.currentTask()).isSameAs(self);
                return Coroutine.done();
            })));
            return Coroutine.done();
        }));
    }

    @Test
    void theTimeBeginsWhenItIsAwaited() {
        Coroutine<String> limited = Async.waitFor(sleeping(SHORT, "tea"), Duration.ofMillis(150));
        loop.runUntilComplete(Async.sleep(LONG));
        assertThat(loop.runUntilComplete(limited)).isEqualTo("tea");
    }

    @Test
    void theTaskIsNotCancelledWhenTheTimeoutIsDealtWith() {
        Task<Integer> task = loop.createTask(coroutine(() -> {
            try {
                await(Async.timeout(SHORT, loop.<String>createFuture()));
            } catch (AsyncTimeoutException late) {
                log.add("late");
            }
            await(Async.sleep(SHORT));
            return Coroutine.of(loop.currentTask().cancelling());
        }));
        assertThat(loop.runUntilComplete(task)).isZero();
        assertThat(log).containsExactly("late");
    }

    @Test
    void aTimerThatIsNotNeededAnyMoreIsTakenBack() {
        loop.runUntilComplete(coroutine(() -> {
            await(Async.timeout(SHORT, Coroutine.of("at once")));
            await(Async.sleep(LONG)); // would be cancelled
            return Coroutine.done();
        }));
        assertThat(virtual.clock().elapsed()).isEqualTo(LONG);
    }

    @Test
    @Tag("O1")
    void aResultDuringTheCancellationCounts() {
        String result = loop.runUntilComplete(Async.timeout(SHORT, swallowing()));
        assertThat(result).isEqualTo("after all");
    }

    private static Coroutine<String> swallowing() {
        try {
            await(Async.sleep(LONG));
        } catch (CancelledError swallowed) {
            return Coroutine.of("after all");
        }
        return Coroutine.of("slept");
    }

    @Test
    @Tag("O1")
    void aResultOfATaskDuringItsCancellationCounts() {
        Task<String> task = loop.createTask(swallowing());
        Task<String> outer = loop.createTask(Async.timeout(SHORT, task));
        assertThat(loop.runUntilComplete(outer)).isEqualTo("after all");
        assertThat(outer.cancelling()).isZero();
    }

    @ParameterizedTest
    @ValueSource(longs = {100, 0})
    @Tag("O3")
    void whatIsCancelledMayTakeItsTimeToCleanUp(long limit) {
        Task<String> inner = loop.createTask(coroutine(() -> {
            try {
                await(Async.sleep(LONG));
            } catch (CancelledError cancelled) {
                await(Async.sleep(SHORT));
                throw cancelled;
            } finally {
                log.add("clean");
            }
            return Coroutine.of("slept");
        }));
        virtual.turn();
        assertThatThrownBy(() -> loop.runUntilComplete(Async.timeout(Duration.ofMillis(limit), inner)))
                .isInstanceOf(AsyncTimeoutException.class)
                .hasCauseInstanceOf(CancelledError.class);
        assertThat(log).containsExactly("clean");
        assertThat(virtual.clock().elapsed()).isEqualTo(SHORT.plusMillis(limit));
    }

    @ParameterizedTest
    @ValueSource(longs = {100, 0})
    @Tag("O4")
    void aFailureDuringTheCancellationCountsAndTellsOfTheTimeout(long limit) {
        Task<String> inner = loop.createTask(coroutine(() -> failingToCleanUp()));
        virtual.turn();
        assertThatThrownBy(() -> loop.runUntilComplete(Async.timeout(Duration.ofMillis(limit), inner)))
                .isInstanceOf(IOException.class)
                .hasMessage("broken");
    }

    private static Coroutine<String> failingToCleanUp() throws IOException {
        try {
            await(Async.sleep(LONG));
        } catch (CancelledError cancelled) {
            throw new IOException("broken");
        }
        return Coroutine.of("slept");
    }

    @ParameterizedTest
    @ValueSource(longs = {0, -1})
    @Tag("O5")
    void withoutAnyTimeACoroutineNeverBegins(long limit) {
        Coroutine<String> coroutine = coroutine(() -> {
            log.add("ran");
            return Coroutine.of("ran");
        });
        assertThatThrownBy(() -> loop.runUntilComplete(Async.timeout(Duration.ofMillis(limit), coroutine)))
                .isInstanceOf(AsyncTimeoutException.class)
                .hasCauseInstanceOf(CancelledError.class);
        assertThat(log).isEmpty();
        assertThatThrownBy(() -> loop.createTask(coroutine)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    @Tag("O5")
    void withoutAnyTimeAFutureThatIsDoneGivesItsResult() {
        Promise<String> done = loop.createFuture();
        done.setResult("done");
        assertThat(loop.runUntilComplete(Async.timeout(Duration.ZERO, done))).isEqualTo("done");
    }

    @Test
    @Tag("O5")
    void withoutAnyTimeATaskThatRunsIsCancelled() {
        Task<String> task = loop.createTask(sleeping(LONG, "slept"));
        virtual.turn();
        assertThatThrownBy(() -> loop.runUntilComplete(Async.timeout(Duration.ofMillis(-1), task)))
                .isInstanceOf(AsyncTimeoutException.class);
        assertThat(task.isCancelled()).isTrue();
        assertThat(virtual.clock().elapsed()).isZero();
    }

    @Test
    void whoHasNoTimeAgainAndAgainLetsTheOthersRun() {
        loop.callSoon(() -> log.add("other"));
        loop.runUntilComplete(coroutine(() -> {
            while (log.isEmpty()) {
                try {
                    await(Async.timeout(Duration.ZERO, Async.sleep(Duration.ZERO)));
                } catch (AsyncTimeoutException again) {
                    assertThat(again).hasMessageContaining("PT0S");
                }
            }
            return Coroutine.done();
        }));
        assertThat(log).containsExactly("other");
    }

    @Test
    @Tag("O6")
    void withoutAnyTimeAShieldIsCancelledAndWhatIsBehindItGoesOn() {
        Task<String> task = loop.createTask(sleeping(SHORT, "done"));
        Future<String> shield = Async.shield(task);
        assertThatThrownBy(() -> loop.runUntilComplete(Async.timeout(Duration.ZERO, shield)))
                .isInstanceOf(AsyncTimeoutException.class);
        assertThat(shield.isCancelled()).isTrue();
        assertThat(task.isDone()).isFalse();
        assertThat(loop.runUntilComplete(task)).isEqualTo("done");
    }

    @Test
    void cancellingWhoAwaitsItCancelsWhatIsAwaited() {
        Promise<String> never = loop.createFuture();
        Task<String> inner = loop.createTask(awaiting(never));
        Task<String> outer = loop.createTask(Async.timeout(LONG, inner));
        virtual.turn();
        virtual.turn();
        outer.cancel("from outside");
        virtual.settle();
        assertThat(outer.isCancelled()).isTrue();
        assertThat(inner.isCancelled()).isTrue();
        assertThatThrownBy(outer::result).hasMessage("from outside");
    }

    @Test
    void cancellingWhoWaitsForTheEndOfSomethingThatHasNoTimeCountsMore() {
        Promise<String> cleaned = loop.createFuture();
        Task<String> inner = loop.createTask(coroutine(() -> {
            try {
                return Coroutine.of(await(loop.<String>createFuture()));
            } finally {
                await(cleaned);
            }
        }));
        virtual.turn();
        Task<String> outer = loop.createTask(Async.timeout(Duration.ZERO, inner));
        virtual.turn();
        virtual.turn();
        outer.cancel();
        virtual.settle();
        assertThat(outer.isCancelled()).isTrue();
        assertThat(inner.isDone()).isFalse();
        assertThat(inner.removeDoneCallback(new AnyCallback())).isZero();
        cleaned.setResult("clean");
        virtual.settle();
        assertThat(inner.isCancelled()).isTrue();
    }

    @Test
    void aCancellationInTheIterationOfTheTimeoutCountsMore() {
        Promise<String> never = loop.createFuture();
        Task<String> task = loop.createTask(Async.timeout(SHORT, never));
        virtual.turn();
        loop.callLater(SHORT, task::cancel);
        assertThatThrownBy(() -> loop.runUntilComplete(task)).isInstanceOf(CancelledError.class);
    }

    @Test
    void aResultInTheIterationInWhichTheTaskIsCancelledIsLostToIt() {
        Task<String> inner = loop.createTask(Coroutine.of("done"));
        Task<Void> outer = loop.createTask(coroutine(() -> {
            await(Async.timeout(LONG, inner));
            log.add("went on");
            await(Async.sleep(SHORT));
            log.add("reached the end");
            return Coroutine.done();
        }));
        virtual.turn();
        outer.cancel();
        virtual.settle();
        assertThat(outer.isCancelled()).isTrue();
        assertThat(inner.result()).isEqualTo("done");
        assertThat(log).doesNotContain("reached the end");
    }
}

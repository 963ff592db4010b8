package io.samovar.tests.core;

import static io.samovar.Async.await;
import static io.samovar.tests.support.Coroutines.awaiting;
import static io.samovar.tests.support.Coroutines.coroutine;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.samovar.Async;
import io.samovar.CancelledError;
import io.samovar.Coroutine;
import io.samovar.EventLoop;
import io.samovar.Future;
import io.samovar.Promise;
import io.samovar.Task;
import io.samovar.tests.support.EveryMode;
import io.samovar.tests.support.Mode;
import io.samovar.tests.support.VirtualLoop;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What {@code shield} promises, with the rows of asyncio's conformance cases as tags. */
@Timeout(30)
@EveryMode
class ShieldTest {
    @AutoClose
    private final VirtualLoop virtual;

    private final EventLoop loop;

    ShieldTest(Mode mode) {
        virtual = new VirtualLoop(mode);
        loop = virtual.loop();
    }

    @Test
    void theOutcomeBehindTheShieldIsTheShields() {
        Promise<String> good = loop.createFuture();
        Promise<String> bad = loop.createFuture();
        Future<String> goodShield = Async.shield(good);
        Future<String> badShield = Async.shield(bad);
        IOException failure = new IOException("bad");
        good.setResult("good");
        bad.setException(failure);
        virtual.settle();
        assertThat(goodShield.result()).isEqualTo("good");
        assertThat(badShield.exception()).isSameAs(failure);
    }

    @Test
    void whatIsDoneNeedsNoShield() {
        Promise<String> done = loop.createFuture();
        done.setResult("done");
        assertThat(Async.shield(done)).isSameAs(done);
    }

    @Test
    @Tag("S1")
    void cancellingWhoAwaitsTheShieldLeavesTheInnerAlone() {
        Promise<String> inner = loop.createFuture();
        Task<String> task = loop.createTask(coroutine(() -> Coroutine.of(await(Async.shield(awaiting(inner))))));
        virtual.turn();
        virtual.turn();
        assertThat(task.cancel("outer")).isTrue();
        virtual.settle();
        assertThat(task.isCancelled()).isTrue();
        assertThatThrownBy(task::result).hasMessage("outer");
        assertThat(inner.isDone()).isFalse();
        assertThat(loop.allTasks()).hasSize(1);
        inner.setResult("inner");
        virtual.settle();
        assertThat(loop.allTasks()).isEmpty();
        assertThat(virtual.failures()).isEmpty();
    }

    @Test
    void cancellingTheInnerCancelsTheShield() {
        Promise<String> inner = loop.createFuture();
        Future<String> shield = Async.shield(inner);
        inner.cancel("inner");
        virtual.settle();
        assertThat(shield.isCancelled()).isTrue();
        assertThatThrownBy(shield::result).isInstanceOf(CancelledError.class).hasMessage("inner");
    }

    @Test
    void aFailureAfterTheShieldWasCancelledIsReportedOnce() {
        Promise<String> inner = loop.createFuture();
        Future<String> first = Async.shield(inner);
        Future<String> second = Async.shield(inner);
        first.cancel();
        second.cancel();
        IOException failure = new IOException("late");
        inner.setException(failure);
        virtual.settle();
        loop.close();
        assertThat(virtual.failures()).singleElement().satisfies(report -> {
            assertThat(report.message()).contains("shielded");
            assertThat(report.exception()).isSameAs(failure);
            assertThat(report.source()).isSameAs(inner);
        });
    }

    @Test
    void aFailureInTheIterationInWhichTheShieldIsCancelledIsReportedOnce() {
        Promise<String> inner = loop.createFuture();
        Future<String> shield = Async.shield(inner);
        inner.setException(new IOException("late"));
        shield.cancel();
        virtual.settle();
        loop.close();
        assertThat(virtual.failures()).hasSize(1);
    }

    @Test
    void aFailureThatTheShieldHasPassedOnIsNotReported() {
        Promise<String> inner = loop.createFuture();
        Future<String> left = Async.shield(inner);
        Future<String> kept = Async.shield(inner);
        inner.setException(new IOException("seen"));
        virtual.settle();
        assertThat(left.exception()).isSameAs(kept.exception());
        loop.close();
        assertThat(virtual.failures()).isEmpty();
    }

    @Test
    @Tag("S2")
    void aGatherOfShieldsCancelsTheShieldsOnly() {
        Promise<Integer> one = loop.createFuture();
        Promise<Integer> two = loop.createFuture();
        Future<Integer> shieldOne = Async.shield(one);
        Future<Integer> shieldTwo = Async.shield(two);
        Future<List<Integer>> gathered = Async.gather(shieldOne, shieldTwo);
        gathered.cancel();
        virtual.settle();
        assertThat(gathered.exception()).isInstanceOf(CancelledError.class);
        assertThat(shieldOne.isCancelled()).isTrue();
        assertThat(shieldTwo.isCancelled()).isTrue();
        assertThat(one.isDone()).isFalse();
        assertThat(two.isDone()).isFalse();
    }

    @Test
    @Tag("S2")
    void aShieldedGatherGoesOn() {
        Promise<Integer> one = loop.createFuture();
        Promise<Integer> two = loop.createFuture();
        Future<List<Integer>> gathered = Async.gather(one, two);
        Future<List<Integer>> shield = Async.shield(gathered);
        shield.cancel();
        virtual.settle();
        assertThat(shield.isCancelled()).isTrue();
        one.setResult(1);
        two.setResult(2);
        virtual.settle();
        assertThat(gathered.result()).containsExactly(1, 2);
    }

    @Test
    void aShieldThatIsDoneCannotBeCancelled() {
        Promise<Integer> inner = loop.createFuture();
        Future<Integer> shield = Async.shield(inner);
        inner.setResult(1);
        virtual.settle();
        assertThat(shield.cancel()).isFalse();
        assertThat(shield.result()).isEqualTo(1);
    }

    @Test
    void anOperationBehindAShieldBecomesATask() {
        loop.runUntilComplete(coroutine(() -> {
            await(Async.shield(Async.sleep(Duration.ofSeconds(1))));
            return Coroutine.done();
        }));
        assertThat(virtual.clock().elapsed()).isEqualTo(Duration.ofSeconds(1));
    }
}

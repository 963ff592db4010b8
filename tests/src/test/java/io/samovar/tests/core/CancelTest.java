package io.samovar.tests.core;

import static io.samovar.Async.await;
import static io.samovar.tests.support.Coroutines.awaiting;
import static io.samovar.tests.support.Coroutines.coroutine;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.samovar.Async;
import io.samovar.CancelledError;
import io.samovar.Coroutine;
import io.samovar.EventLoop;
import io.samovar.Promise;
import io.samovar.Task;
import io.samovar.tests.support.EveryMode;
import io.samovar.tests.support.Mode;
import io.samovar.tests.support.VirtualLoop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Requests to cancel: how they are counted, how they travel, and how they are taken back. */
@Timeout(60)
@EveryMode
class CancelTest {
    private static final Duration DAY = Duration.ofDays(1);

    @AutoClose
    private final VirtualLoop virtual;

    private final EventLoop loop;
    private final List<String> log = new ArrayList<>();

    CancelTest(Mode mode) {
        virtual = new VirtualLoop(mode);
        loop = virtual.loop();
    }

    /** Sleeps so many times, and notes each cancellation that it swallows. */
    private Coroutine<String> stubborn(int times) {
        for (int i = 0; i < times; i++) {
            try {
                await(Async.sleep(DAY));
            } catch (CancelledError swallowed) {
                log.add("swallowed " + swallowed.getMessage());
            }
        }
        return Coroutine.of("done");
    }

    @Test
    @Tag("T10")
    void requestsAreCountedAndMayBeTakenBack() {
        Task<String> task = loop.createTask(coroutine(() -> {
            try {
                await(Async.sleep(DAY));
            } catch (CancelledError cancelled) {
                log.add("left: " + loop.currentTask().uncancel());
            }
            await(Async.sleep(DAY));
            return Coroutine.of("done");
        }));
        virtual.turn();
        assertThat(task.cancelling()).isZero();
        assertThat(task.uncancel()).isZero();
        assertThat(task.cancel()).isTrue();
        assertThat(task.cancelling()).isEqualTo(1);
        virtual.turn();
        assertThat(log).containsExactly("left: 0");
        assertThat(task.cancelling()).isZero();
        assertThat(task.isDone()).isFalse();
        assertThat(task.cancel()).isTrue();
        virtual.turn();
        assertThat(task.isCancelled()).isTrue();
        assertThat(task.cancelling()).isEqualTo(1);
        assertThat(task.uncancel()).isZero();
        assertThat(task.isCancelled()).isTrue();
        assertThat(task.cancel()).isFalse();
        assertThat(task.cancelling()).isZero();
    }

    @Test
    void aSwallowedCancellationIsStillCounted() {
        Task<String> task = loop.createTask(stubborn(2));
        virtual.turn();
        task.cancel("one");
        assertThat(task.cancel("two")).isTrue();
        assertThat(task.cancelling()).isEqualTo(2);
        virtual.turn();
        task.cancel("three");
        virtual.turn();
        assertThat(log).containsExactly("swallowed one", "swallowed three");
        assertThat(task.result()).isEqualTo("done");
        assertThat(task.cancelling()).isEqualTo(3);
    }

    @Test
    void takingTheLastRequestBackTakesBackWhatHasNotBeenThrownYet() {
        Task<String> task = loop.createTask(coroutine(() -> {
            Task<?> self = loop.currentTask();
            self.cancel();
            self.cancel();
            assertThat(self.uncancel()).isEqualTo(1);
            assertThat(self.uncancel()).isZero();
            await(Async.sleep(Duration.ZERO));
            return Coroutine.of("not cancelled");
        }));
        virtual.settle();
        assertThat(task.result()).isEqualTo("not cancelled");
    }

    @Test
    void aRequestThatWaitsForThisTurnMayBeTakenBackAndTheTurnIsKept() {
        Task<String> task = loop.createTask(coroutine(() -> {
            await(Async.sleep(Duration.ZERO));
            return Coroutine.of("not cancelled");
        }));
        virtual.turn();
        task.cancel();
        assertThat(task.uncancel()).isZero();
        virtual.turn();
        assertThat(task.result()).isEqualTo("not cancelled");
    }

    @Test
    void whatATaskWaitsForStaysCancelledWhenTheRequestIsTakenBack() {
        Task<Void> sleeping = loop.createTask(awaiting(Async.sleep(DAY)));
        Promise<Integer> future = loop.createFuture();
        Task<Integer> waiting = loop.createTask(awaiting(future));
        virtual.turn();
        sleeping.cancel("enough");
        waiting.cancel("enough");
        assertThat(sleeping.uncancel()).isZero();
        assertThat(waiting.uncancel()).isZero();
        virtual.turn();
        assertThatThrownBy(sleeping::result).isInstanceOf(CancelledError.class).hasMessage("enough");
        assertThatThrownBy(waiting::result).isInstanceOf(CancelledError.class).hasMessage("enough");
        assertThat(future.isCancelled()).isTrue();
    }

    @Test
    void eachTaskOnTheWayInwardsCountsTheRequest() {
        Promise<Integer> future = loop.createFuture();
        Task<Integer> inner = loop.createTask(awaiting(future));
        Task<Integer> middle = loop.createTask(awaiting(inner));
        Task<Integer> outer = loop.createTask(awaiting(middle));
        virtual.turn();
        outer.cancel("enough");
        assertThat(List.of(outer.cancelling(), middle.cancelling(), inner.cancelling()))
                .containsExactly(1, 1, 1);
        assertThat(future.isCancelled()).isTrue();
        virtual.settle();
        Throwable error = catchThrowable(future::result);
        assertThat(error).isInstanceOf(CancelledError.class).hasMessage("enough");
        assertThat(catchThrowable(inner::result)).isSameAs(error);
        assertThat(catchThrowable(middle::result)).isSameAs(error);
        assertThat(catchThrowable(outer::result)).isSameAs(error);
    }

    @Test
    void aRequestGoesToAnInnerTaskAgainThatSwallowedTheFirst() {
        Task<String> inner = loop.createTask(stubborn(2));
        Task<String> outer = loop.createTask(awaiting(inner));
        virtual.turn();
        outer.cancel("one");
        virtual.settle();
        outer.cancel("two");
        virtual.settle();
        assertThat(log).containsExactly("swallowed one", "swallowed two");
        assertThat(outer.result()).isEqualTo("done");
    }

    @Test
    void aRequestOfItsOwnThatATaskPassedOnIsSpentWhenTheInnerTaskSwallowsIt() {
        Promise<String> future = loop.createFuture();
        Task<String> inner = loop.createTask(coroutine(() -> {
            try {
                await(Async.sleep(DAY));
            } catch (CancelledError swallowed) {
                log.add("swallowed " + swallowed.getMessage());
            }
            return Coroutine.of(await(future));
        }));
        Task<String> outer = loop.createTask(coroutine(() -> {
            await(Async.sleep(Duration.ZERO));
            loop.currentTask().cancel("myself");
            return Coroutine.of(await(inner));
        }));
        virtual.settle();
        future.setResult("not cancelled");
        virtual.settle();
        assertThat(log).containsExactly("swallowed myself");
        assertThat(outer.result()).isEqualTo("not cancelled");
    }

    @Test
    void aRequestThatComesAfterTheInnerCancellationLeavesItsMessage() {
        Promise<Integer> future = loop.createFuture();
        Task<Integer> task = loop.createTask(awaiting(future));
        virtual.turn();
        future.cancel("first");
        task.cancel("second");
        virtual.turn();
        assertThat(catchThrowable(task::result))
                .isSameAs(catchThrowable(future::result))
                .hasMessage("first");
    }

    @Test
    void aFailureThatIsLostToACancelledTaskIsNotReported() {
        Promise<Integer> future = loop.createFuture();
        Task<Integer> one = loop.createTask(awaiting(future));
        Task<Integer> other = loop.createTask(awaiting(future));
        virtual.turn();
        future.setException(new Exception("lost"));
        one.cancel();
        other.cancel();
        virtual.turn();
        assertThat(one.isCancelled()).isTrue();
        assertThat(other.isCancelled()).isTrue();
        loop.close();
        assertThat(virtual.failures()).isEmpty();
    }

    @Test
    void aRequestToATaskThatWasJustWokenMayBeTakenBack() {
        Promise<Integer> future = loop.createFuture();
        Task<Integer> task = loop.createTask(awaiting(future));
        virtual.turn();
        future.setResult(42);
        task.cancel();
        task.uncancel();
        virtual.turn();
        assertThat(task.result()).isEqualTo(42);
    }

    @Test
    void tasksThatAwaitEachOtherInARingMayBeCancelled() {
        List<Task<Object>> ring = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            int next = (i + 1) % 3;
            ring.add(loop.createTask(coroutine(() -> Coroutine.of(await(ring.get(next))))));
        }
        Task<Object> outside = loop.createTask(awaiting(ring.get(1)));
        virtual.settle();
        outside.cancel("enough");
        assertThat(ring).allSatisfy(task -> assertThat(task.cancelling()).isEqualTo(1));
        virtual.settle();
        assertThat(ring)
                .allSatisfy(task -> assertThat(catchThrowable(task::result))
                        .isSameAs(catchThrowable(outside::result))
                        .hasMessage("enough"));
    }

    @Test
    void aTaskThatCancelsItselfAndClosesARingIsCancelled() {
        List<Task<Object>> pair = new ArrayList<>();
        pair.add(loop.createTask(coroutine(() -> Coroutine.of(await(pair.get(1))))));
        pair.add(loop.createTask(coroutine(() -> {
            loop.currentTask().cancel("enough");
            return Coroutine.of(await(pair.get(0)));
        })));
        virtual.settle();
        assertThat(pair).allSatisfy(task -> assertThat(task.isCancelled()).isTrue());
    }

    @Test
    void theErrorComesBackThroughEachOfAThousandTasks() {
        Promise<Integer> future = loop.createFuture();
        List<Task<Integer>> chain = chain(future, 1_000);
        virtual.turn();
        Task<Integer> outermost = chain.get(chain.size() - 1);
        outermost.cancel("enough");
        Throwable error = catchThrowable(() -> loop.runUntilComplete(outermost));
        assertThat(error).isSameAs(catchThrowable(future::result)).hasMessage("enough");
    }

    private List<Task<Integer>> chain(Promise<Integer> innermost, int length) {
        List<Task<Integer>> chain = new ArrayList<>(length);
        chain.add(loop.createTask(awaiting(innermost)));
        while (chain.size() < length) {
            chain.add(loop.createTask(awaiting(chain.get(chain.size() - 1))));
        }
        return chain;
    }
}

package io.samovar.tests.core;

import static io.samovar.Async.await;
import static io.samovar.tests.support.Coroutines.awaiting;
import static io.samovar.tests.support.Coroutines.coroutine;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.samovar.Async;
import io.samovar.Coroutine;
import io.samovar.DoneAndPending;
import io.samovar.EventLoop;
import io.samovar.Future;
import io.samovar.Promise;
import io.samovar.ReturnWhen;
import io.samovar.Task;
import io.samovar.tests.support.AnyCallback;
import io.samovar.tests.support.EveryMode;
import io.samovar.tests.support.Mode;
import io.samovar.tests.support.VirtualLoop;
import java.io.IOException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What {@code wait} promises, with the rows of asyncio's conformance cases as tags. */
@Timeout(30)
@EveryMode
class WaitTest {
    @AutoClose
    private final VirtualLoop virtual;

    private final EventLoop loop;

    WaitTest(Mode mode) {
        virtual = new VirtualLoop(mode);
        loop = virtual.loop();
    }

    private Task<String> sleeping(Duration duration, String result) {
        return loop.createTask(coroutine(() -> Coroutine.of(await(Async.sleep(duration, result)))));
    }

    private <T> Task<T> failing(Duration duration, Exception failure) {
        return loop.createTask(coroutine(() -> {
            await(Async.sleep(duration));
            throw failure;
        }));
    }

    @Test
    void waitsForAllAndGivesThemInOrder() {
        Task<String> a = sleeping(Duration.ofMillis(150), "a");
        Task<String> b = sleeping(Duration.ofMillis(100), "b");
        DoneAndPending<Task<String>> result = loop.runUntilComplete(Async.wait(List.of(a, b, a)));
        assertThat(result.done()).containsExactly(a, b);
        assertThat(result.pending()).isEmpty();
        assertThat(virtual.clock().elapsed()).isEqualTo(Duration.ofMillis(150));
    }

    @Test
    void oneThatIsDoneIsEnoughIfTheFirstIsWaitedFor() {
        Task<String> a = sleeping(Duration.ofSeconds(10), "a");
        Task<String> b = sleeping(Duration.ofMillis(100), "b");
        DoneAndPending<Task<String>> result =
                loop.runUntilComplete(Async.wait(List.of(a, b), ReturnWhen.FIRST_COMPLETED));
        assertThat(result.done()).containsExactly(b);
        assertThat(result.pending()).containsExactly(a);
        assertThat(virtual.clock().elapsed()).isEqualTo(Duration.ofMillis(100));
        a.cancel();
        virtual.settle();
    }

    @Test
    void moreMayBeDoneThanTheOneThatWasWaitedFor() {
        Promise<String> a = loop.createFuture();
        Promise<String> b = loop.createFuture();
        Task<DoneAndPending<Promise<String>>> waiting =
                loop.createTask(Async.wait(List.of(a, b), ReturnWhen.FIRST_COMPLETED));
        virtual.turn();
        a.setResult("a");
        virtual.turn(); // the wait is over, but its task has not run
        b.setResult("b");
        virtual.settle();
        assertThat(waiting.result().done()).containsExactly(a, b);
    }

    @Test
    @Tag("W2")
    void aFailureIsEnoughIfTheFirstIsWaitedForAndTheOthersGoOn() {
        Task<String> a = sleeping(Duration.ofSeconds(10), "a");
        Task<String> b = failing(Duration.ofMillis(10), new IOException("b"));
        DoneAndPending<Task<String>> result =
                loop.runUntilComplete(Async.wait(List.of(a, b), ReturnWhen.FIRST_EXCEPTION));
        assertThat(result.done()).containsExactly(b);
        assertThat(result.pending()).containsExactly(a);
        assertThat(virtual.clock().elapsed()).isEqualTo(Duration.ofMillis(10));
        assertThat(b.exception()).hasMessage("b");
        assertThat(loop.runUntilComplete(a)).isEqualTo("a");
    }

    @Test
    void aCancelledFutureIsNoFailureToWaitFor() {
        Promise<String> cancelled = loop.createFuture();
        Task<String> other = sleeping(Duration.ofSeconds(1), "other");
        loop.callSoon(cancelled::cancel);
        DoneAndPending<Future<String>> result =
                loop.runUntilComplete(Async.wait(List.of(cancelled, other), ReturnWhen.FIRST_EXCEPTION));
        assertThat(result.pending()).isEmpty();
        assertThat(virtual.clock().elapsed()).isEqualTo(Duration.ofSeconds(1));
    }

    @Test
    @Tag("W3")
    void theEndOfTheTimeIsNoFailureAndWhatIsDoneInThatMomentIsDone() {
        Task<String> a = sleeping(Duration.ofMillis(100), "a");
        Task<String> b = sleeping(Duration.ofMillis(150), "b");
        virtual.turn();
        DoneAndPending<Task<String>> result =
                loop.runUntilComplete(Async.wait(List.of(a, b), ReturnWhen.ALL_COMPLETED, Duration.ofMillis(100)));
        assertThat(result.done()).containsExactly(a);
        assertThat(result.pending()).containsExactly(b);
        assertThat(virtual.clock().elapsed()).isEqualTo(Duration.ofMillis(100));
        loop.runUntilComplete(b);
    }

    @Test
    @Tag("W4")
    void cancellingTheWaitLeavesWhatItWaitsForAlone() {
        Task<String> inner = sleeping(Duration.ofSeconds(1), "inner");
        Task<?> waiting = loop.createTask(Async.wait(List.of(inner)));
        virtual.turn();
        waiting.cancel();
        virtual.settle();
        assertThat(waiting.isCancelled()).isTrue();
        assertThat(inner.isDone()).isFalse();
        assertThat(loop.runUntilComplete(inner)).isEqualTo("inner");
    }

    @Test
    @Tag("T1")
    void aTaskThatIsCancelledBeforeItBeginsIsDone() {
        Promise<String> never = loop.createFuture();
        Task<String> child = loop.createTask(awaiting(never));
        child.cancel("my message");
        DoneAndPending<Task<String>> result = loop.runUntilComplete(Async.wait(List.of(child)));
        assertThat(result.done()).containsExactly(child);
        assertThatThrownBy(child::exception).hasMessage("my message");
    }

    @Test
    void theTimeBeginsWhenTheWaitIsAwaited() {
        Promise<String> never = loop.createFuture();
        Coroutine<DoneAndPending<Promise<String>>> wait =
                Async.wait(List.of(never), ReturnWhen.ALL_COMPLETED, Duration.ofSeconds(1));
        loop.runUntilComplete(Async.sleep(Duration.ofSeconds(5)));
        loop.runUntilComplete(wait);
        assertThat(virtual.clock().elapsed()).isEqualTo(Duration.ofSeconds(6));
    }

    @Test
    void aWaitThatIsOverLeavesNoCallbackBehind() {
        Promise<String> a = loop.createFuture();
        Promise<String> b = loop.createFuture();
        Task<DoneAndPending<Promise<String>>> waiting =
                loop.createTask(Async.wait(List.of(a, b), ReturnWhen.FIRST_COMPLETED, Duration.ofDays(1)));
        virtual.turn();
        a.setResult("a");
        virtual.settle();
        assertThat(waiting.isDone()).isTrue();
        assertThat(b.removeDoneCallback(new AnyCallback())).isZero();
    }

    @Test
    void nothingCannotBeWaitedFor() {
        assertThatThrownBy(() -> loop.runUntilComplete(Async.wait(List.<Task<String>>of())))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("no future");
    }

    @Test
    @SuppressWarnings({"unchecked", "rawtypes"}) // what the compiler would refuse
    void aCoroutineIsRefused() {
        Collection<Future<String>> disguised = (Collection) List.of(awaiting(Async.sleep(Duration.ZERO)));
        assertThatThrownBy(() -> loop.runUntilComplete(Async.wait(disguised)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("make a task of");
    }
}

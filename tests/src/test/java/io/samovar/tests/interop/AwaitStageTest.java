package io.samovar.tests.interop;

import static io.samovar.Async.await;
import static io.samovar.tests.support.Coroutines.coroutine;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.samovar.Async;
import io.samovar.Awaitable;
import io.samovar.CancelledError;
import io.samovar.Coroutine;
import io.samovar.EventLoop;
import io.samovar.Future;
import io.samovar.Promise;
import io.samovar.Task;
import io.samovar.tests.support.EveryMode;
import io.samovar.tests.support.Mode;
import io.samovar.tests.support.VirtualLoop;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** {@code CompletionStage}s in coroutines. */
@Timeout(30)
@EveryMode
class AwaitStageTest {
    @AutoClose
    private final VirtualLoop virtual;

    private final EventLoop loop;
    private final CompletableFuture<String> stage = new CompletableFuture<>();
    private final List<String> log = new ArrayList<>();

    AwaitStageTest(Mode mode) {
        virtual = new VirtualLoop(mode);
        loop = virtual.loop();
    }

    private Coroutine<String> awaiting(CompletionStage<String> other) {
        try {
            String value = await(other);
            log.add(value + " on the loop: " + loop.isLoopThread());
            return Coroutine.of(value);
        } catch (Throwable failure) {
            log.add(failure.getClass().getSimpleName() + ": " + failure.getMessage());
            throw failure;
        }
    }

    @Test
    void aStageThatAnotherThreadCompletesWakesTheTaskOnTheLoop() {
        Task<String> task = loop.createTask(awaiting(stage));
        virtual.settle();
        Elsewhere.run(() -> stage.complete("tea"));
        assertThat(task.isDone()).isFalse();
        virtual.settle();
        assertThat(task.result()).isEqualTo("tea");
        assertThat(log).containsExactly("tea on the loop: true");
    }

    @Test
    void aStageThatIsCompleteCostsNoTurnOfTheLoop() {
        stage.complete("tea");
        loop.callSoon(() -> log.add("first"));
        Task<String> task = loop.createTask(coroutine(() -> {
            for (int i = 0; i < 1000; i++) {
                await(stage);
            }
            return awaiting(stage);
        }));
        loop.callSoon(() -> log.add("last"));
        virtual.turn();
        assertThat(log).containsExactly("first", "tea on the loop: true", "last");
        assertThat(task.isDone()).isTrue();
    }

    @Test
    void aStageThatTheLoopCompletesNeedsNoPost() {
        Task<String> task = loop.createTask(awaiting(stage));
        virtual.settle();
        stage.complete("tea");
        virtual.turn(); // what is posted would take one iteration to arrive, and a second to wake the task
        assertThat(task.isDone()).isTrue();
    }

    @Test
    void aNullValueIsAValue() {
        assertThat(loop.runUntilComplete(awaiting(CompletableFuture.completedStage(null))))
                .isNull();
        Task<String> task = loop.createTask(awaiting(stage));
        virtual.settle();
        stage.complete(null);
        assertThat(loop.runUntilComplete(task)).isNull();
    }

    @Test
    void aFailureIsThrownWithoutItsWrappers() {
        Exception failure = new Exception("cold");
        for (Throwable wrapped : List.of(
                failure,
                new CompletionException(failure),
                new ExecutionException(failure),
                new CompletionException(new ExecutionException(failure)))) {
            assertThatThrownBy(() -> loop.runUntilComplete(awaiting(CompletableFuture.failedStage(wrapped))))
                    .isSameAs(failure);
            CompletableFuture<String> pending = new CompletableFuture<>();
            Task<String> task = loop.createTask(awaiting(pending.thenApply(value -> value)));
            virtual.settle();
            pending.completeExceptionally(wrapped);
            virtual.settle();
            assertThat(task.exception()).isSameAs(failure);
        }
        assertThat(virtual.failures()).isEmpty();
    }

    @Test
    void aWrapperAroundNothingIsTheFailure() {
        CompletionException bare = new CompletionException("bare", null);
        assertThatThrownBy(() -> loop.runUntilComplete(awaiting(CompletableFuture.failedStage(bare))))
                .isSameAs(bare);
    }

    @Test
    void theTraceOfAFailureShowsWhoAwaitsTheStage() {
        Exception failure = new Exception("cold");
        for (boolean waits : new boolean[] {false, true}) {
            CompletableFuture<String> failing = new CompletableFuture<>();
            Runnable fail = () -> failing.completeExceptionally(failure);
            if (waits) {
                loop.callSoon(fail);
            } else {
                fail.run();
            }
            Task<String> task = loop.createTask(awaiting(failing));
            virtual.settle();
            assertThat(task.exception()).isSameAs(failure);
            assertThat(Arrays.stream(failure.getStackTrace()).map(StackTraceElement::getMethodName))
                    .contains("await", "awaiting");
            failure.setStackTrace(new StackTraceElement[] {new StackTraceElement("Pot", "boil", null, -1)});
        }
    }

    @Test
    void aCancelledStageIsACancelledErrorAtTheAwait() {
        CancellationException cancellation = new CancellationException("closed");
        Task<String> task = loop.createTask(awaiting(stage));
        Task<String> dependent = loop.createTask(awaiting(stage.thenApply(value -> value)));
        virtual.settle();
        stage.completeExceptionally(cancellation);
        virtual.settle();
        assertThat(task.isCancelled()).isTrue();
        assertThat(dependent.isCancelled()).isTrue();
        assertThat(log).containsExactlyInAnyOrder("CancelledError: closed", "CancelledError: closed");
        assertThatThrownBy(() -> loop.runUntilComplete(awaiting(stage)))
                .isInstanceOf(CancelledError.class)
                .hasCause(cancellation);
    }

    @Test
    void cancellingTheTaskCancelsTheStage() {
        Task<String> task = loop.createTask(awaiting(stage));
        virtual.settle();
        assertThat(task.cancel("enough")).isTrue();
        assertThat(stage.isCancelled()).isTrue();
        assertThat(task.isDone()).isFalse();
        virtual.settle();
        assertThat(task.isCancelled()).isTrue();
        assertThat(log).containsExactly("CancelledError: enough");
    }

    @Test
    void aTaskThatIsCancelledBeforeItAwaitsLeavesTheStageAlone() {
        Task<String> task = loop.createTask(awaiting(stage));
        task.cancel();
        virtual.settle();
        assertThat(task.isCancelled()).isTrue();
        assertThat(stage.isDone()).isFalse();
    }

    @Test
    void ofACancellationAndAResultThatWasPostedTheCancellationWins() {
        Task<String> task = loop.createTask(awaiting(stage));
        virtual.settle();
        Elsewhere.run(() -> stage.complete("late"));
        task.cancel();
        virtual.settle();
        assertThat(task.isCancelled()).isTrue();
        assertThat(log).containsExactly("CancelledError: null");
        assertThat(virtual.failures()).isEmpty();
    }

    @Test
    void ofAResultThatHasArrivedAndACancellationTheCancellationWinsToo() {
        Task<String> task = loop.createTask(awaiting(stage));
        virtual.settle();
        stage.complete("in time");
        task.cancel();
        virtual.settle();
        assertThat(task.isCancelled()).isTrue();
    }

    @Test
    void whatIsCompletedAfterTheLoopWasClosedIsForgotten() {
        loop.createTask(awaiting(stage));
        virtual.settle();
        loop.close();
        Elsewhere.run(() -> stage.complete("too late"));
        assertThat(log).isEmpty();
        assertThat(virtual.failures())
                .singleElement()
                .satisfies(failure -> assertThat(failure.message()).contains("closed before this task was done"));
    }

    @Test
    void severalTasksMayAwaitOneStageAndOneAwaitable() {
        Awaitable<String> one = Awaitable.of(stage);
        List<Task<String>> tasks = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            tasks.add(loop.createTask(coroutine(() -> Coroutine.of(await(one)))));
            tasks.add(loop.createTask(awaiting(stage)));
        }
        virtual.settle();
        Elsewhere.run(() -> stage.complete("tea"));
        virtual.settle();
        assertThat(tasks).allSatisfy(task -> assertThat(task.result()).isEqualTo("tea"));
    }

    @Test
    void aMinimalStageIsAwaitedToo() {
        Task<String> task = loop.createTask(awaiting(stage.minimalCompletionStage()));
        virtual.settle();
        stage.complete("tea");
        virtual.settle();
        assertThat(task.result()).isEqualTo("tea");
        assertThat(loop.runUntilComplete(awaiting(stage.minimalCompletionStage())))
                .isEqualTo("tea");
    }

    @Test
    void aStageThatIsNoCompletableFutureIsAwaitedToo() {
        Task<String> task = loop.createTask(awaiting(withoutConversion(stage)));
        virtual.settle();
        stage.complete("tea");
        virtual.settle();
        assertThat(task.result()).isEqualTo("tea");
        assertThatThrownBy(() -> loop.runUntilComplete(
                        awaiting(withoutConversion(CompletableFuture.failedStage(new IllegalStateException("cold"))))))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("cold");
    }

    /** A stage of a library that does not want to be turned into a {@code CompletableFuture}, as the interface allows. */
    @SuppressWarnings("unchecked")
    private static CompletionStage<String> withoutConversion(CompletionStage<String> stage) {
        return (CompletionStage<String>) Proxy.newProxyInstance(
                AwaitStageTest.class.getClassLoader(),
                new Class<?>[] {CompletionStage.class},
                (proxy, method, given) -> {
                    if (method.getName().equals("toCompletableFuture")) {
                        throw new UnsupportedOperationException();
                    }
                    return method.invoke(stage, given);
                });
    }

    @Test
    void aWrappedStageIsAFutureOfTheLoop() {
        List<Future<String>> wrapped = new ArrayList<>();
        loop.callSoon(() -> {
            Future<String> future = Async.wrapFuture(stage);
            future.addDoneCallback(done -> log.add("done: " + done.result()));
            wrapped.add(future);
        });
        virtual.settle();
        assertThat(wrapped.get(0).isDone()).isFalse();
        Elsewhere.run(() -> stage.complete("tea"));
        virtual.settle();
        assertThat(log).containsExactly("done: tea");
        loop.callSoon(() -> wrapped.add(Async.wrapFuture(stage)));
        virtual.settle();
        assertThat(wrapped.get(1).result()).isEqualTo("tea");
    }

    @Test
    void cancellingAWrappedStageCancelsTheStage() {
        loop.callSoon(() -> {
            Future<String> future = Async.wrapFuture(stage);
            log.add("first: " + future.cancel() + ", second: " + future.cancel());
        });
        virtual.settle();
        assertThat(log).containsExactly("first: true, second: false");
        assertThat(stage.isCancelled()).isTrue();
    }

    @Test
    void aFailureOfAWrappedStageThatNobodyLooksAtIsReported() {
        Exception failure = new Exception("overlooked");
        loop.callSoon(() -> {
            Future<String> unused = Async.wrapFuture(CompletableFuture.failedStage(failure));
        });
        virtual.settle();
        loop.close();
        assertThat(virtual.failures())
                .singleElement()
                .satisfies(reported -> assertThat(reported.exception()).isSameAs(failure));
    }

    @Test
    void aLoopsOwnFuturePassesThroughACompletableFutureUnchanged() {
        Promise<String> promise = loop.createFuture();
        Task<String> task = loop.createTask(awaiting(promise.toCompletableFuture()));
        virtual.settle();
        promise.cancel("enough");
        virtual.settle();
        assertThat(task.isCancelled()).isTrue();
        assertThat(log).containsExactly("CancelledError: enough");
    }
}

package io.samovar.tests.interop;

import static io.samovar.Async.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.samovar.CancelledError;
import io.samovar.Coroutine;
import io.samovar.EventLoop;
import io.samovar.LoopClosedException;
import io.samovar.NotLoopThreadException;
import io.samovar.Promise;
import io.samovar.Task;
import io.samovar.tests.support.EveryMode;
import io.samovar.tests.support.Mode;
import io.samovar.tests.support.VirtualLoop;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Our futures for code that knows nothing of the loop. */
@Timeout(30)
@EveryMode
class ToCompletableFutureTest {
    @AutoClose
    private final VirtualLoop virtual;

    private final EventLoop loop;
    private final Promise<String> promise;
    private final List<String> log = new ArrayList<>();

    ToCompletableFutureTest(Mode mode) {
        virtual = new VirtualLoop(mode);
        loop = virtual.loop();
        promise = loop.createFuture();
    }

    @Test
    void theOutcomeIsCopied() {
        CompletableFuture<String> copy = promise.toCompletableFuture();
        assertThat(copy.isDone()).isFalse();
        promise.setResult("tea");
        virtual.settle();
        assertThat(copy).isCompletedWithValue("tea");
        assertThat(promise.toCompletableFuture()).isCompletedWithValue("tea");
    }

    @Test
    void aFailureIsTheSameObjectAndCountsAsLookedAt() {
        Exception failure = new Exception("cold");
        CompletableFuture<String> copy = promise.toCompletableFuture();
        promise.setException(failure);
        virtual.settle();
        assertThatThrownBy(copy::join).isInstanceOf(CompletionException.class).hasCause(failure);
        loop.close();
        assertThat(virtual.failures()).isEmpty();
    }

    @Test
    void aCancelledFutureCancelsItsCopyAndKeepsItsMessage() {
        CompletableFuture<String> copy = promise.toCompletableFuture();
        promise.cancel("enough");
        virtual.settle();
        assertThat(copy).isCancelled();
        assertThat(copy.handle((value, failure) -> failure).join()) // what join() throws says "join" on newer JDKs
                .isInstanceOf(CancellationException.class)
                .hasMessage("enough");
        assertThat(promise.toCompletableFuture()).isCancelled();
    }

    @Test
    void aCopyThatIsCancelledOnTheLoopCancelsTheFuture() {
        CompletableFuture<String> copy = promise.toCompletableFuture();
        copy.cancel(false);
        assertThat(promise.isCancelled()).isTrue();
    }

    @Test
    void aCopyThatIsCancelledElsewhereCancelsTheTask() {
        Task<String> task = loop.createTask(cleaningUp());
        virtual.settle();
        CompletableFuture<String> copy = task.toCompletableFuture();
        Elsewhere.run(() -> copy.cancel(false));
        assertThat(log).isEmpty();
        virtual.settle();
        assertThat(log).containsExactly("cleaned up");
        assertThat(task.isCancelled()).isTrue();
    }

    private Coroutine<String> cleaningUp() {
        try {
            return Coroutine.of(await(promise));
        } catch (CancelledError cancelled) {
            log.add("cleaned up");
            throw cancelled;
        }
    }

    @Test
    void aCopyThatIsCancelledAfterTheOutcomeWasThereTakesNoHarm() {
        CompletableFuture<String> copy = promise.toCompletableFuture();
        promise.setResult("tea");
        Elsewhere.run(() -> copy.cancel(false));
        virtual.settle();
        assertThat(copy).isCancelled();
        assertThat(promise.result()).isEqualTo("tea");
        assertThat(virtual.failures()).isEmpty();
    }

    @Test
    void aCopyThatIsCompletedByOthersLeavesTheFutureAlone() {
        CompletableFuture<String> copy = promise.toCompletableFuture();
        copy.complete("coffee");
        virtual.settle();
        assertThat(promise.isDone()).isFalse();
        promise.setResult("tea");
        virtual.settle();
        assertThat(copy).isCompletedWithValue("coffee");
        assertThat(virtual.failures()).isEmpty();
    }

    @Test
    void closingTheLoopLeavesNobodyWaiting() {
        CompletableFuture<String> before = promise.toCompletableFuture();
        loop.close();
        CompletableFuture<String> after = promise.toCompletableFuture();
        for (CompletableFuture<String> copy : List.of(before, after)) {
            assertThatThrownBy(copy::join).hasCauseInstanceOf(LoopClosedException.class);
        }
        assertThat(before.cancel(false)).isFalse();
    }

    @Test
    void onlyTheLoopsThreadMayAskForACopy() {
        Elsewhere.run(
                () -> assertThatThrownBy(promise::toCompletableFuture).isInstanceOf(NotLoopThreadException.class));
    }
}

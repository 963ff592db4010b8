package io.samovar.tests.running;

import static io.samovar.Async.await;
import static io.samovar.tests.running.LoopInThread.withLoop;
import static io.samovar.tests.support.Coroutines.awaiting;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.samovar.Async;
import io.samovar.CancelledError;
import io.samovar.Coroutine;
import io.samovar.EventLoop;
import io.samovar.LoopFailure;
import io.samovar.Task;
import io.samovar.tests.support.TransportTest;
import io.samovar.transport.TransportProvider;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.junit.jupiter.api.Timeout;

/** Coroutines that other threads hand over: what CrossThreadTest leaves out. */
@Timeout(30)
class SubmitTest {
    @TransportTest
    void theMessageOfACancellationReachesTheOtherThread(TransportProvider provider) throws Exception {
        withLoop(provider, loop -> {
            CompletableFuture<Object> result = loop.submit(() -> {
                loop.currentTask().cancel("no more tea");
                await(loop.createFuture());
                return Coroutine.done();
            });
            assertThat(result.handle((value, failure) -> failure).join()) // newer JDKs' join wraps it in one of its own
                    .isInstanceOf(CancellationException.class)
                    .hasMessage("no more tea")
                    .hasCauseInstanceOf(CancelledError.class);
            assertThat(result.isCancelled()).isTrue();
        });
    }

    @TransportTest
    void whoeverCompletesTheResultFirstCancelsTheTask(TransportProvider provider) throws Exception {
        withLoop(provider, loop -> {
            assertThat(endedBy(loop, result -> result.cancel(true))).isTrue();
            assertThat(endedBy(loop, result -> result.complete("coffee"))).isTrue();
            assertThat(endedBy(loop, result -> result.completeExceptionally(new IllegalStateException("over"))))
                    .isTrue();
            assertThat(endedBy(
                            loop,
                            result -> assertThatThrownBy(() -> result.orTimeout(1, TimeUnit.MILLISECONDS)
                                            .join())
                                    .hasCauseInstanceOf(TimeoutException.class)))
                    .isTrue();
        });
    }

    /** Whether the task of an endless coroutine was cancelled by this. */
    private static boolean endedBy(EventLoop loop, Consumer<CompletableFuture<Object>> action) throws Exception {
        CompletableFuture<Task<?>> started = new CompletableFuture<>();
        CompletableFuture<Object> result = loop.submit(() -> {
            started.complete(loop.currentTask());
            return awaiting(loop.createFuture());
        });
        Task<?> task = started.get(10, TimeUnit.SECONDS);
        action.accept(result);
        CompletableFuture<Boolean> cancelled = new CompletableFuture<>();
        loop.execute(() -> task.addDoneCallback(done -> cancelled.complete(done.isCancelled())));
        return cancelled.get(10, TimeUnit.SECONDS);
    }

    @TransportTest
    void whatIsCancelledBeforeTheLoopGetsToItNeverStarts(TransportProvider provider) throws Exception {
        withLoop(provider, loop -> {
            CountDownLatch inside = new CountDownLatch(1);
            CountDownLatch cancelled = new CountDownLatch(1);
            AtomicBoolean started = new AtomicBoolean();
            loop.execute(() -> {
                inside.countDown();
                try {
                    assertThat(cancelled.await(10, TimeUnit.SECONDS)).isTrue();
                } catch (InterruptedException interrupted) {
                    throw new AssertionError(interrupted);
                }
            });
            assertThat(inside.await(10, TimeUnit.SECONDS)).isTrue();
            CompletableFuture<Void> result = loop.submit(() -> {
                started.set(true);
                return Coroutine.done();
            });
            result.cancel(false);
            cancelled.countDown();
            assertThat(loop.submit(() -> Coroutine.of("behind")).get(10, TimeUnit.SECONDS))
                    .isEqualTo("behind");
            assertThat(started).isFalse();
        });
    }

    @TransportTest
    void aTaskThatFailsAfterTheOtherThreadHasLeftIsReported(TransportProvider provider) throws Exception {
        List<LoopFailure> failures = new CopyOnWriteArrayList<>();
        withLoop(provider, (loop, failure) -> failures.add(failure), loop -> {
            CountDownLatch started = new CountDownLatch(1);
            CompletableFuture<Void> result = loop.submit(() -> {
                started.countDown();
                return failingWhenCancelled();
            });
            assertThat(started.await(10, TimeUnit.SECONDS)).isTrue();
            result.cancel(false);
            assertThat(loop.submit(() -> awaiting(Async.sleep(Duration.ofMillis(1))))
                            .get(10, TimeUnit.SECONDS))
                    .isNull();
        });
        assertThat(failures)
                .singleElement()
                .satisfies(failure -> assertThat(failure.exception()).hasMessage("cannot clean up"));
    }

    private static Coroutine<Void> failingWhenCancelled() {
        try {
            await(Async.sleep(Duration.ofDays(1)));
        } catch (CancelledError cancelled) {
            throw new IllegalStateException("cannot clean up", cancelled);
        }
        return Coroutine.done();
    }
}

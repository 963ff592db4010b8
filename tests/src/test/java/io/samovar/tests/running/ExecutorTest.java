package io.samovar.tests.running;

import static io.samovar.Async.await;
import static io.samovar.tests.support.Coroutines.coroutine;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.samovar.Async;
import io.samovar.CancelledError;
import io.samovar.ContextVar;
import io.samovar.Coroutine;
import io.samovar.EventLoop;
import io.samovar.Future;
import io.samovar.LoopClosedException;
import io.samovar.LoopFailure;
import io.samovar.NotLoopThreadException;
import io.samovar.Task;
import io.samovar.tests.support.EveryMode;
import io.samovar.tests.support.LogCapture;
import io.samovar.tests.support.Mode;
import io.samovar.tests.support.VirtualLoop;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.logging.Level;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Blocking calls on other threads. */
@Timeout(30)
@EveryMode
class ExecutorTest {
    @AutoClose
    private final VirtualLoop virtual;

    private final EventLoop loop;
    private final List<LoopFailure> failures;

    @AutoClose("shutdownNow")
    private final ExecutorService oneThread = Executors.newSingleThreadExecutor();

    ExecutorTest(Mode mode) {
        virtual = new VirtualLoop(mode);
        loop = virtual.loop();
        failures = virtual.failures();
    }

    @Test
    void aBlockingCallRunsOnAThreadOfItsOwnAndItsResultIsAwaited() {
        Thread worker = loop.runUntilComplete(Async.toThread(Thread::currentThread));
        assertThat(worker).isNotSameAs(Thread.currentThread());
        assertThat(worker.getName()).startsWith("samovar-worker-");
        assertThat(worker.isDaemon()).isTrue();
        assertThat(worker.toString().startsWith("VirtualThread"))
                .isEqualTo(Runtime.version().feature() >= 21);
    }

    @Test
    void theLoopGoesOnWhileAThreadBlocks() {
        CountDownLatch released = new CountDownLatch(1);
        Task<String> blocked = loop.createTask(Async.toThread(() -> {
            await10Seconds(released);
            return "released";
        }));
        virtual.turn();
        loop.callSoon(released::countDown);
        assertThat(loop.runUntilComplete(blocked)).isEqualTo("released");
    }

    @Test
    void toThreadCallsNothingBeforeItIsAwaited() {
        AtomicBoolean called = new AtomicBoolean();
        Coroutine<Void> call = Async.toThread(() -> {
            called.set(true);
            return null;
        });
        assertThat(called).isFalse();
        loop.runUntilComplete(call);
        assertThat(called).isTrue();
    }

    @Test
    void aCallSeesACopyOfTheTasksContextAndLeavesNothingInItsThread() {
        ContextVar<String> drink = ContextVar.of("drink", "nothing");
        loop.setDefaultExecutor(oneThread);
        Task<String> task = loop.createTask(coroutine(() -> {
            drink.set("tea");
            String seen = await(Async.toThread(() -> {
                String before = drink.get();
                drink.set("coffee");
                return before + ", then " + drink.get();
            }));
            return Coroutine.of(seen + ", then " + drink.get());
        }));
        assertThat(loop.runUntilComplete(task)).isEqualTo("tea, then coffee, then tea");
        assertThat(loop.runUntilComplete(loop.runInExecutor(oneThread, () -> drink.get())))
                .isEqualTo("nothing");
    }

    @Test
    void whatACallThrowsIsThrownAtTheAwaitAsItIs() {
        List<Throwable> thrown = List.of(
                new Exception("checked"),
                new IllegalStateException("unchecked"),
                new AssertionError("an error"),
                new StackOverflowError("too deep"),
                new InterruptedException("interrupted"));
        for (Throwable failure : thrown) {
            assertThatThrownBy(() -> loop.runUntilComplete(Async.toThread(() -> {
                        throw Sneaky.<Exception>asItIs(failure);
                    })))
                    .isSameAs(failure);
        }
    }

    @Test
    void aCallThatThrowsACancellationIsCancelled() {
        Future<Object> call = loop.runInExecutor(() -> {
            throw new CancelledError("from inside");
        });
        assertThatThrownBy(() -> loop.runUntilComplete(call))
                .isInstanceOf(CancelledError.class)
                .hasMessage("from inside");
        assertThat(call.isCancelled()).isTrue();
    }

    @Test
    void aFailureThatNobodyAsksForIsReported() {
        Future<Object> call = loop.runInExecutor(() -> {
            throw new IllegalStateException("boom");
        });
        call.addDoneCallback(done -> loop.stop());
        loop.runForever();
        loop.close();
        assertThat(failures)
                .singleElement()
                .satisfies(reported -> assertThat(reported.exception()).hasMessage("boom"));
    }

    @Test
    void aCallThatIsCancelledBeforeAThreadBeginsWithItIsNeverMade() throws Exception {
        CountDownLatch released = new CountDownLatch(1);
        AtomicBoolean called = new AtomicBoolean();
        Future<Void> first = loop.runInExecutor(oneThread, () -> {
            await10Seconds(released);
            return null;
        });
        Future<Void> second = loop.runInExecutor(oneThread, () -> {
            called.set(true);
            return null;
        });
        assertThat(second.cancel("enough")).isTrue();
        assertThat(second.cancel()).isFalse();
        released.countDown();
        loop.runUntilComplete(first);
        oneThread.shutdown();
        assertThat(oneThread.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
        assertThat(called).isFalse();
        assertThatThrownBy(second::result).isInstanceOf(CancelledError.class).hasMessage("enough");
    }

    @Test
    void aCallThatIsCancelledLaterGoesOnAndNobodyLearnsHowItEnds() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch released = new CountDownLatch(1);
        AtomicReference<Boolean> wasInterrupted = new AtomicReference<>();
        loop.setDefaultExecutor(oneThread);
        Task<Object> task = loop.createTask(Async.toThread(() -> {
            begun.countDown();
            await10Seconds(released);
            wasInterrupted.set(Thread.interrupted());
            throw new IllegalStateException("too late");
        }));
        virtual.turn();
        await10Seconds(begun);
        task.cancel();
        assertThatThrownBy(() -> loop.runUntilComplete(task)).isInstanceOf(CancelledError.class);
        assertThat(wasInterrupted).hasNullValue();
        released.countDown();
        oneThread.shutdown();
        assertThat(oneThread.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
        assertThat(wasInterrupted).hasValue(false);
        virtual.settle();
        loop.close();
        assertThat(failures).isEmpty();
    }

    @Test
    @Tag("L14")
    void aCallThatEndsAfterTheLoopWasClosedTouchesNothing() throws Exception {
        CountDownLatch begun = new CountDownLatch(2);
        CountDownLatch released = new CountDownLatch(1);
        CompletableFuture<Void> cancelledEnded = new CompletableFuture<>();
        CompletableFuture<Void> otherEnded = new CompletableFuture<>();
        Future<String> cancelled = loop.runInExecutor(inThread(cancelledEnded), () -> {
            begun.countDown();
            await10Seconds(released);
            return "late";
        });
        Future<String> other = loop.runInExecutor(inThread(otherEnded), () -> {
            begun.countDown();
            await10Seconds(released);
            return "late";
        });
        await10Seconds(begun);
        cancelled.cancel();
        loop.close();
        released.countDown();
        cancelledEnded.get(10, TimeUnit.SECONDS); // fails with what came out of the job
        otherEnded.get(10, TimeUnit.SECONDS);
        assertThat(cancelled.isCancelled()).isTrue();
        assertThat(other.isDone()).isFalse();
        assertThat(failures).isEmpty();
    }

    /** An executor that notes when its one job has ended, and what it threw. */
    private static Executor inThread(CompletableFuture<Void> ended) {
        return job -> new Thread(() -> {
                    try {
                        job.run();
                        ended.complete(null);
                    } catch (Throwable thrown) {
                        ended.completeExceptionally(thrown);
                    }
                })
                .start();
    }

    @Test
    void anExecutorMayRefuseACall() {
        RejectedExecutionException full = new RejectedExecutionException("full");
        Executor refusing = job -> {
            throw full;
        };
        assertThatThrownBy(() -> loop.runInExecutor(refusing, () -> "never")).isSameAs(full);
        loop.setDefaultExecutor(refusing);
        assertThatThrownBy(() -> loop.runUntilComplete(Async.toThread(() -> "never")))
                .isSameAs(full);
        loop.runUntilComplete(loop.shutdownDefaultExecutor(Duration.ofSeconds(1)));
        assertThat(virtual.clock().elapsed()).as("nothing to wait for").isZero();
    }

    @Test
    void theExecutorThatTheProgramHasSetIsUsedAndStaysTheProgramsOwn() {
        loop.setDefaultExecutor(oneThread);
        Thread first = loop.runUntilComplete(Async.toThread(Thread::currentThread));
        Thread second = loop.runUntilComplete(Async.toThread(Thread::currentThread));
        assertThat(first).isSameAs(second);
        loop.runUntilComplete(loop.shutdownDefaultExecutor(Duration.ofSeconds(1)));
        loop.close();
        assertThat(oneThread.isShutdown()).isFalse();
    }

    @Test
    void shuttingDownWaitsForCallsThatWereCancelledButGoOn() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch released = new CountDownLatch(1);
        AtomicBoolean ended = new AtomicBoolean();
        Future<Void> call = loop.runInExecutor(() -> {
            begun.countDown();
            await10Seconds(released);
            ended.set(true);
            return null;
        });
        await10Seconds(begun);
        call.cancel();
        Task<Void> shutdown = loop.createTask(loop.shutdownDefaultExecutor(Duration.ofDays(1)));
        Task<Void> again = loop.createTask(loop.shutdownDefaultExecutor(Duration.ofDays(1)));
        virtual.settle();
        assertThat(shutdown.isDone()).isFalse();
        released.countDown();
        loop.runUntilComplete(shutdown);
        assertThat(ended).isTrue();
        loop.runUntilComplete(again);
        assertThat(virtual.clock().elapsed()).isZero();
    }

    @Test
    void shuttingDownLeavesACallToItselfThatOutlastsTheLimitAndSaysSo() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch released = new CountDownLatch(1);
        Future<Void> call = loop.runInExecutor(() -> {
            begun.countDown();
            await10Seconds(released);
            return null;
        });
        await10Seconds(begun);
        try (LogCapture log = new LogCapture()) {
            loop.runUntilComplete(loop.shutdownDefaultExecutor(Duration.ofMillis(1)));
            assertThat(log.records()).singleElement().satisfies(record -> {
                assertThat(record.getLevel()).isEqualTo(Level.WARNING);
                assertThat(record.getMessage())
                        .isEqualTo("1 blocking call(s) did not end within PT0.001S and are left to themselves");
            });
        }
        released.countDown();
        loop.runUntilComplete(call);
    }

    @Test
    void whoStopsWaitingForTheShutDownLeavesNoThreadBehind() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch released = new CountDownLatch(1);
        Future<Void> call = loop.runInExecutor(() -> {
            begun.countDown();
            await10Seconds(released);
            return null;
        });
        await10Seconds(begun);
        Task<Void> shutdown = loop.createTask(loop.shutdownDefaultExecutor(Duration.ofDays(1)));
        virtual.settle();
        List<Thread> waiting = Threads.named("samovar-shutdown");
        assertThat(waiting).isNotEmpty();
        shutdown.cancel();
        assertThatThrownBy(() -> loop.runUntilComplete(shutdown)).isInstanceOf(CancelledError.class);
        for (Thread thread : waiting) {
            thread.join(10_000);
            assertThat(thread.isAlive()).isFalse();
        }
        released.countDown();
        loop.runUntilComplete(call);
    }

    @Test
    void afterAShutDownTheDefaultExecutorTakesNoMoreCalls() {
        loop.runUntilComplete(loop.shutdownDefaultExecutor(Duration.ofSeconds(1)));
        assertThatThrownBy(() -> loop.runInExecutor(() -> "never"))
                .isInstanceOf(RejectedExecutionException.class)
                .hasMessageContaining("was shut down");
        assertThatThrownBy(() -> loop.runUntilComplete(Async.toThread(() -> "never")))
                .isInstanceOf(RejectedExecutionException.class);
        Future<String> elsewhere = loop.runInExecutor(oneThread, () -> "elsewhere");
        assertThat(loop.runUntilComplete(elsewhere)).isEqualTo("elsewhere");
    }

    @Test
    void aClosedLoopTakesNoCalls() {
        Coroutine<String> call = Async.toThread(() -> "never");
        loop.close();
        assertThatThrownBy(() -> loop.runInExecutor(() -> "never")).isInstanceOf(LoopClosedException.class);
        assertThatThrownBy(() -> loop.runInExecutor(oneThread, () -> "never")).isInstanceOf(LoopClosedException.class);
        assertThatThrownBy(() -> loop.setDefaultExecutor(oneThread)).isInstanceOf(LoopClosedException.class);
        assertThatThrownBy(() -> Async.run(() -> loop.shutdownDefaultExecutor(Duration.ZERO)))
                .isInstanceOf(LoopClosedException.class);
        assertThat(call).isNotNull();
    }

    @Test
    void callsAreMadeFromTheLoopThreadAlone() throws Exception {
        virtual.turn();
        CompletableFuture<Void> elsewhere = CompletableFuture.runAsync(() ->
                assertThatThrownBy(() -> loop.runInExecutor(() -> "never")).isInstanceOf(NotLoopThreadException.class));
        elsewhere.get(10, TimeUnit.SECONDS);
    }

    @Test
    void nullIsRefusedWhereItIsGiven() {
        assertThatNullPointerException().isThrownBy(() -> loop.runInExecutor(null));
        assertThatNullPointerException().isThrownBy(() -> loop.setDefaultExecutor(null));
    }

    private static void await10Seconds(CountDownLatch latch) throws InterruptedException {
        assertThat(latch.await(10, TimeUnit.SECONDS)).isTrue();
    }
}

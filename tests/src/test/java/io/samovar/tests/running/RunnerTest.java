package io.samovar.tests.running;

import static io.samovar.Async.await;
import static io.samovar.tests.support.Coroutines.awaiting;
import static io.samovar.tests.support.Coroutines.coroutine;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.samovar.Async;
import io.samovar.CancelledError;
import io.samovar.Context;
import io.samovar.ContextVar;
import io.samovar.Coroutine;
import io.samovar.EventLoop;
import io.samovar.LoopFailure;
import io.samovar.Promise;
import io.samovar.Runner;
import io.samovar.Task;
import io.samovar.testing.VirtualClock;
import io.samovar.tests.support.EveryMode;
import io.samovar.tests.support.Mode;
import io.samovar.tests.support.VirtualLoop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Several runs on one loop, and its end. */
@Timeout(30)
@EveryMode
class RunnerTest {
    @AutoClose
    private final VirtualLoop virtual;

    private final EventLoop loop;
    private final Runner runner;
    private final List<LoopFailure> failures;
    private final List<String> log = new ArrayList<>();

    RunnerTest(Mode mode) {
        virtual = new VirtualLoop(mode);
        loop = virtual.loop();
        failures = virtual.failures();
        runner = new Runner(() -> loop);
    }

    @Test
    void severalRunsShareOneLoop() {
        try (runner) {
            assertThat(runner.run(() -> Coroutine.of(EventLoop.current()))).isSameAs(loop);
            assertThat(runner.run(() -> Coroutine.of(EventLoop.current()))).isSameAs(runner.loop());
        }
        assertThat(loop.isClosed()).isTrue();
    }

    @Test
    void theLoopIsOpenedWhenItIsNeeded() {
        AtomicBoolean opened = new AtomicBoolean();
        Runner lazy = new Runner(() -> {
            opened.set(true);
            return loop;
        });
        assertThat(opened).isFalse();
        assertThat(lazy.loop()).isSameAs(loop);
        assertThat(opened).isTrue();
        lazy.close();
    }

    @Test
    void aRunnerThatRanNothingOpensNoLoop() {
        Runner unused = new Runner(() -> {
            throw new AssertionError("opened");
        });
        unused.close();
        unused.close();
    }

    @Test
    void whatOneRunLeavesGoesOnInTheNext() {
        try (runner) {
            Task<String> left = runner.run(() -> Coroutine.of(Async.createTask(after(Duration.ofSeconds(2), "done"))));
            assertThat(left.isDone()).isFalse();
            assertThat(runner.run(() -> awaiting(left))).isEqualTo("done");
        }
    }

    private static Coroutine<String> after(Duration duration, String result) {
        await(Async.sleep(duration));
        return Coroutine.of(result);
    }

    @Test
    void aFailureIsThrownAsItIsAndTheRunnerGoesOn() {
        Exception failure = new Exception("checked");
        try (runner) {
            assertThatThrownBy(() -> runner.run(() -> {
                        throw failure;
                    }))
                    .isSameAs(failure);
            assertThatThrownBy(() -> runner.run(() -> {
                        loop.currentTask().cancel("enough");
                        return awaiting(loop.createFuture());
                    }))
                    .isInstanceOf(CancelledError.class)
                    .hasMessage("enough");
            assertThat(runner.run(() -> Coroutine.of("tea"))).isEqualTo("tea");
        }
        assertThat(failures).isEmpty();
    }

    @Test
    @Tag("L7")
    void anErrorOfTheMachineLeavesTheRunOnceAndTheRunnerGoesOn() {
        try (runner) {
            assertThatThrownBy(() -> runner.run(() -> {
                        throw new InternalError("the machine is broken");
                    }))
                    .isInstanceOf(InternalError.class);
            assertThat(runner.run(() -> Coroutine.of("tea"))).isEqualTo("tea");
        }
        assertThat(failures).isEmpty();
    }

    @Test
    @Tag("R3")
    void whatOneRunSetsInItsContextIsThereInTheNextAndNotOutside() {
        ContextVar<String> drink = ContextVar.of("drink", "nothing");
        try (runner) {
            runner.run(() -> {
                drink.set("tea");
                return awaiting(Async.sleep(Duration.ZERO));
            });
            assertThat(runner.run(() -> Coroutine.of(drink.get()))).isEqualTo("tea");
            assertThat(runner.run(() -> Coroutine.of(drink.get()), new Context()))
                    .isEqualTo("nothing");
        }
        assertThat(drink.get()).isEqualTo("nothing");
    }

    @Test
    void aLoopThatIsStoppedUnderARunSaysSo() {
        try (runner) {
            assertThatThrownBy(() -> runner.run(() -> {
                        loop.stop();
                        return awaiting(loop.createFuture());
                    }))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("stopped before");
        }
    }

    @Test
    void aRunInsideALoopIsRefusedAndLeavesNoTask() {
        try (runner) {
            runner.run(() -> coroutine(() -> {
                assertThatThrownBy(() -> runner.run(() -> Coroutine.of("inner")))
                        .hasMessageContaining("running already");
                try (Runner other = new Runner(() -> new VirtualClock().openLoop())) {
                    assertThatThrownBy(() -> other.run(() -> Coroutine.of("inner")))
                            .hasMessageContaining("another event loop");
                    assertThat(other.loop().allTasks()).isEmpty();
                }
                assertThat(loop.allTasks()).hasSize(1);
                return Coroutine.done();
            }));
        }
        assertThat(failures).isEmpty();
    }

    @Test
    void aClosedRunnerTakesNothingMore() {
        runner.run(() -> Coroutine.done());
        runner.close();
        runner.close();
        assertThatThrownBy(() -> runner.run(() -> Coroutine.done())).hasMessageContaining("runner is closed");
        assertThatThrownBy(runner::loop).hasMessageContaining("runner is closed");
    }

    @Test
    @Tag("R2")
    void tasksThatFailWhileTheRunnerEndsAreReportedAndTheResultIsKept() {
        IllegalStateException failure = new IllegalStateException("cannot clean up");
        List<Task<Void>> left = new ArrayList<>();
        String result;
        try (runner) {
            result = runner.run(() -> {
                left.add(Async.createTask(failingWhenCancelled(failure)));
                left.add(Async.createTask(awaiting(Async.sleep(Duration.ofDays(1)))));
                await(Async.sleep(Duration.ZERO));
                return Coroutine.of("tea");
            });
        }
        assertThat(result).isEqualTo("tea");
        assertThat(failures).singleElement().satisfies(reported -> {
            assertThat(reported.message()).isEqualTo("a task failed while the program was ending");
            assertThat(reported.exception()).isSameAs(failure);
            assertThat(reported.source()).isSameAs(left.get(0));
        });
        assertThat(left.get(1).isCancelled()).isTrue();
    }

    private static Coroutine<Void> failingWhenCancelled(RuntimeException failure) {
        try {
            await(Async.sleep(Duration.ofDays(1)));
        } catch (CancelledError cancelled) {
            await(Async.sleep(Duration.ofSeconds(1)));
            throw failure;
        }
        return Coroutine.done();
    }

    @Test
    void tasksMayMakeBlockingCallsWhileTheyCleanUp() {
        try (runner) {
            runner.run(() -> {
                Async.createTask(loggingWhenCancelled());
                return awaiting(Async.sleep(Duration.ZERO));
            });
        }
        assertThat(log).containsExactly("saved");
        assertThat(failures).isEmpty();
    }

    private Coroutine<Void> loggingWhenCancelled() {
        try {
            await(Async.sleep(Duration.ofDays(1)));
        } finally {
            log.add(await(Async.toThread(() -> "saved")));
        }
        return Coroutine.done();
    }

    @Test
    void closingWaitsForBlockingCallsThatWereAbandonedAndLeavesNoThread() {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch released = new CountDownLatch(1);
        AtomicBoolean ended = new AtomicBoolean();
        try (runner) {
            runner.run(() -> {
                Task<Void> call = Async.createTask(Async.toThread(() -> {
                    begun.countDown();
                    assertThat(released.await(10, TimeUnit.SECONDS)).isTrue();
                    ended.set(true);
                    return null;
                }));
                await(Async.sleep(Duration.ZERO));
                awaitQuietly(begun);
                call.addDoneCallback(done -> new Thread(released::countDown).start());
                return Coroutine.done();
            });
        }
        assertThat(ended).isTrue();
        for (Thread worker : Threads.named("samovar-worker-")) { // they have been told to end
            assertThat(ends(worker)).as("%s ends", worker).isTrue();
        }
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            assertThat(latch.await(10, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException interrupted) {
            throw new AssertionError(interrupted);
        }
    }

    private static boolean ends(Thread thread) {
        try {
            thread.join(10_000);
        } catch (InterruptedException interrupted) {
            throw new AssertionError(interrupted);
        }
        return !thread.isAlive();
    }

    @Test
    void aProgramMayShutItsExecutorDownItselfAndStopTheLoopMeanwhile() {
        try (runner) {
            runner.run(() -> {
                Promise<Void> never = loop.createFuture();
                assertThat(await(Async.toThread(() -> "worked"))).isEqualTo("worked");
                await(loop.shutdownDefaultExecutor(Duration.ofSeconds(1)));
                loop.callLater(Duration.ZERO, loop::stop);
                never.cancel();
                return Coroutine.done();
            });
        }
        assertThat(loop.isClosed()).isTrue();
        assertThat(failures).isEmpty();
    }

    @Test
    void aLoopThatRanUntilAFutureOfItsOwnWasDoneRunsAgain() {
        try (runner) {
            loop.callLater(Duration.ofSeconds(1), () -> log.add("ran"));
            runner.run(() -> awaiting(Async.sleep(Duration.ofMillis(100))));
            assertThat(log).isEmpty();
            runner.run(() -> awaiting(Async.sleep(Duration.ofSeconds(2))));
            assertThat(log).containsExactly("ran");
        }
    }
}

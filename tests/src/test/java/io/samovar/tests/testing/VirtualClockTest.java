package io.samovar.tests.testing;

import static io.samovar.Async.await;
import static io.samovar.testing.TestLoop.runTest;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.samovar.Async;
import io.samovar.Coroutine;
import io.samovar.EventLoop;
import io.samovar.Promise;
import io.samovar.Task;
import io.samovar.testing.SamovarExtension;
import io.samovar.testing.TestLoop;
import io.samovar.testing.VirtualClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(SamovarExtension.class)
class VirtualClockTest {
    private static final Duration SECOND = Duration.ofSeconds(1);

    private final List<String> log = new ArrayList<>();

    /** Notes each second of the clock, so many times. */
    private Coroutine<Void> ticking(VirtualClock clock, int times) {
        for (int i = 0; i < times; i++) {
            await(Async.sleep(SECOND));
            log.add("tick " + clock.elapsed().toSeconds());
        }
        return Coroutine.done();
    }

    @Test
    void aSleepTakesNoTimeAtAll(VirtualClock clock) {
        long before = System.nanoTime();
        runTest(() -> {
            await(Async.sleep(Duration.ofDays(365)));
            return Coroutine.done();
        });
        assertThat(clock.elapsed()).isEqualTo(Duration.ofDays(365));
        assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(5));
    }

    @Test
    void advanceMeetsEveryDeadlineOnTheWayAtItsOwnTime(VirtualClock clock) {
        runTest(() -> {
            Task<Void> ticks = Async.createTask(ticking(clock, 3));
            await(clock.advance(Duration.ofMillis(2_500)));
            assertThat(log).containsExactly("tick 1", "tick 2");
            assertThat(clock.elapsed()).isEqualTo(Duration.ofMillis(2_500));
            await(ticks);
            return Coroutine.done();
        });
        assertThat(log).containsExactly("tick 1", "tick 2", "tick 3");
    }

    @Test
    void whatIsDueAtTheVeryEndOfAnAdvanceHasRunToItsNextWait(VirtualClock clock) {
        runTest(() -> {
            Task<Void> late = Async.createTask(ticking(clock, 1));
            await(Async.sleep(Duration.ZERO));
            await(clock.advance(SECOND));
            assertThat(late.isDone()).isTrue();
            return Coroutine.done();
        });
    }

    @Test
    void aManualClockDoesNotMoveByItself() {
        VirtualClock clock = VirtualClock.manual();
        try (TestLoop test = TestLoop.virtual(clock)) {
            test.run(() -> {
                Task<Void> ticks = Async.createTask(ticking(clock, 3));
                await(clock.waitUntilBlocked());
                assertThat(log).isEmpty();
                await(clock.advance(SECOND));
                assertThat(log).containsExactly("tick 1");
                await(clock.advance(SECOND.multipliedBy(2)));
                assertThat(log).containsExactly("tick 1", "tick 2", "tick 3");
                assertThat(ticks.isDone()).isTrue();
                return Coroutine.done();
            });
            assertThat(clock.isManual()).isTrue();
            assertThat(clock.elapsed()).isEqualTo(Duration.ofSeconds(3));
        }
    }

    @Test
    void aManualClockWaitsInRealTimeForOtherThreads() {
        VirtualClock clock = VirtualClock.manual();
        try (TestLoop test = TestLoop.virtual(clock)) {
            test.run(() -> {
                Promise<String> promise = test.loop().createFuture();
                Task<Void> ticks = Async.createTask(ticking(clock, 1));
                CompletableFuture<Void> unused =
                        CompletableFuture.runAsync(() -> test.loop().execute(() -> promise.setResult("from afar")));
                assertThat(await(promise)).isEqualTo("from afar");
                assertThat(clock.elapsed()).isZero();
                await(clock.advance(SECOND));
                assertThat(ticks.isDone()).isTrue();
                return Coroutine.done();
            });
        }
    }

    @Test
    void jumpMakesEverythingDueAtOnce(VirtualClock clock) {
        runTest(() -> {
            Task<Void> ticks = Async.createTask(ticking(clock, 2));
            await(Async.sleep(Duration.ZERO));
            clock.jump(Duration.ofSeconds(10));
            await(clock.waitUntilBlocked());
            assertThat(log).containsExactly("tick 10");
            await(ticks);
            assertThat(log).containsExactly("tick 10", "tick 11");
            return Coroutine.done();
        });
    }

    @Test
    void waitUntilBlockedLetsTheOthersComeAsFarAsTheyComeByThemselves(VirtualClock clock) {
        runTest(() -> {
            Task<Void> busy = Async.createTask(steps(1_000));
            await(clock.waitUntilBlocked());
            assertThat(log).hasSize(1_000);
            assertThat(busy.isDone()).isFalse();
            assertThat(clock.elapsed()).isZero();
            await(busy);
            return Coroutine.done();
        });
    }

    private Coroutine<Void> steps(int count) {
        for (int i = 0; i < count; i++) {
            log.add("step");
            await(Async.sleep(Duration.ZERO));
        }
        await(Async.sleep(SECOND));
        return Coroutine.done();
    }

    @Test
    void allWhoWaitUntilTheOthersAreBlockedGoOn(VirtualClock clock) {
        runTest(() -> {
            Task<Void> one = Async.createTask(waiting(clock));
            Task<Void> other = Async.createTask(waiting(clock));
            Task<Void> cancelled = Async.createTask(waiting(clock));
            await(Async.sleep(Duration.ZERO));
            cancelled.cancel();
            await(one);
            await(other);
            assertThat(cancelled.isCancelled()).isTrue();
            return Coroutine.done();
        });
    }

    private static Coroutine<Void> waiting(VirtualClock clock) {
        await(clock.waitUntilBlocked());
        return Coroutine.done();
    }

    @Test
    void timeDoesNotGoBack(VirtualClock clock) {
        Duration back = Duration.ofNanos(-1);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> clock.jump(back))
                .withMessageContaining("time does not go back");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> runTest(() -> clock.advance(back)))
                .withMessageContaining("time does not go back");
    }

    @Test
    void theClockOfAnotherLoopIsRefused(VirtualClock ours) {
        VirtualClock other = new VirtualClock();
        assertThatIllegalStateException()
                .isThrownBy(() -> runTest(() -> other.advance(SECOND)))
                .withMessageContaining("the loop that is running does not go by this clock");
        try (EventLoop its = other.openLoop()) {
            assertThat(its.isRunning()).isFalse();
            assertThatIllegalStateException()
                    .isThrownBy(() -> runTest(() -> {
                        await(other.waitUntilBlocked());
                        return Coroutine.done();
                    }));
        }
        assertThat(ours.elapsed()).isZero();
    }
}

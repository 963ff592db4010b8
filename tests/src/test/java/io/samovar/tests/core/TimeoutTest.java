package io.samovar.tests.core;

import static io.samovar.Async.await;
import static io.samovar.tests.support.Coroutines.coroutine;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.samovar.Async;
import io.samovar.AsyncTimeoutException;
import io.samovar.CancelledError;
import io.samovar.Coroutine;
import io.samovar.EventLoop;
import io.samovar.ExceptionGroup;
import io.samovar.Promise;
import io.samovar.Task;
import io.samovar.TaskGroup;
import io.samovar.Timeout;
import io.samovar.tests.support.EveryMode;
import io.samovar.tests.support.Mode;
import io.samovar.tests.support.VirtualLoop;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A part of a coroutine under a time limit ({@code async with timeout()}), with the rows of asyncio's conformance cases. */
@org.junit.jupiter.api.Timeout(30)
@EveryMode
class TimeoutTest {
    private static final Duration SHORT = Duration.ofMillis(100);
    private static final Duration LONG = Duration.ofSeconds(10);

    @AutoClose
    private final VirtualLoop virtual;

    private final EventLoop loop;
    private final List<Timeout> seen = new ArrayList<>();

    TimeoutTest(Mode mode) {
        virtual = new VirtualLoop(mode);
        loop = virtual.loop();
    }

    /** Sleeps in a part that has a time limit, and keeps the part's handle. */
    private Coroutine<String> sleepWithin(Duration limit, Duration sleep) {
        return Async.timeout(limit, timeout -> {
            seen.add(timeout);
            return Async.sleep(sleep, "slept");
        });
    }

    private Timeout timeout() {
        return seen.get(0);
    }

    @Test
    void thePartsResultIsTheResult() {
        assertThat(loop.runUntilComplete(sleepWithin(LONG, SHORT))).isEqualTo("slept");
        assertThat(timeout().expired()).isFalse();
        assertThat(timeout().when()).isEqualTo(LONG.toNanos());
        assertThat(timeout()).hasToString("Timeout(finished)");
    }

    @Test
    void aPartThatTakesTooLongIsCancelled() {
        assertThatThrownBy(() -> loop.runUntilComplete(sleepWithin(SHORT, LONG)))
                .isInstanceOf(AsyncTimeoutException.class)
                .hasMessage("the time limit of PT0.1S ran out")
                .hasCauseInstanceOf(CancelledError.class);
        assertThat(timeout().expired()).isTrue();
        assertThat(timeout()).hasToString("Timeout(expired)");
        assertThat(virtual.clock().elapsed()).isEqualTo(SHORT);
    }

    @Test
    void theDeadlineMayBeGivenItself() {
        assertThatThrownBy(() -> loop.runUntilComplete(Async.timeoutAt(SHORT.toNanos(), timeout -> {
                    assertThat(timeout.when()).isEqualTo(SHORT.toNanos());
                    return Async.sleep(LONG, "slept");
                })))
                .isInstanceOf(AsyncTimeoutException.class)
                .hasMessageContaining("deadline");
        assertThat(virtual.clock().elapsed()).isEqualTo(SHORT);
    }

    @Test
    void withoutADeadlineNothingIsCancelled() {
        String result = loop.runUntilComplete(Async.timeoutAt(Timeout.NEVER, timeout -> {
            assertThat(timeout).hasToString("Timeout(active, no deadline)");
            return Async.sleep(Duration.ofDays(1), "slept");
        }));
        assertThat(result).isEqualTo("slept");
    }

    @ParameterizedTest
    @ValueSource(longs = {0, -11})
    @Tag("O9")
    void aDeadlineThatHasPassedTakesEffectBeforeTheNextTurn(long seconds) {
        assertThatThrownBy(() -> loop.runUntilComplete(sleepWithin(Duration.ofSeconds(seconds), Duration.ZERO)))
                .isInstanceOf(AsyncTimeoutException.class);
        assertThat(timeout().expired()).isTrue();
        assertThat(timeout().when()).isEqualTo(Duration.ofSeconds(seconds).toNanos());
    }

    @Test
    @Tag("O10")
    void aCancellationOfOthersIsNoTimeout() {
        Task<Void> task = loop.createTask(Async.timeout(LONG, timeout -> {
            seen.add(timeout);
            loop.currentTask().cancel();
            await(Async.sleep(LONG));
            return Coroutine.done();
        }));
        virtual.settle();
        assertThat(task.isCancelled()).isTrue();
        assertThat(timeout().expired()).isFalse();
    }

    @Test
    void aFailureOfThePartIsThrownAsItIs() {
        IOException failure = new IOException("cold");
        assertThatThrownBy(() -> loop.runUntilComplete(Async.timeout(LONG, timeout -> {
                    throw failure;
                })))
                .isSameAs(failure);
        assertThat(failure.getSuppressed()).isEmpty();
    }

    @Test
    void aFailureInAPartWhoseTimeRanOutTellsOfThat() {
        IOException failure = new IOException("broken");
        assertThatThrownBy(() -> loop.runUntilComplete(Async.timeout(SHORT, timeout -> {
                    try {
                        await(Async.sleep(LONG));
                    } catch (CancelledError cancelled) {
                        throw failure;
                    }
                    return Coroutine.done();
                })))
                .isSameAs(failure);
        assertThat(failure.getSuppressed()).singleElement().isInstanceOf(AsyncTimeoutException.class);
    }

    @Test
    @Tag("O12")
    void theDeadlineMayBeMovedAndTakenAway() {
        Promise<Timeout> started = loop.createFuture();
        Task<String> task = loop.createTask(Async.timeoutAt(LONG.toNanos(), timeout -> {
            started.setResult(timeout);
            return Async.sleep(Duration.ofSeconds(50), "slept");
        }));
        Timeout timeout = loop.runUntilComplete(started);
        assertThat(timeout.when()).isEqualTo(LONG.toNanos());
        timeout.rescheduleAt(3 * LONG.toNanos());
        assertThat(timeout.when()).isEqualTo(3 * LONG.toNanos());
        loop.runUntilComplete(Async.sleep(LONG.multipliedBy(2)));
        assertThat(task.isDone()).isFalse();
        timeout.reschedule(SHORT);
        assertThat(timeout.when()).isEqualTo(LONG.multipliedBy(2).plus(SHORT).toNanos());
        timeout.rescheduleAt(Timeout.NEVER);
        assertThat(loop.runUntilComplete(task)).isEqualTo("slept");
        assertThat(timeout.expired()).isFalse();
    }

    @Test
    void aDeadlineThatIsMovedIntoThePastTakesEffectInTheNextIteration() {
        Task<String> task = loop.createTask(sleepWithin(LONG, LONG));
        virtual.turn();
        timeout().reschedule(Duration.ZERO);
        assertThatThrownBy(() -> loop.runUntilComplete(task)).isInstanceOf(AsyncTimeoutException.class);
        assertThat(virtual.clock().elapsed()).isZero();
    }

    @Test
    @Tag("O12")
    void theDeadlineCannotBeMovedOnceThePartHasEnded() {
        loop.runUntilComplete(sleepWithin(LONG, SHORT));
        assertThatThrownBy(() -> timeout().reschedule(LONG))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("finished");
    }

    @Test
    @Tag("O12")
    void theDeadlineCannotBeMovedOnceItsTimeoutWasThrown() {
        assertThatThrownBy(() -> loop.runUntilComplete(sleepWithin(SHORT, LONG)))
                .isInstanceOf(AsyncTimeoutException.class);
        assertThatThrownBy(() -> timeout().reschedule(LONG))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("expired");
    }

    @Test
    @Tag("O12")
    void aPartThatSwallowsTheCancellationEndsAsItLikes() {
        Task<Integer> task = loop.createTask(coroutine(() -> {
            String result = await(Async.timeout(SHORT, timeout -> {
                seen.add(timeout);
                try {
                    await(Async.sleep(LONG));
                } catch (CancelledError swallowed) {
                    assertThat(timeout.expired()).isTrue();
                    assertThatThrownBy(() -> timeout.reschedule(LONG)).hasMessageContaining("expiring");
                    return Coroutine.of("swallowed");
                }
                return Coroutine.of("slept");
            }));
            assertThat(result).isEqualTo("swallowed");
            return Coroutine.of(loop.currentTask().cancelling());
        }));
        assertThat(loop.runUntilComplete(task)).isZero();
        assertThat(timeout().expired()).isTrue();
    }

    @Test
    void theInnerOfTwoTimeoutsIsThrownInside() {
        String result = loop.runUntilComplete(Async.timeout(LONG, outer -> {
            try {
                await(sleepWithin(SHORT, LONG));
            } catch (AsyncTimeoutException inner) {
                assertThat(outer.expired()).isFalse();
                return Coroutine.of("inner");
            }
            return Coroutine.of("none");
        }));
        assertThat(result).isEqualTo("inner");
    }

    @Test
    void theOuterOfTwoTimeoutsPassesThroughTheInner() {
        assertThatThrownBy(() -> loop.runUntilComplete(Async.timeout(SHORT, outer -> sleepWithin(LONG, LONG))))
                .isInstanceOf(AsyncTimeoutException.class)
                .hasMessageContaining("PT0.1S");
        assertThat(timeout().expired()).isFalse();
    }

    @Test
    void twoTimeoutsOfOneMomentAreThrownByTheOuter() {
        List<String> caughtInside = new ArrayList<>();
        assertThatThrownBy(() -> loop.runUntilComplete(Async.timeout(SHORT, outer -> {
                    try {
                        return Coroutine.of(await(sleepWithin(SHORT, LONG)));
                    } catch (AsyncTimeoutException inner) {
                        caughtInside.add("inner");
                        throw inner;
                    }
                })))
                .isInstanceOf(AsyncTimeoutException.class);
        assertThat(timeout().expired()).isTrue();
        assertThat(caughtInside).isEmpty();
    }

    @Test
    void aTimeoutWorksInTheCleanUpOfAnother() {
        assertThatThrownBy(() -> loop.runUntilComplete(Async.timeout(SHORT, outer -> {
                    try {
                        await(Async.sleep(LONG));
                    } finally {
                        try {
                            await(sleepWithin(SHORT, LONG));
                        } catch (AsyncTimeoutException inner) {
                            assertThat(inner).hasCauseInstanceOf(CancelledError.class);
                        }
                    }
                    return Coroutine.done();
                })))
                .isInstanceOf(AsyncTimeoutException.class)
                .hasCauseInstanceOf(CancelledError.class);
        assertThat(timeout().expired()).isTrue();
        assertThat(virtual.clock().elapsed()).isEqualTo(SHORT.multipliedBy(2));
    }

    @Test
    void aTimeoutWorksInATaskThatWasCancelledBefore() {
        loop.runUntilComplete(coroutine(() -> {
            cancelMyself();
            try {
                await(Async.sleep(LONG));
            } catch (CancelledError cancelled) {
                assertThat(loop.currentTask().cancelling()).isEqualTo(1);
            }
            try {
                await(sleepWithin(SHORT, LONG));
                assertThat(true).as("reached").isFalse();
            } catch (AsyncTimeoutException late) {
                assertThat(loop.currentTask().cancelling()).isEqualTo(1);
            }
            return Coroutine.done();
        }));
        assertThat(timeout().expired()).isTrue();
    }

    @Test
    void aCancellationInATaskThatWasCancelledBeforeIsNoTimeout() {
        Task<Void> task = loop.createTask(coroutine(() -> {
            cancelMyself();
            try {
                await(Async.sleep(LONG));
            } catch (CancelledError cancelled) {
                await(Async.timeout(LONG, timeout -> {
                    cancelMyself();
                    await(Async.sleep(LONG));
                    return Coroutine.done();
                }));
            }
            return Coroutine.done();
        }));
        virtual.settle();
        assertThat(task.isCancelled()).isTrue();
    }

    @Test
    void aCancellationThatIsYetToComeIsNotTakenForATimeout() {
        Task<String> task = loop.createTask(coroutine(() -> {
            cancelMyself();
            return Coroutine.of(await(sleepWithin(Duration.ZERO, LONG)));
        }));
        virtual.settle();
        assertThat(task.isCancelled()).isTrue();
    }

    private void cancelMyself() {
        loop.currentTask().cancel();
    }

    @Test
    @Tag("O13")
    void aGroupsFailuresComeBeforeTheTimeoutAndTellOfIt() {
        IllegalStateException crash = new IllegalStateException("crash in clean-up");
        assertThatThrownBy(() -> loop.runUntilComplete(Async.timeout(
                        SHORT,
                        timeout -> TaskGroup.run(group -> {
                            group.start(coroutine(() -> {
                                try {
                                    await(Async.sleep(LONG));
                                } finally {
                                    throwIt(crash);
                                }
                                return Coroutine.done();
                            }));
                            try {
                                throwIt(new IOException("lost in the finally block, as in any Java"));
                            } finally {
                                await(Async.sleep(LONG));
                            }
                            return Coroutine.done();
                        }))))
                .isInstanceOfSatisfying(ExceptionGroup.class, failures -> {
                    assertThat(failures.exceptions()).containsExactly(crash);
                    assertThat(failures.getSuppressed())
                            .filteredOn(AsyncTimeoutException.class::isInstance)
                            .hasSize(1);
                });
    }

    private static void throwIt(Exception failure) throws Exception {
        throw failure;
    }

    @Test
    void aTimeoutInsideAGroupInsideATimeoutFailsTheGroup() {
        assertThatThrownBy(() -> loop.runUntilComplete(Async.timeout(
                        LONG,
                        outer -> TaskGroup.run(group -> {
                            group.start(sleepWithin(SHORT, LONG));
                            return Async.sleep(LONG, "body");
                        }))))
                .isInstanceOfSatisfying(
                        ExceptionGroup.class,
                        failures -> assertThat(failures.exceptions())
                                .singleElement()
                                .isInstanceOf(AsyncTimeoutException.class));
        assertThat(virtual.clock().elapsed()).isEqualTo(SHORT);
        assertThat(loop.allTasks()).isEmpty();
    }

    @Test
    void aTimeoutAroundAGroupEndsItsTasks() {
        Promise<String> child = loop.createFuture();
        assertThatThrownBy(() -> loop.runUntilComplete(Async.timeout(
                        SHORT,
                        timeout -> TaskGroup.run(group -> {
                            group.start(coroutine(() -> Coroutine.of(await(child))));
                            return Coroutine.done();
                        }))))
                .isInstanceOf(AsyncTimeoutException.class);
        assertThat(child.isCancelled()).isTrue();
        assertThat(loop.allTasks()).isEmpty();
    }
}

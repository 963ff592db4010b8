package io.samovar.tests.core;

import static io.samovar.Async.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.samovar.Async;
import io.samovar.CancelledError;
import io.samovar.Coroutine;
import io.samovar.EventLoop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A whole program. */
@Timeout(30)
class AsyncRunTest {
    @Test
    void aProgramRunsOnALoopOfItsOwnThatIsClosedInTheEnd() {
        EventLoop[] loop = new EventLoop[1];
        String result = Async.run(() -> {
            loop[0] = EventLoop.current();
            return Coroutine.of("tea");
        });
        assertThat(result).isEqualTo("tea");
        assertThat(loop[0].isClosed()).isTrue();
        assertThatThrownBy(EventLoop::current).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void theFailureOfAProgramIsThrownAsItIs() {
        Exception failure = new Exception("boom");
        assertThatThrownBy(() -> Async.run(() -> {
                    await(Async.sleep(Duration.ZERO));
                    throw failure;
                }))
                .isSameAs(failure);
        assertThatThrownBy(() -> Async.run(() -> {
                    throw failure;
                }))
                .isSameAs(failure);
    }

    @Test
    void theTraceOfAProgramsFailureHoldsNothingOfTheRunTime() {
        Throwable failure = catchThrowable(() -> Async.run(AsyncRunTest::failingLater));
        assertThat(failure.getStackTrace())
                .isNotEmpty()
                .allSatisfy(element -> assertThat(element.getClassName()).isEqualTo(AsyncRunTest.class.getName()));
    }

    private static Coroutine<Void> failingLater() {
        await(Async.sleep(Duration.ZERO));
        throw new IllegalStateException("boom");
    }

    @Test
    void tasksThatAreLeftAreCancelledAndMayCleanUp() {
        List<String> log = new ArrayList<>();
        Async.run(() -> {
            Async.createTask(takingItsTimeToCleanUp(log));
            await(Async.sleep(Duration.ofMillis(1)));
            return Coroutine.done();
        });
        assertThat(log).containsExactly("cancelled", "cleaned up");
    }

    private static Coroutine<Void> takingItsTimeToCleanUp(List<String> log) {
        try {
            await(Async.sleep(Duration.ofDays(1)));
        } catch (CancelledError cancelled) {
            log.add("cancelled");
            await(Async.sleep(Duration.ofMillis(1)));
            log.add("cleaned up");
        }
        return Coroutine.done();
    }
}

package io.samovar.tests.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.samovar.Async;
import io.samovar.CancelledError;
import io.samovar.Coroutine;
import io.samovar.EventLoop;
import io.samovar.tests.support.Machine;
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
        assertThatThrownBy(() -> Async.run(() -> Machine.running(() -> {
                    throw failure;
                })))
                .isSameAs(failure);
        assertThatThrownBy(() -> Async.run(() -> {
                    throw failure;
                }))
                .isSameAs(failure);
    }

    @Test
    void tasksThatAreLeftAreCancelledAndMayCleanUp() {
        List<String> log = new ArrayList<>();
        Async.run(() -> {
            Async.createTask(new Machine<>((self, task, at) -> {
                try {
                    if (at == 0) {
                        return self.awaitAt(1, Async.sleep(Duration.ofDays(1)), task);
                    }
                    Machine.got(task);
                    log.add("cleaned up");
                    return null;
                } catch (CancelledError cancelled) {
                    log.add("cancelled");
                    return self.awaitAt(2, Async.sleep(Duration.ofMillis(1)), task);
                }
            }));
            return Machine.awaiting(Async.sleep(Duration.ofMillis(1)));
        });
        assertThat(log).containsExactly("cancelled", "cleaned up");
    }
}

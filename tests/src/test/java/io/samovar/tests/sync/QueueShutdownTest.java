package io.samovar.tests.sync;

import static io.samovar.Async.await;
import static io.samovar.tests.support.Coroutines.coroutine;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.samovar.Coroutine;
import io.samovar.EventLoop;
import io.samovar.Task;
import io.samovar.sync.LifoQueue;
import io.samovar.sync.PriorityQueue;
import io.samovar.sync.Queue;
import io.samovar.sync.QueueShutDownException;
import io.samovar.tests.support.EveryMode;
import io.samovar.tests.support.Mode;
import io.samovar.tests.support.VirtualLoop;
import java.util.List;
import java.util.function.IntFunction;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the shutdown of a queue promises, of each kind. */
@Timeout(30)
@EveryMode
class QueueShutdownTest {
    @AutoClose
    private final VirtualLoop virtual;

    private final EventLoop loop;

    QueueShutdownTest(Mode mode) {
        virtual = new VirtualLoop(mode);
        loop = virtual.loop();
    }

    private static List<Queue<Integer>> each(int maxSize) {
        List<IntFunction<Queue<Integer>>> kinds = List.of(Queue::new, LifoQueue::new, PriorityQueue::new);
        return kinds.stream().map(kind -> kind.apply(maxSize)).toList();
    }

    private static void assertShutDown(ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOf(QueueShutDownException.class).hasMessage("the queue was shut down");
    }

    private void assertNoPut(Queue<Integer> queue) {
        assertShutDown(() -> queue.putNowait(9));
        assertShutDown(() -> loop.runUntilComplete(queue.put(9)));
    }

    private void assertNoGet(Queue<Integer> queue) {
        assertShutDown(queue::getNowait);
        assertShutDown(() -> loop.runUntilComplete(queue.get()));
    }

    @Test
    void whoWaitsToGetFromAnEmptyQueueFailsAndSoDoesEveryLaterCall() {
        for (boolean immediate : new boolean[] {false, true}) {
            for (Queue<Integer> queue : each(0)) {
                Task<Integer> first = loop.createTask(queue.get());
                Task<Integer> second = loop.createTask(queue.get());
                virtual.turn();
                queue.shutdown(immediate);
                virtual.settle();
                assertShutDown(first::result);
                assertShutDown(second::result);
                assertNoPut(queue);
                assertNoGet(queue);
                loop.runUntilComplete(queue.join());
                queue.shutdown(immediate);
                assertNoGet(queue);
            }
        }
    }

    @Test
    @Tag("Q5")
    void whatLiesInTheQueueCanStillBeTakenAndMustBeDone() {
        for (Queue<Integer> queue : each(1)) {
            queue.putNowait(1);
            Task<Void> putter = loop.createTask(queue.put(2));
            Task<Void> joiner = loop.createTask(queue.join());
            virtual.turn();
            queue.shutdown();
            virtual.settle();
            assertShutDown(putter::result);
            assertNoPut(queue);
            assertThat(loop.runUntilComplete(queue.get())).isEqualTo(1);
            assertNoGet(queue);
            assertThat(joiner.isDone()).isFalse();
            queue.taskDone();
            virtual.settle();
            assertThat(joiner.isDone()).isTrue();
        }
    }

    @Test
    void anImmediateShutdownDropsWhatLiesInTheQueueAndCountsItAsDone() {
        for (Queue<Integer> queue : each(2)) {
            queue.putNowait(1);
            queue.putNowait(2);
            Task<Void> putter = loop.createTask(queue.put(3));
            Task<Void> joiner = loop.createTask(queue.join());
            virtual.turn();
            queue.shutdown(true);
            assertThat(queue.isEmpty()).isTrue();
            virtual.settle();
            assertShutDown(putter::result);
            assertThat(joiner.isDone()).isTrue();
            assertNoPut(queue);
            assertNoGet(queue);
            assertThatThrownBy(queue::taskDone).isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void whatWasTakenBeforeAnImmediateShutdownMustBeDoneStill() {
        for (Queue<Integer> queue : each(0)) {
            queue.putNowait(1);
            queue.putNowait(2);
            Integer unused = queue.getNowait();
            Task<Void> joiner = loop.createTask(queue.join());
            virtual.turn();
            queue.shutdown(true);
            virtual.settle();
            assertThat(joiner.isDone()).isFalse();
            queue.taskDone();
            virtual.settle();
            assertThat(joiner.isDone()).isTrue();
        }
    }

    @Test
    void anItemThatWasDoneBeforeItWasTakenIsNotCountedTwice() {
        for (Queue<Integer> queue : each(0)) {
            queue.putNowait(1);
            queue.putNowait(2);
            queue.taskDone();
            queue.shutdown(true);
            loop.runUntilComplete(queue.join());
            assertThatThrownBy(queue::taskDone).isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void aGetterThatWasWokenForAnItemBeforeTheShutdownTakesIt() {
        for (Queue<Integer> queue : each(0)) {
            Task<Integer> getter = loop.createTask(queue.get());
            virtual.turn();
            queue.putNowait(1);
            queue.shutdown();
            virtual.settle();
            assertThat(getter.result()).isEqualTo(1);
        }
    }

    @Test
    void aPutterThatWasWokenForRoomBeforeTheShutdownFails() {
        for (Queue<Integer> queue : each(1)) {
            queue.putNowait(1);
            Task<Void> putter = loop.createTask(queue.put(2));
            virtual.turn();
            assertThat(queue.getNowait()).isEqualTo(1);
            queue.shutdown();
            virtual.settle();
            assertShutDown(putter::result);
            assertThat(queue.isEmpty()).isTrue();
        }
    }

    @Test
    void aShutdownEndsAConsumersLoop() {
        for (Queue<Integer> queue : each(0)) {
            int[] sum = {0};
            Task<Void> consumer = loop.createTask(coroutine(() -> {
                try {
                    while (true) {
                        sum[0] += await(queue.get());
                    }
                } catch (QueueShutDownException end) {
                    return Coroutine.done();
                }
            }));
            for (int i = 1; i <= 10; i++) {
                queue.putNowait(i);
            }
            queue.shutdown();
            loop.runUntilComplete(consumer);
            assertThat(sum[0]).isEqualTo(55);
        }
    }
}

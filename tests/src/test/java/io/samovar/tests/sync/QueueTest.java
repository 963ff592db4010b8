package io.samovar.tests.sync;

import static io.samovar.Async.await;
import static io.samovar.tests.support.Coroutines.coroutine;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.samovar.Async;
import io.samovar.Coroutine;
import io.samovar.EventLoop;
import io.samovar.Task;
import io.samovar.sync.LifoQueue;
import io.samovar.sync.PriorityQueue;
import io.samovar.sync.Queue;
import io.samovar.sync.QueueEmptyException;
import io.samovar.sync.QueueFullException;
import io.samovar.tests.support.EveryMode;
import io.samovar.tests.support.Mode;
import io.samovar.tests.support.VirtualLoop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a queue promises, with the rows of asyncio's conformance cases as tags. */
@Timeout(30)
@EveryMode
class QueueTest {
    @AutoClose
    private final VirtualLoop virtual;

    private final EventLoop loop;
    private final Queue<Integer> queue = new Queue<>(1);
    private final List<Object> log = new ArrayList<>();

    QueueTest(Mode mode) {
        virtual = new VirtualLoop(mode);
        loop = virtual.loop();
    }

    private List<Integer> drain(Queue<Integer> from) {
        List<Integer> items = new ArrayList<>();
        while (!from.isEmpty()) {
            items.add(from.getNowait());
        }
        return items;
    }

    @Test
    void itemsComeOutInTheOrderInWhichTheyWentIn() {
        Queue<Integer> endless = new Queue<>();
        assertThat(endless.maxSize()).isZero();
        for (int item : new int[] {1, 3, 2}) {
            endless.putNowait(item);
        }
        assertThat(endless.size()).isEqualTo(3);
        assertThat(endless.isFull()).isFalse();
        assertThat(drain(endless)).containsExactly(1, 3, 2);
        assertThat(endless.isEmpty()).isTrue();
        assertThat(new Queue<>(-1).maxSize()).isZero();
    }

    @Test
    void theLastItemComesOutFirstOfALifoQueueAndTheLeastOneOfAPriorityQueue() {
        List<Queue<Integer>> queues = List.of(
                new LifoQueue<>(),
                new LifoQueue<>(3),
                new PriorityQueue<>(),
                new PriorityQueue<>(3),
                new PriorityQueue<>(Comparator.reverseOrder()),
                new PriorityQueue<>(3, Comparator.reverseOrder()));
        for (Queue<Integer> each : queues) {
            for (int item : new int[] {1, 3, 2}) {
                each.putNowait(item);
            }
            log.add(each.isFull() + " " + drain(each));
        }
        assertThat(log)
                .containsExactly(
                        "false [2, 3, 1]",
                        "true [2, 3, 1]",
                        "false [1, 2, 3]",
                        "true [1, 2, 3]",
                        "false [3, 2, 1]",
                        "true [3, 2, 1]");
    }

    @Test
    void whatCannotBeComparedIsRefusedAndTakesNobodysPlace() {
        PriorityQueue<Object> sorted = new PriorityQueue<>(1);
        sorted.putNowait("a");
        Task<Void> refused = loop.createTask(sorted.put(new Object()));
        Task<Void> next = loop.createTask(sorted.put("b"));
        virtual.turn();
        assertThat(sorted.getNowait()).isEqualTo("a");
        virtual.settle();
        assertThat(refused.exception()).isInstanceOf(ClassCastException.class);
        assertThat(next.isDone()).isTrue();
        assertThat(sorted.getNowait()).isEqualTo("b");
    }

    @Test
    void aFullQueueTakesNothingAtOnceAndAnEmptyOneGivesNothing() {
        assertThatThrownBy(queue::getNowait)
                .isInstanceOf(QueueEmptyException.class)
                .hasMessage("the queue is empty: Queue(0 of 1)");
        queue.putNowait(1);
        assertThat(queue.isFull()).isTrue();
        assertThatThrownBy(() -> queue.putNowait(2))
                .isInstanceOf(QueueFullException.class)
                .hasMessage("the queue is full: Queue(1 of 1)");
        assertThat(queue.getNowait()).isEqualTo(1);
    }

    @Test
    void putAndGetDoNothingBeforeTheyAreAwaited() {
        Coroutine<Void> put = queue.put(1);
        Coroutine<Integer> get = queue.get();
        virtual.settle();
        assertThat(queue.isEmpty()).isTrue();
        loop.runUntilComplete(put);
        assertThat(queue.size()).isEqualTo(1);
        assertThat(loop.runUntilComplete(get)).isEqualTo(1);
        assertThat(queue.get()).as("nothing is allocated").isSameAs(get);
    }

    @Test
    void aPutPutsItsItemOnce() {
        Coroutine<Void> put = queue.put(1);
        loop.runUntilComplete(put);
        assertThatThrownBy(() -> loop.runUntilComplete(put))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("this has put its item before: call put again to put the item again");
    }

    @Test
    void aPutThatTwoTasksAwaitFailsInOneAndTakesNobodysPlace() {
        queue.putNowait(0);
        Coroutine<Void> put = queue.put(1);
        Task<Void> first = loop.createTask(put);
        Task<Void> second = loop.createTask(put);
        Task<Void> third = loop.createTask(queue.put(2));
        virtual.turn();
        for (int item = 0; item <= 2; item++) {
            assertThat(queue.getNowait()).isEqualTo(item);
            virtual.settle();
        }
        assertThat(first.exception()).isNull();
        assertThat(second.exception()).isInstanceOf(IllegalStateException.class);
        assertThat(third.exception()).isNull();
    }

    @Test
    void aPutWaitsForRoom() {
        Queue<Integer> two = new Queue<>(2);
        Task<Void> putter = loop.createTask(coroutine(() -> {
            for (int i = 0; i < 3; i++) {
                await(two.put(i));
                log.add(i);
            }
            return Coroutine.done();
        }));
        virtual.settle();
        assertThat(log).containsExactly(0, 1);
        assertThat(two.getNowait()).isZero();
        virtual.turn();
        assertThat(log).containsExactly(0, 1, 2);
        assertThat(drain(two)).containsExactly(1, 2);
        assertThat(putter.isDone()).isTrue();
    }

    @Test
    void aGetWaitsForAnItem() {
        Task<Integer> getter = loop.createTask(queue.get());
        virtual.settle();
        assertThat(getter.isDone()).isFalse();
        loop.callLater(Duration.ofMillis(10), () -> queue.putNowait(7));
        assertThat(loop.runUntilComplete(getter)).isEqualTo(7);
        assertThat(virtual.clock().elapsed()).isEqualTo(Duration.ofMillis(10));
    }

    @Test
    void gettersAndPuttersGetTheirTurnInTheOrderInWhichTheyCame() {
        List<Task<Void>> putters = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            putters.add(loop.createTask(queue.put(i)));
        }
        virtual.turn();
        for (int i = 0; i < 4; i++) {
            assertThat(loop.runUntilComplete(queue.get())).isEqualTo(i);
            virtual.turn();
        }
        assertThat(putters).allMatch(Task::isDone);
        List<Task<Integer>> getters = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            getters.add(loop.createTask(queue.get()));
        }
        virtual.turn();
        for (int i = 0; i < 4; i++) {
            loop.runUntilComplete(queue.put(i));
            virtual.turn();
        }
        assertThat(getters).extracting(Task::result).containsExactly(0, 1, 2, 3);
    }

    @Test
    @Tag("Q1")
    void anItemForAReaderThatIsCancelledIsThereForTheNextGet() {
        Queue<Integer> endless = new Queue<>();
        Task<Integer> reader = loop.createTask(endless.get());
        virtual.turn();
        endless.putNowait(1);
        endless.putNowait(2);
        reader.cancel();
        virtual.settle();
        assertThat(reader.isCancelled()).isTrue();
        assertThat(loop.runUntilComplete(endless.get())).isEqualTo(1);
        assertThat(endless.size()).isEqualTo(1);
    }

    @Test
    @Tag("Q1")
    void itemsForManyReadersOfWhichSomeAreCancelledGoToTheOthers() {
        Queue<Integer> endless = new Queue<>();
        List<Task<Integer>> readers = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            readers.add(loop.createTask(endless.get()));
        }
        virtual.turn();
        endless.putNowait(1);
        endless.putNowait(2);
        readers.get(0).cancel();
        virtual.settle();
        assertThat(readers.get(0).isCancelled()).isTrue();
        assertThat(readers.get(1).result()).isEqualTo(1);
        assertThat(readers.get(2).result()).isEqualTo(2);
    }

    @Test
    void aWriterThatIsCancelledAfterItWasWokenLetsTheNextOnePut() {
        queue.putNowait(1);
        Task<Void> writer = loop.createTask(queue.put(2));
        Task<Void> next = loop.createTask(queue.put(3));
        virtual.turn();
        assertThat(queue.getNowait()).isEqualTo(1);
        writer.cancel();
        virtual.settle();
        assertThat(writer.isCancelled()).isTrue();
        assertThat(next.isDone()).isTrue();
        assertThat(drain(queue)).containsExactly(3);
    }

    @Test
    @Tag("Q3")
    void aCancelledGetterTakesNothingFromTheNext() {
        Task<Integer> first = loop.createTask(queue.get());
        Task<Integer> second = loop.createTask(queue.get());
        virtual.turn();
        first.cancel();
        virtual.turn();
        assertThat(first.isDone()).isTrue();
        queue.putNowait(5);
        virtual.turn();
        assertThat(second.result()).isEqualTo(5);
    }

    @Test
    void aCancelledPutterTakesNoPlaceFromTheNext() {
        Task<Void> a = loop.createTask(queue.put(1));
        Task<Void> b = loop.createTask(queue.put(2));
        Task<Void> c = loop.createTask(queue.put(3));
        virtual.turn();
        assertThat(a.isDone()).isTrue();
        assertThat(b.isDone()).isFalse();
        c.cancel();
        virtual.turn();
        assertThat(c.isCancelled()).isTrue();
        assertThat(queue.getNowait()).isEqualTo(1);
        virtual.turn();
        assertThat(queue.getNowait()).isEqualTo(2);
        virtual.settle();
        assertThat(b.isDone()).isTrue();
        assertThat(queue).hasToString("Queue(0 of 1)");
    }

    @Test
    @Tag("Q4")
    void oneProducerAndOneConsumerComeToAnEnd() {
        Task<Void> producer = loop.createTask(coroutine(() -> {
            for (int i = 0; i < 5; i++) {
                await(queue.put(i));
            }
            return Coroutine.done();
        }));
        Task<Void> consumer = loop.createTask(coroutine(() -> {
            for (int i = 0; i < 5; i++) {
                log.add(await(queue.get()));
            }
            return Coroutine.done();
        }));
        loop.runUntilComplete(producer);
        loop.runUntilComplete(consumer);
        assertThat(log).containsExactly(0, 1, 2, 3, 4);
    }

    @Test
    void manyPuttersAndOneGetterComeToAnEnd() {
        List<Task<Void>> putters = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            putters.add(loop.createTask(queue.put(i)));
        }
        loop.runUntilComplete(coroutine(() -> {
            await(Async.sleep(Duration.ofMillis(10)));
            while (!queue.isEmpty()) {
                log.add(await(queue.get()));
                await(Async.sleep(Duration.ZERO));
            }
            return Coroutine.done();
        }));
        assertThat(log).containsExactly(0, 1, 2, 3);
        assertThat(putters).allMatch(Task::isDone);
    }

    @Test
    void aGetterThatWasWokenForAnItemThatAnotherTookKeepsItsPlace() {
        Task<Integer> first = loop.createTask(queue.get());
        Task<Integer> second = loop.createTask(queue.get());
        virtual.turn();
        queue.putNowait(1);
        assertThat(queue.getNowait()).isEqualTo(1);
        virtual.settle();
        assertThat(queue).hasToString("Queue(0 of 1, 2 getting)");
        queue.putNowait(2);
        virtual.settle();
        assertThat(first.result()).isEqualTo(2);
        assertThat(second.isDone()).isFalse();
    }

    @Test
    void gettersThatWereWokenForNothingAreAllWokenAgain() {
        Queue<Integer> endless = new Queue<>();
        List<Task<Integer>> getters = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            getters.add(loop.createTask(endless.get()));
        }
        virtual.turn();
        for (int round = 0; round < 2; round++) {
            for (int i = 0; i < 3; i++) {
                endless.putNowait(i);
            }
            assertThat(drain(endless)).hasSize(3);
            virtual.settle();
        }
        for (int i = 0; i < 3; i++) {
            endless.putNowait(i);
        }
        virtual.settle();
        assertThat(getters).extracting(Task::result).containsExactly(0, 1, 2);
    }

    @Test
    void aPutterWhoseRoomAnotherTookKeepsItsPlace() {
        queue.putNowait(0);
        Task<Void> first = loop.createTask(queue.put(1));
        Task<Void> second = loop.createTask(queue.put(2));
        virtual.turn();
        queue.getNowait();
        queue.putNowait(9);
        virtual.settle();
        assertThat(queue).hasToString("Queue(1 of 1, 2 putting)");
        queue.getNowait();
        virtual.settle();
        assertThat(first.isDone()).isTrue();
        assertThat(second.isDone()).isFalse();
        assertThat(drain(queue)).containsExactly(1);
    }

    @Test
    void cancelledTasksLeaveNothingBehind() {
        for (int i = 0; i < 3; i++) {
            Task<Integer> getter = loop.createTask(queue.get());
            virtual.turn();
            getter.cancel();
            virtual.turn();
            assertThat(queue).hasToString("Queue(0 of 1)");
        }
        queue.putNowait(1);
        for (int i = 0; i < 3; i++) {
            Task<Void> putter = loop.createTask(queue.put(2));
            virtual.turn();
            putter.cancel();
            virtual.turn();
            assertThat(queue).hasToString("Queue(1 of 1)");
        }
    }

    @Test
    void joinWaitsUntilEveryItemIsDone() {
        Queue<Integer> endless = new Queue<>();
        int[] sum = {0};
        for (int i = 1; i <= 100; i++) {
            endless.putNowait(i);
        }
        Task<Void> joiner = loop.createTask(endless.join());
        for (int i = 0; i < 2; i++) {
            loop.createTask(coroutine(() -> {
                while (true) {
                    sum[0] += await(endless.get());
                    await(Async.sleep(Duration.ofMillis(1)));
                    assertThat(joiner.isDone()).isFalse();
                    endless.taskDone();
                }
            }));
        }
        loop.runUntilComplete(joiner);
        assertThat(sum[0]).isEqualTo(5050);
        assertThat(virtual.failures()).isEmpty();
        loop.allTasks().forEach(Task::cancel);
        virtual.settle();
    }

    @Test
    void joinDoesNotWaitForAnEmptyQueueAndWaitsAgainAfterAPut() {
        loop.runUntilComplete(queue.join());
        loop.runUntilComplete(queue.join());
        queue.putNowait(1);
        Task<Void> joiner = loop.createTask(queue.join());
        virtual.settle();
        queue.getNowait();
        virtual.settle();
        assertThat(joiner.isDone()).isFalse();
        queue.taskDone();
        queue.putNowait(2); // too late to matter
        virtual.turn();
        assertThat(joiner.isDone()).isTrue();
        Task<Void> other = loop.createTask(queue.join());
        virtual.settle();
        assertThat(other.isDone()).isFalse();
    }

    @Test
    void moreItemsCannotBeDoneThanWerePut() {
        assertThatThrownBy(queue::taskDone)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("taskDone() was called more often than items were put");
        queue.putNowait(1);
        queue.taskDone();
        assertThatThrownBy(queue::taskDone).isInstanceOf(IllegalStateException.class);
    }

    @Test
    @SuppressWarnings("NullAway") // what null does is the question
    void anItemIsNeverNull() {
        assertThatThrownBy(() -> queue.putNowait(null)).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> Async.createTask(queue.put(null))).isInstanceOf(NullPointerException.class);
    }

    @Test
    void aQueueTellsWhatItIsDoing() {
        assertThat(new Queue<>()).hasToString("Queue(0)");
        assertThat(new LifoQueue<>(2)).hasToString("LifoQueue(0 of 2)");
        loop.createTask(queue.get());
        virtual.turn();
        assertThat(queue).hasToString("Queue(0 of 1, 1 getting)");
        assertThat(queue.get()).hasToString("Queue(0 of 1, 1 getting).get()");
        queue.putNowait(1);
        virtual.turn();
        queue.putNowait(1);
        assertThat(queue.put(1)).hasToString("Queue(1 of 1).put()");
        queue.shutdown();
        assertThat(queue).hasToString("Queue(1 of 1, shut down)");
    }
}

package io.samovar.tests.sync;

import static io.samovar.Async.await;
import static io.samovar.tests.support.Coroutines.coroutine;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.samovar.Coroutine;
import io.samovar.EventLoop;
import io.samovar.Task;
import io.samovar.sync.Barrier;
import io.samovar.sync.BrokenBarrierException;
import io.samovar.tests.support.EveryMode;
import io.samovar.tests.support.Mode;
import io.samovar.tests.support.VirtualLoop;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a barrier promises. */
@Timeout(30)
@EveryMode
class BarrierTest {
    @AutoClose
    private final VirtualLoop virtual;

    private final EventLoop loop;
    private final Barrier barrier = new Barrier(3);
    private final List<Object> log = new ArrayList<>();

    BarrierTest(Mode mode) {
        virtual = new VirtualLoop(mode);
        loop = virtual.loop();
    }

    private List<Task<Integer>> coming(int tasks) {
        List<Task<Integer>> coming = new ArrayList<>();
        for (int i = 0; i < tasks; i++) {
            coming.add(loop.createTask(barrier.whenFull()));
        }
        return coming;
    }

    private static void assertBroken(List<Task<Integer>> tasks, String message) {
        assertThat(tasks)
                .isNotEmpty()
                .allSatisfy(task -> assertThat(task.exception())
                        .isInstanceOf(BrokenBarrierException.class)
                        .hasMessage(message));
    }

    @Test
    void tasksWaitUntilAllAreThereAndEachGetsANumber() {
        List<Task<Integer>> tasks = coming(1);
        virtual.turn();
        assertThat(barrier.waiting()).isEqualTo(1);
        tasks.addAll(coming(1));
        virtual.turn();
        assertThat(barrier.waiting()).isEqualTo(2);
        virtual.settle();
        assertThat(tasks).noneMatch(Task::isDone);
        tasks.addAll(coming(1));
        virtual.settle();
        assertThat(tasks).extracting(Task::result).containsExactly(0, 1, 2);
        assertThat(barrier.waiting()).isZero();
        assertThat(barrier.isBroken()).isFalse();
        assertThat(barrier.parties()).isEqualTo(3);
    }

    @Test
    void aBarrierForOneNeverWaits() {
        Barrier one = new Barrier(1);
        for (int round = 0; round < 3; round++) {
            assertThat(loop.runUntilComplete(one.whenFull())).isZero();
            assertThat(one).hasToString("Barrier(filling, 0 of 1)");
        }
    }

    @Test
    void aBarrierIsUsedRoundAfterRound() {
        for (int i = 0; i < 3; i++) {
            loop.createTask(coroutine(() -> {
                for (int round = 1; round <= 3; round++) {
                    await(barrier.whenFull());
                    log.add(round);
                }
                return Coroutine.done();
            }));
        }
        virtual.settle();
        assertThat(log).containsExactly(1, 1, 1, 2, 2, 2, 3, 3, 3);
        assertThat(barrier).hasToString("Barrier(filling, 0 of 3)");
    }

    @Test
    void whoComesWhileOthersHaveYetToGoIsOfTheNextRound() {
        List<Task<Integer>> first = coming(3);
        List<Task<Integer>> second = coming(2);
        virtual.settle();
        assertThat(first).extracting(Task::result).containsExactly(0, 1, 2);
        assertThat(second).noneMatch(Task::isDone);
        assertThat(barrier).hasToString("Barrier(filling, 2 of 3)");
        second.addAll(coming(1));
        virtual.settle();
        assertThat(second).extracting(Task::result).containsExactly(0, 1, 2);
    }

    @Test
    void theBarrierDrainsUntilTheLastOneHasGone() {
        for (int i = 0; i < 3; i++) {
            loop.createTask(coroutine(() -> {
                await(barrier.whenFull());
                log.add(barrier.toString());
                return Coroutine.done();
            }));
        }
        virtual.settle();
        assertThat(log)
                .containsExactly("Barrier(draining, 2 of 3)", "Barrier(draining, 1 of 3)", "Barrier(filling, 0 of 3)");
    }

    @Test
    void aCancelledTaskIsMissingAndNumbersStayUnique() {
        List<Task<Integer>> tasks = coming(2);
        virtual.turn();
        tasks.get(0).cancel();
        virtual.turn();
        assertThat(tasks.get(0).isCancelled()).isTrue();
        assertThat(barrier.waiting()).isEqualTo(1);
        tasks.addAll(coming(1));
        virtual.settle();
        assertThat(barrier.waiting()).isEqualTo(2);
        tasks.addAll(coming(1));
        virtual.settle();
        assertThat(tasks.subList(1, 4)).extracting(Task::result).containsExactly(0, 1, 2);
    }

    @Test
    void aTaskThatIsCancelledWhenAllAreThereDisturbsNobody() {
        List<Task<Integer>> tasks = coming(2);
        virtual.turn();
        tasks.add(loop.createTask(coroutine(() -> {
            int number = await(barrier.whenFull());
            tasks.get(0).cancel();
            return Coroutine.of(number);
        })));
        virtual.settle();
        assertThat(tasks.get(0).isCancelled()).isTrue();
        assertThat(tasks.subList(1, 3)).extracting(Task::result).containsExactly(0, 2);
        List<Task<Integer>> next = coming(3);
        virtual.settle();
        assertThat(next).extracting(Task::result).containsExactly(0, 1, 2);
    }

    @Test
    void whoWaitsForTheOthersToGoMayBeCancelledToo() {
        List<Task<Integer>> first = coming(3);
        List<Task<Integer>> second = coming(3);
        virtual.turn();
        second.get(0).cancel();
        virtual.settle();
        assertThat(first).extracting(Task::result).containsExactlyInAnyOrder(0, 1, 2);
        assertThat(second.get(0).isCancelled()).isTrue();
        assertThat(barrier.waiting()).isEqualTo(2);
    }

    @Test
    void aResetBreaksTheWaitOfThoseInsideAndTheBarrierIsAsNewAfterwards() {
        List<Task<Integer>> tasks = coming(2);
        virtual.turn();
        barrier.reset();
        assertThat(barrier).hasToString("Barrier(resetting, 2 of 3)");
        assertThat(barrier.waiting()).isZero();
        assertThat(barrier.isBroken()).isFalse();
        List<Task<Integer>> next = coming(3);
        virtual.settle();
        assertBroken(tasks, "the barrier was reset");
        assertThat(next).extracting(Task::result).containsExactlyInAnyOrder(0, 1, 2);
    }

    @Test
    void resettingAnEmptyBarrierChangesNothing() {
        barrier.reset();
        assertThat(barrier).hasToString("Barrier(filling, 0 of 3)");
        coming(3);
        virtual.settle();
        assertThat(barrier).hasToString("Barrier(filling, 0 of 3)");
    }

    @Test
    void aResetWhileTasksGoBreaksTheWaitOfThoseWhoHaveYetToGo() {
        List<Task<Integer>> tasks = coming(2);
        virtual.turn();
        Task<Integer> last = loop.createTask(coroutine(() -> {
            int number = await(barrier.whenFull());
            log.add(barrier.toString());
            barrier.reset();
            return Coroutine.of(number);
        }));
        List<Task<Integer>> late = coming(1);
        virtual.settle();
        assertThat(log).containsExactly("Barrier(draining, 2 of 3)");
        assertThat(last.result()).isEqualTo(2);
        assertBroken(tasks, "the barrier was reset");
        assertThat(late).noneMatch(Task::isDone);
        assertThat(barrier).hasToString("Barrier(filling, 1 of 3)");
    }

    @Test
    void anAbortBreaksTheBarrierForAllUntilAReset() {
        List<Task<Integer>> tasks = coming(2);
        virtual.turn();
        barrier.abort();
        assertThat(barrier.isBroken()).isTrue();
        tasks.addAll(coming(1));
        virtual.settle();
        assertBroken(tasks, "the barrier was aborted");
        assertThat(barrier).hasToString("Barrier(broken, 0 of 3)");
        barrier.reset();
        assertThat(barrier.isBroken()).isFalse();
        tasks = coming(3);
        virtual.settle();
        assertThat(tasks).extracting(Task::result).containsExactlyInAnyOrder(0, 1, 2);
    }

    @Test
    void anAbortWhileTasksGoBreaksTheWaitOfThoseInsideAndOfThoseWhoWaitForThem() {
        Barrier five = new Barrier(5);
        int[] passed = {0};
        for (int i = 0; i < 5; i++) {
            loop.createTask(coroutine(() -> {
                try {
                    await(five.whenFull());
                } catch (BrokenBarrierException inside) {
                    log.add("inside");
                    return Coroutine.done();
                }
                if (++passed[0] == 3) {
                    five.abort();
                    return Coroutine.done();
                }
                try {
                    await(five.whenFull());
                } catch (BrokenBarrierException waiting) {
                    log.add("waiting");
                }
                return Coroutine.done();
            }));
        }
        virtual.settle();
        assertThat(log).containsExactlyInAnyOrder("inside", "inside", "waiting", "waiting");
        assertThat(five).hasToString("Barrier(broken, 0 of 5)");
    }

    @Test
    void aResetAfterAnAbortBreaksTheWaitOfThoseInsideAllTheSame() {
        List<Task<Integer>> tasks = coming(2);
        virtual.turn();
        barrier.abort();
        barrier.reset();
        virtual.settle();
        assertBroken(tasks, "the barrier was reset");
        assertThat(barrier).hasToString("Barrier(filling, 0 of 3)");
    }

    @Test
    void aBarrierIsForAtLeastOneTask() {
        assertThatThrownBy(() -> new Barrier(0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("a barrier cannot be for 0 tasks");
        assertThatThrownBy(() -> new Barrier(-4)).isInstanceOf(IllegalArgumentException.class);
    }
}

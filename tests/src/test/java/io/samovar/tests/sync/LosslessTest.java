package io.samovar.tests.sync;

import static io.samovar.Async.await;
import static io.samovar.tests.support.Coroutines.coroutine;
import static org.assertj.core.api.Assertions.assertThat;

import io.samovar.Coroutine;
import io.samovar.sync.Barrier;
import io.samovar.sync.Condition;
import io.samovar.sync.Event;
import io.samovar.sync.Held;
import io.samovar.sync.LifoQueue;
import io.samovar.sync.Lock;
import io.samovar.sync.PriorityQueue;
import io.samovar.sync.Queue;
import io.samovar.sync.Semaphore;
import io.samovar.tests.support.EveryMode;
import io.samovar.tests.support.Mode;
import io.samovar.tests.sync.RandomRun.Scenario;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Whatever is cancelled, and whenever: nothing is lost, nothing comes twice, nobody gets ahead and nobody waits who need not.
 */
@Timeout(60)
@EveryMode
class LosslessTest {
    private static final int SEEDS = 8;

    private final Mode mode;

    LosslessTest(Mode mode) {
        this.mode = mode;
    }

    @Test
    void aLockServesOneAfterTheOtherInOrder() {
        RandomRun.repeat(mode, SEEDS, run -> {
            Lock lock = new Lock();
            return gate(run, 1, lock::acquire, lock::release, lock::isLocked);
        });
    }

    @Test
    void aSemaphoreServesAsManyAsItHasPermitsInOrder() {
        RandomRun.repeat(mode, SEEDS, run -> {
            int permits = 1 + run.random(4);
            Semaphore semaphore = new Semaphore(permits);
            return gate(run, permits, semaphore::acquire, semaphore::release, semaphore::isLocked);
        });
    }

    private static Scenario gate(
            RandomRun run, int permits, Supplier<Coroutine<Void>> acquire, Runnable release, Supplier<Boolean> locked) {
        int[] inside = {0};
        Runnable enter = () -> run.startInLine(acquire, got -> {
            inside[0]++;
            assertThat(inside[0]).isLessThanOrEqualTo(permits);
        });
        Runnable leave = () -> {
            if (inside[0] > 0) {
                inside[0]--;
                release.run();
            }
        };
        return new Scenario(List.of(enter, enter, leave, leave, run::cancelOne), () -> {
            assertThat(locked.get()).isEqualTo(inside[0] == permits);
            if (run.waiting() > 0) {
                assertThat(inside[0]).isEqualTo(permits);
            }
        });
    }

    @Test
    void anEventLetsAllThroughWhoWaitedWhenItWasSet() {
        RandomRun.repeat(mode, SEEDS, run -> {
            Event event = new Event();
            int[] sets = {0};
            Runnable enter = () -> {
                int before = sets[0];
                run.start(
                        event::whenSet,
                        got -> assertThat(event.isSet() || sets[0] > before).isTrue());
            };
            Runnable set = () -> {
                event.set();
                sets[0]++;
            };
            Runnable pulse = () -> {
                set.run();
                event.clear();
            };
            return new Scenario(List.of(enter, enter, enter, set, event::clear, pulse, run::cancelOne), () -> {
                pulse.run();
                run.settle();
                assertThat(run.waiting()).isZero();
            });
        });
    }

    @Test
    void aConditionLosesNoSignal() {
        RandomRun.repeat(mode, SEEDS, run -> {
            Condition condition = new Condition();
            Deque<Integer> items = new ArrayDeque<>();
            int[] balance = {0};
            Runnable produce = () -> run.startUncounted(coroutine(() -> {
                Held held = await(condition.hold());
                try (held) {
                    items.add(0);
                    balance[0]++;
                    condition.signal();
                }
                return Coroutine.done();
            }));
            Runnable consume = () -> run.start(
                    () -> coroutine(() -> {
                        Held held = await(condition.hold());
                        try (held) {
                            await(condition.waitFor(() -> !items.isEmpty()));
                            return Coroutine.of(items.remove());
                        }
                    }),
                    got -> balance[0]--);
            return new Scenario(List.of(produce, produce, consume, consume, consume, run::cancelOne), () -> {
                assertThat(condition.isLocked()).isFalse();
                assertThat(items).hasSize(balance[0]);
                if (run.waiting() > 0) {
                    assertThat(items).isEmpty();
                }
            });
        });
    }

    @Test
    void aBarrierLetsOnlyFullRoundsThrough() {
        RandomRun.repeat(mode, SEEDS, run -> {
            int parties = 1 + run.random(4);
            Barrier barrier = new Barrier(parties);
            Set<Integer> round = new HashSet<>();
            Runnable enter = () -> run.start(barrier::whenFull, number -> {
                if (number == parties - 1) { // who comes last goes first
                    round.clear();
                }
                assertThat(number).isBetween(0, parties - 1);
                assertThat(round.add(number)).isTrue();
            });
            return new Scenario(List.of(enter, enter, run::cancelOne), () -> {
                assertThat(run.waiting()).isLessThan(parties);
                assertThat(barrier.waiting()).isEqualTo(run.waiting());
            });
        });
    }

    @Test
    void aQueueGivesWhatWasPutInItsOrder() {
        queues(Queue::new, ArrayDeque::new);
    }

    @Test
    void aLifoQueueGivesWhatWasPutInItsOrder() {
        queues(LifoQueue::new, () -> Collections.asLifoQueue(new ArrayDeque<>()));
    }

    @Test
    void aPriorityQueueGivesWhatWasPutInItsOrder() {
        queues(PriorityQueue::new, java.util.PriorityQueue::new);
    }

    private void queues(IntFunction<Queue<Integer>> made, Supplier<java.util.Queue<Integer>> modelled) {
        RandomRun.repeat(mode, SEEDS, run -> {
            Queue<Integer> queue = made.apply(run.random(4));
            java.util.Queue<Integer> model = modelled.get();
            int[] last = {0};
            Runnable put = () -> {
                int item = (last[0]++ * 7) % 1000;
                run.start(() -> queue.put(item), done -> model.add(item));
            };
            Runnable get = () -> run.start(queue::get, item -> assertThat(item).isEqualTo(model.remove()));
            Runnable putAtOnce = () -> {
                if (!queue.isFull()) {
                    queue.putNowait(last[0]);
                    model.add(last[0]++);
                }
            };
            Runnable getAtOnce = () -> {
                if (!queue.isEmpty()) {
                    assertThat(queue.getNowait()).isEqualTo(model.remove());
                }
            };
            return new Scenario(
                    List.of(put, put, put, get, get, get, putAtOnce, getAtOnce, run::cancelOne, run::cancelOne), () -> {
                        assertThat(queue.size()).isEqualTo(model.size());
                        if (run.waiting() > 0) { // then all of them put or all of them get
                            assertThat(queue.isFull() || queue.isEmpty()).isTrue();
                            assertThat(queue.toString())
                                    .contains(run.waiting() + (queue.isEmpty() ? " getting" : " putting"));
                        }
                    });
        });
    }
}

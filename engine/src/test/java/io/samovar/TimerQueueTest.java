package io.samovar;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class TimerQueueTest {
    private final EventLoop loop =
            EventLoop.builder().transport(new NoTransport()).open();
    private final TimerQueue queue = loop.timers;

    private TimerHandle add(long when) {
        return loop.callAt(when, () -> {});
    }

    private List<Long> pollAllBefore(long end) {
        List<Long> deadlines = new ArrayList<>();
        for (@Nullable TimerHandle due = queue.pollBefore(end); due != null; due = queue.pollBefore(end)) {
            deadlines.add(due.when());
        }
        return deadlines;
    }

    @Test
    void timersComeOutByDeadlineWhateverTheOrderTheyWentIn() {
        Random random = new Random(42);
        List<Long> deadlines = new ArrayList<>();
        for (int i = 0; i < 10_000; i++) {
            long deadline = random.nextInt(5_000);
            deadlines.add(deadline);
            add(deadline);
        }
        deadlines.sort(null);
        assertThat(queue.nextDeadline()).isEqualTo(deadlines.get(0));
        assertThat(pollAllBefore(Long.MAX_VALUE)).isEqualTo(deadlines);
        assertThat(queue.size()).isZero();
        assertThat(queue.nextDeadline()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void onlyWhatIsDueComesOut() {
        add(10);
        add(20);
        assertThat(pollAllBefore(20)).containsExactly(10L);
        assertThat(queue.size()).isEqualTo(1);
    }

    @Test
    void cancelledTimersNeverComeOut() {
        Random random = new Random(7);
        List<Long> alive = new ArrayList<>();
        for (int i = 0; i < 5_000; i++) {
            TimerHandle timer = add(random.nextInt(1_000));
            if (random.nextBoolean()) {
                timer.cancel();
            } else {
                alive.add(timer.when());
            }
            if (i % 100 == 0) {
                queue.dropCancelled();
            }
        }
        alive.sort(null);
        assertThat(pollAllBefore(Long.MAX_VALUE)).isEqualTo(alive);
        assertThat(queue.cancelledCount()).isZero();
    }

    /** CPython's test__run_once_cancelled_event_cleanup, its figures included (L5). */
    @Test
    @Tag("L5")
    void cancelledTimersAreDroppedAtTheFrontOrWhenTheyAreMoreThanHalf() {
        add(3_000);
        for (int i = 0; i < 2; i++) {
            add(3_600).cancel();
            add(100).cancel();
        }
        queue.dropCancelled();
        assertThat(queue.size()).isEqualTo(3);
        assertThat(queue.cancelledCount()).isEqualTo(2);

        for (int i = 0; i < 51; i++) {
            add(3_600).cancel();
        }
        for (int i = 0; i < 49; i++) {
            add(3_600);
        }
        queue.dropCancelled();
        assertThat(queue.size()).isEqualTo(50);
        assertThat(queue.cancelledCount()).isZero();
        assertThat(pollAllBefore(Long.MAX_VALUE)).hasSize(50);
    }

    @Test
    void aMillionTimersThatAreCancelledLeaveNoPile() {
        for (int i = 0; i < 1_000_000; i++) {
            add(1_000_000 + i).cancel();
            queue.dropCancelled();
        }
        assertThat(queue.size()).isLessThanOrEqualTo(101);
    }

    @Test
    void cancellingAfterItCameOutCountsNothing() {
        TimerHandle timer = add(5);
        assertThat(queue.pollBefore(10)).isSameAs(timer);
        timer.cancel();
        assertThat(queue.cancelledCount()).isZero();
    }
}

package io.samovar;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Few and many timers, near and far, against a {@link PriorityQueue}. */
@Timeout(60)
class TimerQueueModelTest {
    /** About the numbers at which the wheel is made and given up. */
    private static final int[] SIZES = {0, 10, 1_000, 2_047, 2_048, 2_049, 10_000, 16_383, 16_384, 16_385, 20_000};

    private final EventLoop loop =
            EventLoop.builder().transport(new NoTransport()).open();
    private final TimerQueue queue = loop.timers;

    private final PriorityQueue<TimerHandle> model = new PriorityQueue<>(Comparator.comparingLong(TimerHandle::when));
    private final Set<TimerHandle> alive = Collections.newSetFromMap(new IdentityHashMap<>());
    private final List<TimerHandle> toCancel = new ArrayList<>();
    private long now;

    private void add(long when) {
        TimerHandle timer = loop.callAt(when, () -> {});
        model.add(timer);
        alive.add(timer);
        toCancel.add(timer);
    }

    private void cancel(TimerHandle timer) {
        alive.remove(timer);
        timer.cancel();
    }

    private void cancelAny(Random random) {
        int index = random.nextInt(toCancel.size());
        cancel(toCancel.get(index));
        toCancel.set(index, toCancel.get(toCancel.size() - 1));
        toCancel.remove(toCancel.size() - 1);
    }

    private @Nullable TimerHandle expected() {
        while (!model.isEmpty() && model.element().isCancelled()) {
            model.remove();
        }
        return model.peek();
    }

    /** What an iteration of the loop does with its timers. */
    private void iterate(long time) {
        queue.dropCancelled();
        @Nullable TimerHandle first = expected();
        assertThat(queue.nextDeadline()).isEqualTo(first == null ? Long.MAX_VALUE : first.when());
        checkCounts();
        assertThat(queue.cancelledCount()).isLessThanOrEqualTo(Math.max(100, queue.size() / 2));
        now = time;
        List<Long> due = new ArrayList<>();
        List<Long> expectedDue = new ArrayList<>();
        for (@Nullable TimerHandle timer = queue.pollBefore(time); timer != null; timer = queue.pollBefore(time)) {
            due.add(timer.when());
            assertThat(alive.remove(timer)).as("alive and not yet due").isTrue();
        }
        for (@Nullable TimerHandle timer = expected(); timer != null && timer.when() < time; timer = expected()) {
            expectedDue.add(timer.when());
            model.remove();
        }
        assertThat(due).isEqualTo(expectedDue);
        checkCounts();
    }

    private void checkCounts() {
        assertThat(queue.size() - queue.cancelledCount()).isEqualTo(alive.size());
    }

    private long anyDeadline(Random random) {
        return switch (random.nextInt(12)) {
            case 0 -> now - random.nextInt(1_000_000);
            case 1 -> random.nextLong();
            case 2 -> random.nextBoolean() ? Long.MAX_VALUE - random.nextInt(2) : Long.MIN_VALUE + random.nextInt(2);
            case 3 -> now + random.nextInt(3_000_000);
            case 4, 5 -> boundary(random, 22);
            case 6 -> boundary(random, 28);
            case 7 -> boundary(random, 34);
            case 8 -> boundary(random, 40);
            default -> later(random.nextLong() >>> (28 + random.nextInt(10))); // up to a minute
        };
    }

    /** On or beside one of the next instants whose last bits are zero. */
    private long boundary(Random random, int bits) {
        return later(((long) random.nextInt(40) << bits) - (now & (1L << bits) - 1) + random.nextInt(3) - 1);
    }

    private long later(long nanos) {
        return nanos > 0 && now > Long.MAX_VALUE - nanos ? Long.MAX_VALUE : now + nanos;
    }

    private long anyTime(Random random) {
        @Nullable TimerHandle first = expected();
        return switch (random.nextInt(8)) {
            case 0 -> later(TimeUnit.SECONDS.toNanos(random.nextInt(20)));
            case 1 -> boundary(random, 22);
            case 2, 3 -> first == null ? now : Math.max(now, first.when() + random.nextInt(2));
            default -> later(random.nextInt(5_000_000));
        };
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void itDoesWhatAPriorityQueueDoes(long seed) {
        Random random = new Random(seed);
        now = seed % 2 == 0 ? 0 : -(random.nextLong() >>> 8); // a clock before zero as well
        queue.pollBefore(now);
        int made = 0;
        int givenUp = 0;
        for (int phase = 0; phase < 40; phase++) {
            int target = SIZES[random.nextInt(SIZES.length)];
            int share = 20 + random.nextInt(70); // of those that are cancelled
            for (int round = 0; round < 60; round++) {
                boolean hadWheel = queue.hasWheel();
                changeSome(random, target, share);
                made += !hadWheel && queue.hasWheel() ? 1 : 0;
                hadWheel = queue.hasWheel();
                iterate(random.nextInt(3) == 0 ? anyTime(random) : now);
                givenUp += hadWheel && !queue.hasWheel() ? 1 : 0;
            }
            if (random.nextInt(4) == 0) {
                iterate(later(random.nextLong() >>> (4 + random.nextInt(20)))); // up to years
            }
        }
        assertThat(made).isPositive();
        assertThat(givenUp).isPositive();
        iterate(Long.MAX_VALUE);
        assertThat(queue.nextDeadline()).isEqualTo(Long.MAX_VALUE);
    }

    /** Goes some way to so many timers, and on the way cancels a share, more often than not the next ones. */
    private void changeSome(Random random, int target, int share) {
        int steps = 1 + random.nextInt(1 + Math.abs(target - alive.size()) / 4);
        for (int i = 0; i < steps; i++) {
            boolean mayCancel = !alive.isEmpty();
            if (alive.size() < target) {
                add(anyDeadline(random));
                mayCancel &= random.nextInt(100) < share / 2;
            }
            if (mayCancel) {
                cancelAny(random);
            }
        }
        for (int i = random.nextInt(4) == 0 ? random.nextInt(200) : 0; i > 0; i--) {
            @Nullable TimerHandle first = expected();
            if (first != null) {
                cancel(first);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {16_383, 16_384, 16_385})
    void theWheelIsMadeForMoreThan16384TimersAndGivenUpBelow2048(int count) {
        for (int i = 0; i < count; i++) {
            add(TimeUnit.MILLISECONDS.toNanos(i));
        }
        assertThat(queue.hasWheel()).isEqualTo(count > 16_384);
        iterate(TimeUnit.MILLISECONDS.toNanos(count - 2_048));
        iterate(now);
        assertThat(queue.size()).isEqualTo(2_048);
        assertThat(queue.hasWheel()).isEqualTo(count > 16_384);
        iterate(now + 1);
        iterate(now);
        assertThat(queue.size()).isEqualTo(2_047);
        assertThat(queue.hasWheel()).isFalse();
        iterate(Long.MAX_VALUE);
        assertThat(queue.size()).isZero();
    }

    @Test
    void aMillionTimersMayBeDueAtOneInstant() {
        int count = 1_000_000;
        for (int i = 0; i < count; i++) {
            loop.callAt(1_000_000_000, () -> {});
        }
        assertThat(queue.nextDeadline()).isEqualTo(1_000_000_000);
        assertThat(queue.pollBefore(1_000_000_000)).isNull();
        for (int i = 0; i < count; i++) {
            assertThat(queue.pollBefore(1_000_000_001)).isNotNull();
        }
        assertThat(queue.pollBefore(1_000_000_001)).isNull();
        assertThat(queue.size()).isZero();
    }

    /** A look at the whole slot for each would take minutes. */
    @Test
    void cancellingTheNextTimerOverAndOverStaysCheap() {
        List<TimerHandle> timers = new ArrayList<>();
        for (int i = 0; i < 300_000; i++) {
            timers.add(loop.callAt(TimeUnit.DAYS.toNanos(365) + i, () -> {}));
        }
        for (int i = 0; i < 299_000; i++) {
            timers.get(i).cancel();
            queue.dropCancelled();
            assertThat(queue.nextDeadline()).isEqualTo(timers.get(i + 1).when());
        }
        assertThat(queue.size()).isEqualTo(1_000);
    }

    @Test
    void timersThatAreClearedAwayAreNotCounted() {
        List<TimerHandle> timers = new ArrayList<>();
        for (int i = 0; i < 20_000; i++) {
            timers.add(loop.callAt(TimeUnit.SECONDS.toNanos(i), () -> {}));
        }
        timers.get(0).cancel();
        queue.clear();
        timers.forEach(TimerHandle::cancel);
        assertThat(queue.size()).isZero();
        assertThat(queue.cancelledCount()).isZero();
        assertThat(queue.hasWheel()).isFalse();
        assertThat(queue.nextDeadline()).isEqualTo(Long.MAX_VALUE);
    }
}

package io.samovar.tests.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.samovar.EventLoop;
import io.samovar.TimerHandle;
import io.samovar.testing.VirtualClock;
import io.samovar.tests.support.TransportTest;
import io.samovar.transport.TransportProvider;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Deadlines on real clocks and many of them. */
@Timeout(60)
class TimerTest {
    @TransportTest
    void timersAreNeverEarlyAndNeverSpin(TransportProvider provider) {
        int[] polls = new int[1];
        TransportProvider counted = new HookedTransport(provider, () -> polls[0]++);
        try (EventLoop loop = EventLoop.builder().transport(counted).open()) {
            for (Duration delay : List.of(Duration.ofNanos(10_000), Duration.ofNanos(500_000), Duration.ofMillis(20))) {
                for (int round = 0; round < 20; round++) {
                    polls[0] = 0;
                    long[] ranAt = new long[1];
                    TimerHandle timer = loop.callLater(delay, () -> {
                        ranAt[0] = loop.time();
                        loop.stop();
                    });
                    loop.runForever();
                    assertThat(ranAt[0]).as("%s", delay).isGreaterThanOrEqualTo(timer.when());
                    assertThat(polls[0]).as("iterations for %s", delay).isLessThanOrEqualTo(4);
                }
            }
        }
    }

    @Test
    void aMillionTimersAreLiveAtOnceAndRunInOrder() {
        VirtualClock clock = new VirtualClock();
        try (EventLoop loop = clock.openLoop()) {
            int count = 1_000_000;
            List<TimerHandle> timers = new ArrayList<>(count);
            int[] ran = {0};
            long[] last = {0};
            for (int i = 0; i < count; i++) {
                long when = 1 + (i * 7_919L) % count;
                timers.add(loop.callAt(when, () -> {
                    ran[0]++;
                    assertThat(loop.time()).isGreaterThanOrEqualTo(last[0]);
                    last[0] = loop.time();
                }));
            }
            for (int i = 0; i < count; i += 2) {
                timers.get(i).cancel();
            }
            loop.callAt(count + 1L, loop::stop);
            loop.runForever();
            assertThat(ran[0]).isEqualTo(count / 2);
        }
    }
}

package io.samovar.tests.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.samovar.EventLoop;
import io.samovar.TimerHandle;
import io.samovar.testing.VirtualClock;
import io.samovar.tests.support.TransportTest;
import io.samovar.transport.ListenOptions;
import io.samovar.transport.ListenSocket;
import io.samovar.transport.ReceiveBuffer;
import io.samovar.transport.StreamSocket;
import io.samovar.transport.Transport;
import io.samovar.transport.TransportContext;
import io.samovar.transport.TransportProvider;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Deadlines on real clocks and many of them. */
@Timeout(60)
class TimerTest {
    @TransportTest
    void timersAreNeverEarlyAndNeverSpin(TransportProvider provider) {
        CountingProvider counting = new CountingProvider(provider);
        try (EventLoop loop = EventLoop.builder().transport(counting).open()) {
            for (Duration delay : List.of(Duration.ofNanos(10_000), Duration.ofNanos(500_000), Duration.ofMillis(20))) {
                for (int round = 0; round < 20; round++) {
                    counting.polls = 0;
                    long[] ranAt = new long[1];
                    TimerHandle timer = loop.callLater(delay, () -> {
                        ranAt[0] = loop.time();
                        loop.stop();
                    });
                    loop.runForever();
                    assertThat(ranAt[0]).as("%s", delay).isGreaterThanOrEqualTo(timer.when());
                    assertThat(counting.polls).as("iterations for %s", delay).isLessThanOrEqualTo(4);
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

    /** Counts the polls of a real transport. */
    private static final class CountingProvider implements TransportProvider {
        private final TransportProvider provider;
        int polls;

        CountingProvider(TransportProvider provider) {
            this.provider = provider;
        }

        @Override
        public String name() {
            return provider.name();
        }

        @Override
        public int priority() {
            return provider.priority();
        }

        @Override
        public @Nullable Throwable unavailabilityCause() {
            return provider.unavailabilityCause();
        }

        @Override
        public Transport open(TransportContext context) {
            Transport transport = provider.open(context);
            return new Transport() {
                @Override
                public String name() {
                    return transport.name();
                }

                @Override
                public void poll(long timeoutNanos) {
                    polls++;
                    transport.poll(timeoutNanos);
                }

                @Override
                public void wakeup() {
                    transport.wakeup();
                }

                @Override
                public ReceiveBuffer receiveBuffer() {
                    return transport.receiveBuffer();
                }

                @Override
                public StreamSocket stream() {
                    return transport.stream();
                }

                @Override
                public ListenSocket listen(ListenOptions options) {
                    return transport.listen(options);
                }

                @Override
                public void close() {
                    transport.close();
                }
            };
        }
    }
}

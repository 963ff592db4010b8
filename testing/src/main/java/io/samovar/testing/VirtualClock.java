package io.samovar.testing;

import io.samovar.EventLoop;
import io.samovar.LoopClock;
import io.samovar.transport.ListenOptions;
import io.samovar.transport.ListenSocket;
import io.samovar.transport.ReceiveBuffer;
import io.samovar.transport.StreamSocket;
import io.samovar.transport.Transport;
import io.samovar.transport.TransportContext;
import io.samovar.transport.TransportProvider;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/**
 * Time that stands still while anything can run, and jumps to the next deadline when nothing can.
 *
 * <pre>{@code
 * VirtualClock clock = new VirtualClock();
 * try (EventLoop loop = clock.openLoop()) {
 *     loop.callLater(Duration.ofDays(1), loop::stop);
 *     loop.runForever();                                   // takes no time at all
 *     assertThat(clock.elapsed()).isEqualTo(Duration.ofDays(1));
 * }
 * }</pre>
 *
 * <p>The loop has no sockets. When it has neither anything to run nor a deadline it waits for {@link EventLoop#execute}
 * from another thread, in real time. A clock serves one loop, on that loop's thread. asyncio: the {@code TestLoop} of its
 * own tests; tokio: {@code start_paused}; trio: {@code autojump_clock}.
 */
public final class VirtualClock implements LoopClock {
    private long now;

    /** A clock that stands at zero. */
    public VirtualClock() {}

    @Override
    public long nanoTime() {
        return now;
    }

    /** How far the clock has come since it was made. */
    public Duration elapsed() {
        return Duration.ofNanos(now);
    }

    /**
     * Moves the time on, as if something had taken that long. Timers that become due run in the loop's next iteration.
     *
     * @throws IllegalArgumentException if the duration is negative
     */
    public void advance(Duration duration) {
        if (duration.isNegative()) {
            throw new IllegalArgumentException("time does not go back: " + duration);
        }
        now += duration.toNanos();
    }

    /** Opens a loop that goes by this clock. */
    public EventLoop openLoop() {
        return builder().open();
    }

    /** A builder for a loop that goes by this clock. */
    public EventLoop.Builder builder() {
        return EventLoop.builder().clock(this).transport(new Provider());
    }

    /** Makes the transport without sockets. */
    private final class Provider implements TransportProvider {
        @Override
        public String name() {
            return "virtual";
        }

        @Override
        public int priority() {
            return -1;
        }

        @Override
        public @Nullable Throwable unavailabilityCause() {
            return null;
        }

        @Override
        public Transport open(TransportContext context) {
            return new VirtualTransport(context);
        }
    }

    /** Waits by moving the clock. */
    private final class VirtualTransport implements Transport {
        private final TransportContext context;
        private final Semaphore wakeups = new Semaphore(0);

        VirtualTransport(TransportContext context) {
            this.context = context;
        }

        @Override
        public String name() {
            return "virtual";
        }

        @Override
        public void poll(long timeoutNanos) {
            wakeups.drainPermits();
            if (context.hasWork()) {
                return;
            }
            if (timeoutNanos > 0) {
                now += timeoutNanos;
            } else if (timeoutNanos < 0) {
                wakeups.acquireUninterruptibly();
            }
        }

        @Override
        public void wakeup() {
            wakeups.release();
        }

        @Override
        public ReceiveBuffer receiveBuffer() {
            throw noSockets();
        }

        @Override
        public StreamSocket stream() {
            throw noSockets();
        }

        @Override
        public ListenSocket listen(ListenOptions options) {
            throw noSockets();
        }

        @Override
        public void close() {}

        private UnsupportedOperationException noSockets() {
            return new UnsupportedOperationException("a loop on virtual time has no sockets: use EventLoop.open()");
        }
    }
}

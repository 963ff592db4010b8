package io.samovar.testing;

import static io.samovar.Async.await;

import io.samovar.Async;
import io.samovar.Awaitable;
import io.samovar.Coroutine;
import io.samovar.EventLoop;
import io.samovar.LoopClock;
import io.samovar.transport.Transport;
import io.samovar.transport.TransportContext;
import io.samovar.transport.TransportProvider;
import java.time.Duration;
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
 * <p>A test that wants to look at what happens in between moves the time itself, with {@code await(clock.advance(...))}. On
 * a clock made by {@link #manual()} time moves in no other way.
 *
 * <p>The loop's sockets are those of a simulated {@link #network()}: servers and clients of one loop talk in memory, on
 * virtual time, and the same way in each run. When the loop has neither anything to run nor a deadline it waits for {@link
 * EventLoop#execute} from another thread, in real time; work of other threads does not hold the time up, so a deadline may
 * pass before they are done. A clock serves one loop, on that loop's thread. asyncio: the {@code TestLoop} of its own tests;
 * tokio: {@code start_paused}; trio: {@code MockClock}.
 */
public final class VirtualClock implements LoopClock {
    private final VirtualNetwork network = new VirtualNetwork(this);
    private long now;
    /** How far time may move by itself. */
    private long horizon;
    /** The transport of the loop that goes by this clock, once there is one. */
    private @Nullable VirtualTransport transport;

    /** A clock that stands at zero, and jumps to the next deadline whenever nothing can run. */
    public VirtualClock() {
        this(Long.MAX_VALUE);
    }

    private VirtualClock(long horizon) {
        this.horizon = horizon;
    }

    /** A clock that stands at zero, and moves only by {@link #advance} and {@link #jump}. */
    public static VirtualClock manual() {
        return new VirtualClock(0);
    }

    @Override
    public long nanoTime() {
        return now;
    }

    /** How far the clock has come since it was made. */
    public Duration elapsed() {
        return Duration.ofNanos(now);
    }

    /** Whether time moves only by {@link #advance} and {@link #jump}. */
    public boolean isManual() {
        return horizon != Long.MAX_VALUE;
    }

    /**
     * Lets time pass for the others while the caller waits: every deadline on the way is met at its own time, in order.
     *
     * <pre>{@code
     * Task<String> call = Async.createTask(retrying(() -> failing()));
     * await(clock.advance(Duration.ofSeconds(61)));
     * assertThat(call.exception()).isInstanceOf(AsyncTimeoutException.class);
     * }</pre>
     *
     * <p>Kotlin: {@code advanceTimeBy} with {@code runCurrent}.
     *
     * @return a coroutine that ends when the time has come and {@linkplain #waitUntilBlocked() every other task waits}; it
     *     fails with {@link IllegalStateException} on a loop that this clock has not opened
     * @throws IllegalArgumentException if the duration is negative
     */
    public Coroutine<@Nullable Void> advance(Duration duration) {
        return pass(duration, positiveNanos(duration));
    }

    private Coroutine<@Nullable Void> pass(Duration duration, long nanos) {
        checkLoop();
        if (isManual()) {
            horizon = Math.max(horizon, now + nanos);
        }
        await(Async.sleep(duration));
        await(waitUntilBlocked());
        return Coroutine.done();
    }

    /**
     * Waits until every other task waits and nothing is ready; no time passes. What was started before has then come as far as
     * it comes by itself.
     *
     * <p>Work of other threads is not waited for. trio: {@code wait_all_tasks_blocked}.
     *
     * @throws IllegalStateException if the loop that is running was not opened by this clock
     */
    public Awaitable<@Nullable Void> waitUntilBlocked() {
        return new UntilBlocked(checkLoop());
    }

    /**
     * Moves the time on at once, as if something had held the loop up that long. Timers that become due run in the loop's next
     * iteration, all of them then. trio: {@code MockClock.jump}.
     *
     * @throws IllegalArgumentException if the duration is negative
     */
    public void jump(Duration duration) {
        moveTo(now + positiveNanos(duration));
    }

    private static long positiveNanos(Duration duration) {
        if (duration.isNegative()) {
            throw new IllegalArgumentException("time does not go back: " + duration);
        }
        return duration.toNanos();
    }

    /** The network of the loop that goes by this clock. */
    public VirtualNetwork network() {
        return network;
    }

    /** Opens a loop that goes by this clock. */
    public EventLoop openLoop() {
        return builder().open();
    }

    /** A builder for a loop that goes by this clock. */
    public EventLoop.Builder builder() {
        return EventLoop.builder().clock(this).transport(provider());
    }

    TransportProvider provider() {
        return new Provider();
    }

    /** Whether time may move by itself to this point. */
    boolean mayReach(long time) {
        return time <= horizon;
    }

    void moveTo(long time) {
        assert time >= now;
        now = time;
        if (isManual()) {
            horizon = Math.max(horizon, time);
        }
    }

    /** The transport of this clock's loop. */
    VirtualTransport transport() {
        if (transport == null) {
            throw new IllegalStateException(
                    "no loop goes by this clock yet: open it with openLoop() or builder() of the clock");
        }
        return transport;
    }

    private VirtualTransport checkLoop() {
        VirtualTransport ours = transport;
        if (ours == null || ours.isClosed() || EventLoop.current().transport().unwrap(VirtualTransport.class) != ours) {
            throw new IllegalStateException("the loop that is running does not go by this clock:"
                    + " open it with openLoop() or builder() of the clock");
        }
        return ours;
    }

    /** Makes the transport. */
    private final class Provider implements TransportProvider {
        @Override
        public String name() {
            return VirtualTransport.NAME;
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
            VirtualTransport opened = new VirtualTransport(VirtualClock.this, context);
            transport = opened;
            return opened;
        }
    }
}

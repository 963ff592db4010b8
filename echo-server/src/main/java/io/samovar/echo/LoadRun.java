package io.samovar.echo;

import static io.samovar.Async.await;

import io.samovar.Awaitable;
import io.samovar.Coroutine;
import io.samovar.EventLoop;
import io.samovar.Future;
import io.samovar.Promise;
import io.samovar.TimerHandle;
import io.samovar.net.TcpStream;
import java.net.InetSocketAddress;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * One run of the load generator: makes the connections, keeps them busy, measures for a while, and lets what is in flight
 * come back.
 *
 * <p>A connection that fails is counted, and the others go on; the run ends early when none is left. If the connections
 * cannot be made the run fails. It always ends by itself: a server that answers nothing more for {@value #PATIENCE} seconds
 * at the end is given up.
 *
 * <p>Everything here belongs to the loop's thread.
 */
final class LoadRun {
    /** Seconds without a byte after which the last answers are given up. */
    private static final int PATIENCE = 5;

    private final EventLoop loop = EventLoop.current();
    private final LoadPlan plan;
    private final InetSocketAddress server;
    private final LoadListener listener;
    private final Dialer dialer;
    private final Pattern pattern = new Pattern();
    private final LoadTally tally = new LoadTally();

    private LoadPhase phase = LoadPhase.CONNECTING;
    /** Completed when a phase other than the first is over. */
    private Promise<LoadPhase> over = loop.createFuture();

    /** Ends the phase; {@code null} if something else does. */
    private @Nullable TimerHandle timer;

    private @Nullable TimerHandle ticker;
    /** Connections whose task has not ended. */
    private int active;

    private boolean interrupted;
    private boolean cut;

    /** How it was a second ago. */
    private long answersThen;

    private long bytesThen;
    private long then;
    private int silentSeconds;

    /**
     * @param server where to connect
     * @param listener told how it goes on
     */
    LoadRun(LoadPlan plan, InetSocketAddress server, LoadListener listener) {
        this.plan = plan;
        this.server = server;
        this.listener = listener;
        dialer = new Dialer(server, plan.connections());
    }

    /** The run, from the first connection to the last answer; once. */
    Coroutine<LoadResult> run() {
        for (LoadPhase next : LoadPhase.values()) {
            await(enter(next));
        }
        return Coroutine.of(end());
    }

    /** Ends the run early, without waiting for answers; what was measured is still the result. */
    void interrupt() {
        interrupted = true;
        cut();
    }

    /** Whether connections shall send the next message when one has come back. */
    boolean isSending() {
        return phase != LoadPhase.FINISHING;
    }

    /** Whether the streams were closed on our side with answers missing. */
    boolean isCut() {
        return cut;
    }

    LoadPlan plan() {
        return plan;
    }

    Pattern pattern() {
        return pattern;
    }

    LoadTally tally() {
        return tally;
    }

    // ---- phases

    /** Begins a phase, and gives what is done when it is over. */
    private Awaitable<?> enter(LoadPhase next) {
        if (cut || dialer.failure() != null) {
            cut(); // those too that were connected meanwhile
        }
        phase = next;
        over = loop.createFuture();
        if (cut && next != LoadPhase.FINISHING) {
            endPhase(); // nothing is left to warm up or to measure
            return over;
        }
        listener.entered(next);
        switch (next) {
            case CONNECTING -> {
                tick();
                return dialer.dial();
            }
            case WARMING_UP -> begin();
            case MEASURING -> measure();
            case FINISHING -> finish();
        }
        return over;
    }

    private void begin() {
        for (TcpStream stream : dialer.streams()) {
            LoadConnection connection = new LoadConnection(active++, stream, this);
            loop.createTask(connection.talk()).addDoneCallback(this::ended);
        }
        timer = loop.callLater(plan.warmup(), this::endPhase);
    }

    private void measure() {
        if (active == 0) {
            endPhase();
            return;
        }
        tally.begin();
        timer = loop.callLater(plan.duration(), this::endPhase);
    }

    private void finish() {
        tally.end();
        if (active == 0) {
            endPhase();
        }
    }

    private LoadResult end() {
        if (ticker != null) {
            ticker.cancel();
        }
        pattern.close();
        listener.over();
        if (dialer.failure() != null && !interrupted) {
            throw dialer.failure();
        }
        return tally.result(plan, loop.transport().name(), Addresses.text(server), interrupted);
    }

    private void endPhase() {
        if (timer != null) {
            timer.cancel();
            timer = null;
        }
        if (!over.isDone()) {
            over.setResult(phase);
        }
    }

    /** Ends everything at once. */
    private void cut() {
        cut = true;
        dialer.stop();
        dialer.streams().forEach(TcpStream::abort); // their readers see the end of the stream
        if (phase != LoadPhase.FINISHING) {
            endPhase();
        }
    }

    private void ended(Future<?> connection) {
        active--;
        Throwable failure = connection.exception();
        if (failure != null) {
            tally.failed(failure);
        }
        if (active == 0) {
            endPhase(); // nobody is left
        }
    }

    // ---- once a second

    private void tick() {
        long now = loop.time();
        if (ticker != null) {
            listener.second(phase, (tally.answers() - answersThen) * 1e9 / (now - then));
            boolean silent = phase == LoadPhase.FINISHING && tally.verifiedBytes() == bytesThen;
            silentSeconds = silent ? silentSeconds + 1 : 0;
            if (silentSeconds == PATIENCE) {
                tally.gaveUp(active, PATIENCE);
                cut();
            }
        }
        answersThen = tally.answers();
        bytesThen = tally.verifiedBytes();
        then = now;
        ticker = loop.callLater(Duration.ofSeconds(1), this::tick);
    }
}

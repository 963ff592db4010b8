package io.samovar.testing;

import static io.samovar.Async.await;

import io.samovar.Async;
import io.samovar.Coroutine;
import io.samovar.EventLoop;
import io.samovar.LoopFailure;
import io.samovar.Task;
import io.samovar.transport.TransportProvider;
import io.samovar.transport.Transports;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The loop of one test: runs its coroutine within a time limit, and fails it if something is left over at the end.
 *
 * <p>{@link SamovarExtension} makes one for each JUnit test. With any other framework, or none:
 *
 * <pre>{@code
 * try (TestLoop test = TestLoop.virtual()) {
 *     test.run(() -> {
 *         await(Async.sleep(Duration.ofDays(1)));          // takes no time at all
 *         return Coroutine.done();
 *     });
 * }
 * }</pre>
 *
 * <p>{@link #close()} waits until what is under way has come to rest, and then throws an {@link AssertionError} that names
 * each task that is not done and where it stands, each stream and server that is open and who opened it, and each failure
 * that nobody took. Belongs to the thread that made it. asyncio: {@code IsolatedAsyncioTestCase}, which checks none of that;
 * Kotlin: {@code runTest}.
 */
public final class TestLoop implements AutoCloseable {
    private static final Duration TIME_LIMIT = Duration.ofSeconds(10);

    /** How long a real transport's sockets and tasks get to end at the end, in all. */
    private static final Duration REAL_GRACE = Duration.ofMillis(500);

    /** How much real time that may take if a task keeps the loop busy. */
    private static final Duration QUIET_LIMIT = Duration.ofSeconds(2);

    /** Gives the loop of the test that runs in this thread, opened when it is first asked for. */
    private static final ThreadLocal<@Nullable Supplier<TestLoop>> CURRENT = new ThreadLocal<>();

    private final @Nullable VirtualClock clock;
    private final OpenSockets sockets = new OpenSockets();
    private final List<LoopFailure> failures = new ArrayList<>();
    private final List<StreamPair> pairs = new ArrayList<>();
    private final Set<Check> checks = EnumSet.allOf(Check.class);
    private final EventLoop loop;
    private Duration timeLimit = TIME_LIMIT;
    private boolean closed;

    private TestLoop(@Nullable VirtualClock clock, TransportProvider transport) {
        this.clock = clock;
        EventLoop.Builder builder = EventLoop.builder()
                .transport(new WatchedTransport.Provider(transport, sockets))
                .exceptionHandler((reporting, failure) -> failures.add(failure));
        this.loop = clock == null ? builder.open() : builder.clock(clock).open();
    }

    /** A loop on virtual time, with sockets in memory. */
    public static TestLoop virtual() {
        return virtual(new VirtualClock());
    }

    /** A loop that goes by this clock, which may be {@linkplain VirtualClock#manual() manual}. */
    public static TestLoop virtual(VirtualClock clock) {
        return new TestLoop(clock, clock.provider());
    }

    /** A loop on the transport that {@link Transports#select()} picks. */
    public static TestLoop real() {
        return new TestLoop(null, Transports.select());
    }

    /** A loop on the transport with this name. */
    public static TestLoop real(String transport) {
        return new TestLoop(null, Transports.select(transport));
    }

    /**
     * Runs a coroutine on the loop of the test that runs in this thread; what a test method with {@link SamovarExtension}
     * consists of.
     *
     * <pre>{@code
     * @Test
     * void kettleWhistles(VirtualClock clock) {
     *     runTest(() -> {
     *         assertThat(await(Kettle.boil())).isEqualTo("hot");
     *         assertThat(clock.elapsed()).isEqualTo(Duration.ofMinutes(3));
     *         return Coroutine.done();
     *     });
     * }
     * }</pre>
     *
     * <p>In a thread where no test has a loop, on a {@linkplain #virtual() virtual} one of its own, which is checked at the end.
     *
     * @return the coroutine's result; its failure is thrown as it is
     * @throws AssertionError if it takes longer than the {@linkplain TimeLimit time limit}
     */
    public static <T extends @Nullable Object> T runTest(Callable<? extends Coroutine<? extends T>> main) {
        Supplier<TestLoop> current = CURRENT.get();
        if (current != null) {
            return current.get().run(main);
        }
        try (TestLoop own = virtual()) {
            return own.run(main);
        }
    }

    /** Says which loop {@link #runTest} takes in this thread; none if {@code test} is {@code null}. */
    static void setCurrent(@Nullable Supplier<TestLoop> test) {
        if (test == null) {
            CURRENT.remove();
        } else {
            CURRENT.set(test);
        }
    }

    /** Sets how much real time each {@link #run} may take; 10 seconds by default. */
    public TestLoop timeLimit(Duration limit) {
        timeLimit = limit;
        return this;
    }

    /** Leaves a check out at the end. */
    public TestLoop skip(Check check) {
        checks.remove(check);
        return this;
    }

    /** The loop. */
    public EventLoop loop() {
        return loop;
    }

    /** Whether the loop is on virtual time. */
    public boolean isVirtual() {
        return clock != null;
    }

    /**
     * The clock that the loop goes by.
     *
     * @throws IllegalStateException if the loop is on a real transport
     */
    public VirtualClock clock() {
        if (clock == null) {
            throw new IllegalStateException(
                    "this loop goes by the machine's clock: take TestLoop.virtual(), or in JUnit" + " @OnTransport(\""
                            + OnTransport.VIRTUAL + "\")");
        }
        return clock;
    }

    /**
     * The network that the loop's sockets are on.
     *
     * @throws IllegalStateException if the loop is on a real transport
     */
    public VirtualNetwork network() {
        return clock().network();
    }

    /**
     * Two streams that are connected with each other; closed with this loop.
     *
     * @throws IllegalStateException if the loop is on a real transport
     */
    public StreamPair streams() {
        StreamPair pair = network().pair(loop);
        pairs.add(pair);
        return pair;
    }

    /** Takes what was reported to the loop's exception handler so far, so that it does not fail the test. */
    public List<LoopFailure> takeFailures() {
        List<LoopFailure> taken = List.copyOf(failures);
        failures.clear();
        return taken;
    }

    /**
     * Runs a coroutine on the loop.
     *
     * @return its result; its failure is thrown as it is
     * @throws AssertionError if it takes longer than the time limit; the message tells where every task stands
     */
    public <T extends @Nullable Object> T run(Callable<? extends Coroutine<? extends T>> main) {
        checkThread();
        Task<T> task = loop.createTask(TestLoop.<T>call(main));
        try (TestWatchdog watchdog =
                new TestWatchdog(loop, timeLimit, () -> TestReport.tooLong(this, clock, timeLimit))) {
            T result;
            try {
                result = loop.runUntilComplete(task);
            } catch (Throwable failure) {
                watchdog.throwIfTooLate(failure);
                throw failure;
            }
            watchdog.throwIfTooLate(null);
            return result;
        } finally {
            end(task);
        }
    }

    /** Sees to it that a task which was stopped is not found among those that were left over. */
    private void end(Task<?> task) {
        if (task.isDone()) {
            return;
        }
        task.cancel("the test took too long");
        TestWatchdog watchdog = new TestWatchdog(loop, QUIET_LIMIT, () -> "");
        try {
            loop.runUntilComplete(task);
        } catch (Throwable over) {
            // of this task enough was said
        } finally {
            watchdog.close();
        }
    }

    /** Makes the coroutine on the loop, inside the task that runs it. */
    private static <T extends @Nullable Object> Coroutine<? extends T> call(
            Callable<? extends Coroutine<? extends T>> main) {
        await(Coroutine.done()); // without any await this were no coroutine, and would call at once
        Coroutine<? extends T> made;
        try {
            made = main.call();
        } catch (Exception failure) {
            throw TestLoop.<RuntimeException>sneaky(failure);
        }
        return made;
    }

    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"}) // no cast is made, so a checked exception passes
    private static <E extends Throwable> E sneaky(Throwable failure) throws E {
        throw (E) failure;
    }

    /**
     * Closes the loop, after what is under way has come to rest and what is left has been cancelled.
     *
     * @throws AssertionError if a {@link Check} fails; the message names each culprit
     */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        checkThread();
        TestReport report = new TestReport();
        if (!loop.isClosed()) {
            pairs.forEach(StreamPair::close);
            settle();
            report.leakedTasks(checks, loop.allTasks());
            if (!loop.allTasks().isEmpty()) {
                runQuietly(this::cancelTasks);
            }
            report.unclosedSockets(checks, sockets.descriptions());
            int before = failures.size();
            loop.close();
            // Of tasks that even their cancellation did not end was told above.
            failures.subList(before, failures.size()).removeIf(failure -> failure.exception() == null);
        }
        report.unhandledErrors(checks, failures);
        report.throwIfAny();
    }

    private void checkThread() {
        if (!loop.isLoopThread()) {
            throw new IllegalStateException(
                    "the loop of a test belongs to the thread that opened it, and this is another one, as"
                            + " with JUnit's @Timeout(threadMode = SEPARATE_THREAD): use @TimeLimit");
        }
    }

    /** Lets connections end that are being closed, and tasks that end with them. */
    private void settle() {
        if (clock != null) {
            runQuietly(() -> settleVirtual(clock));
        } else if (!loop.allTasks().isEmpty() || !sockets.isEmpty()) {
            runQuietly(this::settleReal);
        }
    }

    private Coroutine<@Nullable Void> settleReal() {
        long end = loop.time() + REAL_GRACE.toNanos();
        while ((loop.allTasks().size() > 1 || !sockets.isEmpty()) && loop.time() < end) {
            await(Async.sleep(Duration.ofMillis(1)));
        }
        return Coroutine.done();
    }

    /** Time passes only for what is under way on the network. */
    private static Coroutine<@Nullable Void> settleVirtual(VirtualClock clock) {
        await(clock.waitUntilBlocked());
        VirtualNetwork network = clock.network();
        for (int round = 0; network.isBusy() && round < 1_000; round++) { // two peers may talk for ever
            clock.jump(Duration.ofNanos(Math.max(0, network.nextArrival() - clock.nanoTime())));
            await(clock.waitUntilBlocked());
        }
        return Coroutine.done();
    }

    /** Cancels every task but the one that runs this, and waits for them. */
    private Coroutine<@Nullable Void> cancelTasks() {
        Task<?> mine = loop.currentTask();
        Set<Task<?>> cancelled = new HashSet<>(); // once each: what they do to clean up is left alone
        Duration pause = Duration.ofMillis(1);
        // Each pause is twice as long as the one before: in all half a second of real time, or a quarter of a virtual
        // hour.
        for (int round = 0; loop.allTasks().size() > 1 && round < (clock == null ? 9 : 20); round++) {
            for (Task<?> task : loop.allTasks()) {
                if (task != mine && cancelled.add(task)) {
                    task.cancel("the test is over");
                }
            }
            await(clock == null ? Async.sleep(pause) : clock.advance(pause));
            pause = pause.multipliedBy(2);
        }
        return Coroutine.done();
    }

    /** Runs what ends a test; if that fails the checks will tell. */
    private void runQuietly(Callable<Coroutine<@Nullable Void>> ending) {
        Task<@Nullable Void> task = loop.createTask(TestLoop.<@Nullable Void>call(ending));
        TestWatchdog watchdog = new TestWatchdog(loop, QUIET_LIMIT, () -> "");
        try {
            loop.runUntilComplete(task);
        } catch (IllegalStateException stopped) {
            // by the watchdog, or by a stop() that the program had left behind
        } finally {
            watchdog.close();
            end(task);
        }
    }
}

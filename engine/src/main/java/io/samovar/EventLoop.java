package io.samovar;

import io.netty.util.concurrent.FastThreadLocal;
import io.netty.util.concurrent.FastThreadLocalThread;
import io.samovar.transport.Transport;
import io.samovar.transport.TransportContext;
import io.samovar.transport.TransportProvider;
import io.samovar.transport.Transports;
import java.nio.channels.SelectableChannel;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jctools.queues.atomic.MpscUnboundedAtomicArrayQueue;
import org.jspecify.annotations.Nullable;

/**
 * One thread that runs callbacks, timers and tasks, and waits for sockets when there is nothing to run.
 *
 * <p>A loop is opened, run on one thread and closed. Until it first runs it belongs to the thread that opened it; the
 * thread that first runs it, or first opens a socket on it, keeps it. Everything on a loop belongs to that thread, but for
 * {@link #execute}, {@link #callSoonThreadsafe}, {@link #submit}, {@link #isClosed} and {@link #isRunning}, which any thread may
 * call: what happened before {@code execute} in the calling thread happens before the callback.
 *
 * <p>One iteration, as in asyncio: drop cancelled timers; poll the transport, without waiting if anything is ready; move
 * the timers that are due to the ready queue, behind what the sockets woke; take over what other threads posted; run
 * exactly what is ready now. What that schedules waits for the next iteration, so sockets cannot starve.
 *
 * <pre>{@code
 * try (EventLoop loop = EventLoop.open()) {
 *     loop.callLater(Duration.ofSeconds(1), () -> {
 *         System.out.println("whistle");
 *         loop.stop();
 *     });
 *     loop.runForever();
 * }
 * }</pre>
 *
 * <p>Most programs never see it: {@link Async#run} opens, runs and closes one. asyncio: {@code BaseEventLoop}.
 */
public final class EventLoop implements Executor, AutoCloseable {
    static final System.Logger LOG = System.getLogger("io.samovar");

    private static final FastThreadLocal<@Nullable EventLoop> CURRENT = new FastThreadLocal<>();

    /** I/O awaits that one step of a task may do without standing aside. tokio: 128. */
    private static final int BUDGET = 128;

    /** The longest single wait, so that no transport has to take an endless timeout for a number. asyncio: 24 h. */
    private static final long MAX_WAIT_NANOS = Duration.ofDays(1).toNanos();

    /** What other threads posted that one iteration takes over at most; the rest waits for the next. */
    private static final int POSTED_BATCH = 4096;

    /** Tasks that are named when the loop is closed before they are done. */
    private static final int MAX_PENDING_REPORTED = 10;

    /**
     * As long as tasks wake each other, the transport is asked only after so many of them have run: asking is a system call, which
     * takes ten times as long as a step. tokio: event_interval.
     */
    private static final int POLL_EVERY = 64;

    final TimerQueue timers = new TimerQueue();
    final TaskList tasks = new TaskList();
    final GatherCancel gatherCancel = new GatherCancel();
    final Generators generators = new Generators(this);
    /** Failures that nobody has looked at yet. */
    final Set<Failure> unretrieved = ConcurrentHashMap.newKeySet();
    /**
     * What the frame that is resumed finds at its await, one of the two; empty but for the moment between giving and taking.
     * Kept here and not in the task, so that a suspended task is small.
     */
    @Nullable
    Object handedValue;

    @Nullable
    Throwable handedError;
    /** Set by {@link Frame#tail} until the caller's loop picks it up. */
    @Nullable
    Awaitable<?> tail;
    /** What is left of {@link #BUDGET} in the step of the current task. */
    int budget;
    /** The steps that the current one is nested in, see {@link EagerStart}, and the depth of its outermost frame. */
    int nested;

    int depth;
    /**
     * The context of the callback or step that runs now; {@code null} if it is empty, and between callbacks. A step's is the task's
     * own.
     */
    @Nullable
    Context context = Context.OUTSIDE;

    /** What was handed to other threads and what is not done, so that closing the loop leaves nobody waiting. */
    final Set<CompletableFuture<?>> outgoing = ConcurrentHashMap.newKeySet();

    private final ReadyQueue ready = new ReadyQueue();
    private final BeforePoll beforePoll = new BeforePoll(this);
    private final MpscUnboundedAtomicArrayQueue<Handle> posted = new MpscUnboundedAtomicArrayQueue<>(1024);

    private final LoopClock clock;
    private final long origin;
    private final Transport transport;
    private ExceptionHandler exceptionHandler;
    private TaskFactory taskFactory = TaskFactory.LAZY;

    /** Written before the loop is handed to another thread, or by the thread that takes it over. */
    private volatile Thread thread = Thread.currentThread();

    private volatile boolean running;
    private volatile boolean closed;
    private boolean bound;
    private boolean stopping;
    /** The sockets' listeners run; nothing of the user's may. */
    private boolean polling;
    /** Callbacks and steps since the transport was polled. */
    private int runSincePoll;

    /** The task whose step this is, or was the last before this. */
    private @Nullable Task<?> currentTask;

    private boolean inTask;
    /** {@code null} until it is used. */
    private @Nullable DefaultExecutor defaultExecutor;
    /** {@code null} until it is used. */
    private @Nullable LoopSignals signals;
    /** {@code null} until it is used. */
    private @Nullable Watches watches;

    private @Nullable VirtualMachineError fatalInListener;

    /** {@code null} if it is off. */
    private final @Nullable Watchdog watchdog;

    /** {@code null} unless in debug mode. */
    private @Nullable DebugMode debugMode;

    private Duration slowCallbackDuration = DebugMode.SLOW;

    private EventLoop(Builder builder) {
        watchdog = Watchdog.of(this, builder.blockedAfter, builder.blockedLoopHandler);
        clock = builder.clock;
        exceptionHandler = builder.exceptionHandler;
        origin = clock.nanoTime();
        TransportProvider provider = builder.transport == null ? Transports.select() : builder.transport;
        transport = provider.open(new ForTransport());
        if (builder.debug) {
            debugMode = new DebugMode(this);
        }
    }

    /**
     * Opens a loop on the transport that {@link Transports#select()} picks.
     *
     * @throws io.samovar.transport.TransportUnavailableException if none can be used, or not the one asked for
     */
    public static EventLoop open() {
        return builder().open();
    }

    /** Opens a loop on the transport with this name. */
    public static EventLoop open(String transport) {
        return builder().transport(transport).open();
    }

    /** A builder for a loop with a transport, clock or exception handler of your choice. */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * The loop that is running in this thread. asyncio: {@code get_running_loop}.
     *
     * @throws IllegalStateException if there is none
     */
    public static EventLoop current() {
        EventLoop loop = running();
        if (loop == null) {
            throw new IllegalStateException("no event loop is running in thread "
                    + Thread.currentThread().getName() + ": call this from a coroutine or a callback of a loop");
        }
        return loop;
    }

    /** {@link #current()}, or {@code null}. */
    static @Nullable EventLoop running() {
        return CURRENT.getIfExists();
    }

    /**
     * Has {@code callback} run in the next iteration, after what was scheduled before, in a copy of the {@link Context} of what
     * runs now.
     */
    public Handle callSoon(Runnable callback) {
        return addReady(bound(callback));
    }

    /** {@link #callSoon(Runnable)} in a context of your choice. */
    public Handle callSoon(Runnable callback, Context inContext) {
        return addReady(new ContextCallback(inContext, callback));
    }

    /**
     * Has {@code action} called once, at the end of the iteration under way: when all that was ready in it has run, and before the
     * loop looks for events again. To gather small pieces of work into one, as streams do with small writes. It must not block, and sees no
     * {@link Context}. What is asked for while the loop does not run, or by such an action, is called at the end of the next iteration,
     * which does not wait then. libuv: a prepare handle.
     */
    public void callBeforePoll(Runnable action) {
        checkUsable();
        beforePoll.add(action);
    }

    /**
     * Takes back a {@link #callBeforePoll}, if no other was asked for since.
     *
     * @return whether it was taken back; otherwise the action is called all the same
     */
    public boolean cancelBeforePoll(Runnable action) {
        checkUsable();
        return beforePoll.removeLast(action);
    }

    private Handle addReady(Runnable callback) {
        checkUsable();
        takeOverPosted(); // what another thread has scheduled before this runs before this
        Handle handle = new Handle(this, callback);
        noteCreation(handle);
        ready.add(handle);
        return handle;
    }

    /**
     * Has {@code callback} run once {@code delay} is over; a delay of zero or less is due at once.
     *
     * <p>It runs late by what the transport's clock can resolve and by what runs before it, never early; in a copy of the {@link
     * Context} of what runs now.
     */
    public TimerHandle callLater(Duration delay, Runnable callback) {
        return callAt(deadline(delay), callback);
    }

    /** {@link #callLater(Duration, Runnable)} in a context of your choice. */
    public TimerHandle callLater(Duration delay, Runnable callback, Context inContext) {
        return callAt(deadline(delay), callback, inContext);
    }

    /** The {@link #time()} when {@code delay} from now will be over. */
    long deadline(Duration delay) {
        long now = time();
        long nanos = saturatedNanos(delay);
        return nanos > 0 && now > Long.MAX_VALUE - nanos ? Long.MAX_VALUE - 1 : now + nanos;
    }

    /**
     * Has {@code callback} run when {@link #time()} reaches {@code when} nanoseconds, in a copy of the {@link Context} of what
     * runs now. Timers with the same deadline run in no particular order.
     */
    public TimerHandle callAt(long when, Runnable callback) {
        return addTimer(when, bound(callback));
    }

    /** {@link #callAt(long, Runnable)} in a context of your choice. */
    public TimerHandle callAt(long when, Runnable callback, Context inContext) {
        return addTimer(when, new ContextCallback(inContext, callback));
    }

    /** {@link #callLater} for callbacks of ours, which look at no context variable. */
    TimerHandle timer(Duration delay, Runnable callback) {
        return addTimer(deadline(delay), callback);
    }

    private TimerHandle addTimer(long when, Runnable callback) {
        checkUsable();
        TimerHandle timer = new TimerHandle(this, when, callback);
        noteCreation(timer);
        timers.add(timer);
        return timer;
    }

    private Runnable bound(Runnable callback) {
        return context == null ? callback : Context.bind(callback);
    }

    /**
     * Has {@code callback} run on the loop, and wakes the loop. Any thread may call this. The callback runs in a copy of the
     * {@link Context} of what runs now in the calling thread. asyncio: {@code call_soon_threadsafe}.
     *
     * @throws LoopClosedException if the loop is closed
     */
    @Override
    public void execute(Runnable callback) {
        post(new Handle(this, Context.bind(callback)));
    }

    /** {@link #execute(Runnable)} in a context of your choice. */
    public void execute(Runnable callback, Context inContext) {
        post(new Handle(this, new ContextCallback(inContext, callback)));
    }

    /**
     * Has {@code callback} run on the loop as {@link #execute} does, and gives a handle for any thread: once its {@code
     * cancel()} has returned, the callback either never runs or has ended.
     *
     * @throws LoopClosedException if the loop is closed
     */
    public Handle callSoonThreadsafe(Runnable callback) {
        Handle handle = new ThreadsafeHandle(this, callback);
        post(handle);
        return handle;
    }

    /**
     * Runs a coroutine on the loop, from any thread. asyncio: {@code run_coroutine_threadsafe}.
     *
     * <p>Whoever completes the future before the task does, by cancelling it or with {@code orTimeout}, cancels the task.
     *
     * @param coroutine called on the loop thread to make the coroutine
     * @return its result, its failure as it is, or its cancellation. Closing the loop fails it with {@link
     *     LoopClosedException}. What depends on it runs on the loop thread, unless it is told to run elsewhere; waiting for it
     *     there would wait for ever
     * @throws LoopClosedException if the loop is closed
     */
    public <T extends @Nullable Object> CompletableFuture<T> submit(
            Callable<? extends Coroutine<? extends T>> coroutine) {
        Submission<T> submission = new Submission<>(this, coroutine);
        outgoing.add(submission.result);
        try {
            execute(submission);
        } catch (LoopClosedException loopIsClosed) {
            outgoing.remove(submission.result);
            throw loopIsClosed;
        }
        if (closed) {
            abandonOutgoing();
        }
        return submission.result;
    }

    /**
     * Makes a blocking call on another thread, with that thread's own {@link Context}: a virtual one where Java has them, that is
     * from 21 on; else one of a pool of at most 32. Or on what {@link #setDefaultExecutor} has said. asyncio: {@code
     * run_in_executor(None, ...)}.
     *
     * <p>Cancelling the future before a thread has begun with the call prevents it. Later the call goes on to its end, and
     * nobody learns how it ended; the thread is not interrupted.
     *
     * @return what the call returns or throws; an {@link Error} as well
     * @throws java.util.concurrent.RejectedExecutionException if the default executor was shut down
     */
    public <T extends @Nullable Object> Future<T> runInExecutor(Callable<? extends T> call) {
        checkUsable();
        return defaultExecutor().run(call);
    }

    /**
     * Makes a blocking call on an executor of your choice, otherwise as {@link #runInExecutor(Callable)}.
     *
     * @throws java.util.concurrent.RejectedExecutionException if the executor refuses the call
     */
    public <T extends @Nullable Object> Future<T> runInExecutor(Executor executor, Callable<? extends T> call) {
        checkUsable();
        ExecutorJob<T> job = new ExecutorJob<>(this, call, () -> {});
        noteCreation(job);
        return DefaultExecutor.start(job, executor);
    }

    /**
     * Has {@link #runInExecutor(Callable)} and {@link Async#toThread} use this executor from now on. It stays yours: the loop
     * never shuts it down.
     */
    public void setDefaultExecutor(Executor executor) {
        checkUsable();
        defaultExecutor().set(executor);
    }

    /**
     * Refuses further calls without an executor of their own, and waits for those that have not ended, cancelled ones
     * included. {@link Runner#close} does so. When the limit is over, in real time, a warning is logged and they are left to
     * themselves.
     */
    public Coroutine<@Nullable Void> shutdownDefaultExecutor(Duration limit) {
        checkUsable();
        return defaultExecutor().shutDown(limit);
    }

    private DefaultExecutor defaultExecutor() {
        DefaultExecutor executor = defaultExecutor;
        if (executor == null) {
            executor = new DefaultExecutor(this);
            defaultExecutor = executor;
        }
        return executor;
    }

    boolean hasUsedDefaultExecutor() {
        return defaultExecutor != null;
    }

    /**
     * Has {@code callback} run on the loop whenever the process gets a signal; a sleeping loop wakes at once. A second
     * handler of this loop for the same signal takes the place of the first. Several loops may each have one. The callback
     * runs in a copy of the {@link Context} of what runs now.
     *
     * <p>The signal does nothing else meanwhile: a process with a handler for {@code TERM} ends only when it wants to. When
     * the handler is removed or the loop is closed, the signal does again what it did before. asyncio: {@code
     * add_signal_handler}.
     *
     * @param signal {@code "TERM"} or {@code "SIGTERM"}
     * @throws IllegalArgumentException if there is no such signal, or the Java machine needs it, as it does QUIT
     * @throws UnsupportedOperationException if this Java machine has no module {@code jdk.unsupported}
     */
    public void addSignalHandler(String signal, Runnable callback) {
        signals().setHandler(signal, callback);
    }

    /**
     * Removes a handler; one that is about to run does not.
     *
     * @return whether there was one
     */
    public boolean removeSignalHandler(String signal) {
        checkThread();
        return signals != null && signals.removeHandler(signal);
    }

    LoopSignals signals() {
        checkUsable();
        LoopSignals made = signals;
        if (made == null) {
            made = new LoopSignals(this);
            signals = made;
        }
        return made;
    }

    /**
     * Has {@code callback} run in each iteration in which the descriptor can be read, is at its end or is broken, until {@link
     * #removeReader(int)}. For pipes, event descriptors, inotify, terminals and sockets of other libraries; {@link
     * #addReader(SelectableChannel, Runnable)} is for those of the JDK. asyncio: {@code add_reader}.
     *
     * <p>The callback should read as much as it likes without blocking, so the descriptor should be in non-blocking mode; what it
     * leaves unread has it called again. It takes the place of an earlier one, and runs in a copy of the {@link Context} of what
     * runs now, the same one each time. If it fails, the exception handler is told, and the descriptor stays watched.
     *
     * <p>The descriptor stays yours: the loop never reads, writes or closes it. Remove the callback before you close it. Nobody
     * tells the loop that a descriptor was closed, and the system may give its number to another one.
     *
     * @param descriptor its number
     * @throws UnsupportedOperationException if the transport cannot watch descriptors, as NIO cannot, or this kind, such as a
     *     regular file
     * @throws IllegalArgumentException if the number is negative
     * @throws IllegalStateException if it belongs to a stream or server of this loop; of Netty channels on the loop nobody knows
     * @throws io.samovar.net.NetworkException if the system refuses it, such as a descriptor that is not open
     * @throws NotLoopThreadException if called from another thread than the loop's
     * @throws LoopClosedException if the loop is closed
     */
    public void addReader(int descriptor, Runnable callback) {
        watches().add(descriptor, Watches.Direction.READING, callback);
    }

    /** {@link #addReader(int, Runnable)} for a descriptor that can be written. asyncio: {@code add_writer}. */
    public void addWriter(int descriptor, Runnable callback) {
        watches().add(descriptor, Watches.Direction.WRITING, callback);
    }

    /**
     * {@link #addReader(int, Runnable)} for a channel of the JDK, which works with every transport: a datagram or socket channel,
     * the end of a pipe, or a server channel that can accept.
     *
     * <p>With NIO the loop's own selector watches it. With epoll and kqueue a thread with a selector does, because the JDK keeps
     * the descriptor to itself; the callbacks still run on the loop thread. This costs two changes of threads for each round of
     * events, so what has to be quick should use the loop's own streams. Remove the callback before you close the channel: only
     * then is its descriptor freed at once.
     *
     * @throws IllegalArgumentException if the channel is closed, in blocking mode or never readable
     * @throws java.io.UncheckedIOException if a selector is needed and no descriptor can be had for it
     * @throws NotLoopThreadException if called from another thread than the loop's
     * @throws LoopClosedException if the loop is closed
     */
    public void addReader(SelectableChannel channel, Runnable callback) {
        watches().add(channel, Watches.Direction.READING, callback);
    }

    /**
     * {@link #addReader(SelectableChannel, Runnable)} for a channel that can be written, or whose connection stands or has failed:
     * {@code SocketChannel.finishConnect()} tells which.
     *
     * @throws IllegalArgumentException if the channel is closed, in blocking mode or never writable
     */
    public void addWriter(SelectableChannel channel, Runnable callback) {
        watches().add(channel, Watches.Direction.WRITING, callback);
    }

    /**
     * Removes the callback; one that is about to run does not.
     *
     * @return whether there was one; {@code false} if the loop is closed
     */
    public boolean removeReader(int descriptor) {
        return removeWatch(descriptor, Watches.Direction.READING);
    }

    /** {@link #removeReader(int)} for that of {@link #addWriter(int, Runnable)}. */
    public boolean removeWriter(int descriptor) {
        return removeWatch(descriptor, Watches.Direction.WRITING);
    }

    /** {@link #removeReader(int)} for a channel. */
    public boolean removeReader(SelectableChannel channel) {
        return removeWatch(channel, Watches.Direction.READING);
    }

    /** {@link #removeReader(int)} for that of {@link #addWriter(SelectableChannel, Runnable)}. */
    public boolean removeWriter(SelectableChannel channel) {
        return removeWatch(channel, Watches.Direction.WRITING);
    }

    private Watches watches() {
        checkUsable();
        Watches made = watches;
        if (made == null) {
            made = new Watches(this);
            watches = made;
        }
        return made;
    }

    private boolean removeWatch(Object watched, Watches.Direction direction) {
        checkThread();
        return !closed && watches != null && watches.remove(watched, direction);
    }

    /** The loop's time: nanoseconds since it was opened. It never goes back. */
    public long time() {
        return clock.nanoTime() - origin;
    }

    /** A pending future of this loop, with the means to complete it. */
    public <T extends @Nullable Object> Promise<T> createFuture() {
        Promise<T> promise = new Promise<>(this);
        noteCreation(promise);
        return promise;
    }

    /**
     * Makes a task of a coroutine, in a copy of the {@link Context} of what runs now. It starts in the next iteration, unless
     * the loop's {@link #setTaskFactory task factory} does it otherwise.
     *
     * @throws IllegalStateException if the coroutine was awaited or made a task before
     */
    public <T extends @Nullable Object> Task<T> createTask(Coroutine<? extends T> coroutine) {
        return createTask(coroutine, TaskOptions.DEFAULT);
    }

    /** {@link #createTask(Coroutine)} with a name, a context or a start of your choice. */
    public <T extends @Nullable Object> Task<T> createTask(Coroutine<? extends T> coroutine, TaskOptions options) {
        checkUsable();
        return taskFactory.create(this, coroutine, options);
    }

    /** Has {@code factory} make all tasks from now on. asyncio: {@code set_task_factory}. */
    public void setTaskFactory(TaskFactory factory) {
        checkThread();
        taskFactory = Objects.requireNonNull(factory, "factory");
    }

    /** What makes the tasks; {@link TaskFactory#LAZY} at first. asyncio: {@code get_task_factory}. */
    public TaskFactory taskFactory() {
        checkThread();
        return taskFactory;
    }

    /** The task whose step is running, or {@code null} in a plain callback. */
    public @Nullable Task<?> currentTask() {
        checkThread();
        return inTask ? currentTask : null;
    }

    /** {@link #currentTask()} for code that only runs in one. */
    Task<?> requireCurrentTask() {
        Task<?> task = currentTask();
        assert task != null : "in a coroutine";
        return task;
    }

    /** The tasks that are not done, the newest first. */
    public List<Task<?>> allTasks() {
        checkThread();
        return tasks.snapshot();
    }

    /**
     * Runs until {@link #stop()}.
     *
     * @throws IllegalStateException if this loop or another one is running in this thread
     * @throws LoopClosedException if the loop is closed
     */
    public void runForever() {
        checkCanRun();
        if (FastThreadLocalThread.currentThreadHasFastThreadLocal()) {
            runHere();
        } else {
            FastThreadLocalThread.runWithFastThreadLocal(this::runHere);
        }
    }

    /**
     * Runs until {@code main} is done, and gives its result or throws its failure.
     *
     * @throws IllegalStateException if the loop was stopped before
     */
    public <T extends @Nullable Object> T runUntilComplete(Awaitable<T> main) {
        checkCanRun();
        Future<T> future = futureOf(main);
        if (future.loop() != this) {
            throw new IllegalArgumentException("this future belongs to another loop: " + future);
        }
        boolean[] over = {false};
        Consumer<Future<T>> stopper = done -> {
            if (!over[0]) { // an error that left the loop ended the run, so this must not end the next one
                stop();
            }
        };
        future.addDoneCallback(stopper);
        try {
            runForever();
        } finally {
            over[0] = true;
            future.removeDoneCallback(stopper);
            if (future != main && future.isDone() && !future.isCancelled()) {
                Throwable unused = future.exception(); // thrown here in any case, so nobody has to be told of it
            }
        }
        if (!future.isDone()) {
            throw new IllegalStateException("the event loop was stopped before this was done: " + future);
        }
        return future.result();
    }

    private <T extends @Nullable Object> Future<T> futureOf(Awaitable<T> main) {
        if (main instanceof Future<T> already) {
            return already;
        }
        return main instanceof Coroutine<T> coroutine
                ? createTask(coroutine)
                : Task.create(this, main, TaskOptions.DEFAULT, false);
    }

    /** Ends {@link #runForever()} after this iteration, or after one if it is not running. */
    public void stop() {
        checkThread();
        stopping = true;
    }

    /** Whether the loop is running. Any thread may ask. */
    public boolean isRunning() {
        return running;
    }

    /** Whether the loop is closed. Any thread may ask. */
    public boolean isClosed() {
        return closed;
    }

    /** Whether the calling thread is the one the loop belongs to. */
    public boolean isLoopThread() {
        return Thread.currentThread() == thread;
    }

    /**
     * Turns debug mode on or off. In debug mode the loop logs callbacks and steps that take longer than {@link
     * #slowCallbackDuration}, remembers where futures, tasks, handles and streams were made ({@link #createdAt}), and warns of
     * what is left open. It begins with the system property {@code samovar.debug}, which also has coroutines reported that were
     * made and never awaited. asyncio: {@code set_debug}.
     */
    public void setDebug(boolean debug) {
        checkThread();
        if (debug != isDebug()) {
            if (debugMode != null) {
                debugMode.closed();
            }
            debugMode = debug ? new DebugMode(this) : null;
        }
    }

    /** Whether the loop is in debug mode. asyncio: {@code get_debug}. */
    public boolean isDebug() {
        return debugMode != null;
    }

    /** How long a callback or a step may take in debug mode before it is logged: 100 ms unless set. */
    public Duration slowCallbackDuration() {
        return slowCallbackDuration;
    }

    /** Sets the {@link #slowCallbackDuration}; with zero everything is logged. */
    public void setSlowCallbackDuration(Duration duration) {
        checkThread();
        slowCallbackDuration = Objects.requireNonNull(duration, "duration");
    }

    /**
     * Where a future, a task, a handle or a stream of this loop was made, as the stack trace of an exception that was never
     * thrown; {@code null} if it was not made in debug mode.
     */
    public @Nullable Throwable createdAt(Object made) {
        checkThread();
        return debugMode == null ? null : debugMode.creationOf(made);
    }

    /** In debug mode, remembers the caller's stack for {@link #createdAt}. For makers of things that have to be closed. */
    public void noteCreation(Object made) {
        if (debugMode != null) {
            debugMode.created(made);
        }
    }

    /** In debug mode, logs that something was still open when the loop was closed. */
    public void warnOfOpen(Object left) {
        if (debugMode != null) {
            DebugMode.warn("this was still open when its loop was closed: " + left, debugMode.creationOf(left));
        }
    }

    /** What the loop waits with; its sockets belong to the loop thread. */
    public Transport transport() {
        checkUsable();
        bound = true;
        return transport;
    }

    /** Takes failures that nobody awaits, instead of {@link ExceptionHandler#LOGGING}. */
    public void setExceptionHandler(ExceptionHandler handler) {
        checkThread();
        exceptionHandler = handler;
    }

    /**
     * Gives a failure that nobody awaits to the exception handler, on the loop thread. If its source is a task, the handler
     * runs in that one's {@link Context}. asyncio: {@code call_exception_handler}.
     */
    public void report(LoopFailure failure) {
        report(failure, failure.source() instanceof Task<?> task ? task.context() : null);
    }

    /** @param inContext what the handler is to run in, unless it is {@code null} */
    void report(LoopFailure failure, @Nullable Context inContext) {
        if (inContext == null) {
            handle(failure);
        } else {
            inContext.run(() -> handle(failure));
        }
    }

    private void handle(LoopFailure failure) {
        try {
            exceptionHandler.handle(this, failure);
        } catch (Throwable broken) {
            rethrowIfFatal(broken);
            if (failure.exception() != null && failure.exception() != broken) { // rethrown: it must not suppress itself
                broken.addSuppressed(failure.exception());
            }
            reportBroken(failure, broken);
        }
    }

    private void reportBroken(LoopFailure failure, Throwable broken) {
        try {
            LOG.log(
                    System.Logger.Level.ERROR,
                    "unhandled error in the exception handler, on: " + failure.message(),
                    broken);
        } catch (Throwable brokenToo) { // the logger may be what is broken, and must not stop the loop
            rethrowIfFatal(brokenToo);
            broken.printStackTrace();
        }
    }

    /**
     * Closes the loop and its sockets, without flushing them. Callbacks that are left do not run, tasks that are not done
     * are reported. Closing twice does nothing.
     *
     * @throws IllegalStateException if the loop is running
     */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        checkThread();
        if (running) {
            throw new IllegalStateException("the event loop is running: stop() it before it is closed");
        }
        closed = true;
        if (debugMode != null) {
            debugMode.closed();
        }
        try {
            reportPendingTasks();
            for (Failure failure : List.copyOf(unretrieved)) {
                failure.report();
            }
        } finally {
            ready.clear();
            beforePoll.clear();
            timers.clear();
            posted.clear();
            if (defaultExecutor != null) {
                defaultExecutor.close();
            }
            if (signals != null) {
                signals.close();
            }
            abandonOutgoing();
            if (watches != null) {
                watches.close();
            }
            transport.close();
        }
    }

    /**
     * Closes every {@link AsyncSequence} that was begun on this loop and is neither at its end nor closed, and reports those that
     * fail. asyncio: {@code shutdown_asyncgens}.
     */
    public Coroutine<@Nullable Void> shutdownAsyncGenerators() {
        return generators.shutDown();
    }

    /** Names the tasks that will never be done; the first few stand for all when there are many. */
    private void reportPendingTasks() {
        List<Task<?>> pending = tasks.snapshot();
        int named = Math.min(pending.size(), MAX_PENDING_REPORTED);
        for (Task<?> task : pending.subList(0, named)) {
            report(new LoopFailure("the event loop was closed before this task was done", null, task));
        }
        if (pending.size() > named) {
            int others = pending.size() - named;
            report(new LoopFailure("the event loop was closed before " + others + " more tasks were done", null, this));
        }
    }

    private void runHere() {
        bound = true;
        running = true;
        context = null;
        CURRENT.set(this);
        if (watchdog != null) {
            watchdog.start();
        }
        try {
            do {
                runOnce();
            } while (!stopping);
        } finally {
            if (watchdog != null) {
                watchdog.stop();
            }
            stopping = false;
            running = false;
            polling = false;
            context = Context.OUTSIDE;
            CURRENT.remove();
        }
    }

    private void runOnce() {
        timers.dropCancelled();
        if (ready.isEmpty() || stopping || runSincePoll >= POLL_EVERY) {
            runSincePoll = 0;
            polling = true;
            poll();
            polling = false;
            VirtualMachineError fatal = fatalInListener;
            if (fatal != null) {
                fatalInListener = null;
                throw fatal;
            }
        }
        if (timers.size() > 0) {
            long end = time() + 1; // nothing is due before its time
            for (TimerHandle due; (due = timers.pollBefore(end)) != null; ) {
                ready.add(due);
            }
        }
        takeOverPosted();
        runReady();
        if (!beforePoll.isEmpty()) {
            beforePoll.run();
        }
    }

    private void takeOverPosted() {
        if (!posted.isEmpty()) {
            posted.drain(ready::add, POSTED_BATCH);
        }
    }

    private void poll() {
        if (watchdog == null) {
            transport.poll(mayWaitNanos());
            return;
        }
        watchdog.waits();
        try {
            transport.poll(mayWaitNanos());
        } finally {
            watchdog.waited();
        }
    }

    /** A method of its own, so that HotSpot compiles tasks into it and not the transport. */
    private void runReady() {
        int count = ready.size();
        runSincePoll += count;
        for (int left = count; left > 0; left--) {
            Object next = ready.remove();
            if (watchdog != null) {
                watchdog.step();
            }
            if (debugMode == null) {
                run(next);
            } else {
                debugMode.run(next, saturatedNanos(slowCallbackDuration));
            }
        }
    }

    /** Runs an entry of the ready queue. */
    static void run(Object entry) {
        if (entry instanceof Task<?> task) {
            task.run();
        } else {
            ((Handle) entry).run();
        }
    }

    /** The task in the middle of its step, as any thread may see it. */
    @Nullable
    Task<?> runningTask() {
        return inTask ? currentTask : null;
    }

    /** The thread that the loop runs on. */
    Thread thread() {
        return thread;
    }

    /** How long the transport may wait; 0 for not at all, less than 0 for ever. */
    private long mayWaitNanos() {
        if (!ready.isEmpty() || stopping || !posted.isEmpty() || !beforePoll.isEmpty()) {
            return 0;
        }
        long deadline = timers.nextDeadline();
        if (deadline == Long.MAX_VALUE) {
            return -1;
        }
        long now = time();
        return deadline <= now ? 0 : Math.min(deadline - now, MAX_WAIT_NANOS); // no difference that could overflow
    }

    private void post(Handle handle) {
        if (closed) {
            throw closedError();
        }
        if (running && Thread.currentThread() == thread) { // in this order: until it runs, the loop may change hands
            takeOverPosted();
            ready.add(handle);
        } else {
            posted.offer(handle);
            transport.wakeup();
        }
    }

    /** Appends to the ready queue; a future may be completed on a loop that was closed meanwhile. */
    void ready(Object entry) {
        if (!closed) {
            ready.add(entry);
        }
    }

    /** A task's step begins. */
    void enter(Task<?> task) {
        if (currentTask != task) { // under G1 such a store may cost more than all the rest
            currentTask = task;
        }
        inTask = true;
        budget = BUDGET;
        TaskDetails details = task.details;
        if (details != null) {
            context = details.context;
        }
    }

    /** A task's step begins inside another one, or inside a callback. */
    void enterNested(Task<?> task) {
        int left = inTask ? budget : BUDGET; // or a few eager tasks in a loop could starve the others
        enter(task);
        budget = left;
    }

    /** Whether a callback or a task's step is on the stack. */
    boolean runsCallback() {
        return running && !polling;
    }

    /** The task is done, and nothing here may keep it alive. */
    void finished(Task<?> task) {
        tasks.remove(task);
        currentTask = null;
    }

    /** The step has ended. */
    void leave() {
        inTask = false;
        if (context != null) {
            context = null;
        }
    }

    /** What runs has no context and gets one, which a task keeps for its next steps. */
    Context makeContext() {
        Task<?> task = currentTask();
        Context made = task == null ? new Context() : task.ownContext();
        context = made;
        return made;
    }

    /** A nested step has ended; {@code task} is {@code null} if that was in a plain callback. */
    void goBackTo(@Nullable Task<?> task, @Nullable Context itsContext) {
        currentTask = task;
        inTask = task != null;
        TaskDetails details = task == null ? null : task.details;
        context =
                itsContext == null && details != null ? details.context : itsContext; // others may ask for it meanwhile
    }

    void callbackFailed(Runnable callback, Throwable failure, Handle handle) {
        rethrowIfFatal(failure);
        String name;
        try {
            name = callback.toString();
        } catch (Throwable unspeakable) { // what is the user's may throw, and must not stop the loop
            rethrowIfFatal(unspeakable);
            name = callback.getClass().getName();
        }
        report(new LoopFailure("exception in callback " + name, failure, handle));
    }

    /** Lets the errors of the Java machine itself leave the loop, as asyncio does with {@code SystemExit}. */
    void rethrowIfFatal(Throwable failure) {
        if (isFatal(failure)) {
            throw (VirtualMachineError) failure;
        }
    }

    /** Whether it is an error of the Java machine itself, which nothing in the program can deal with. */
    static boolean isFatal(Throwable failure) {
        return failure instanceof VirtualMachineError && !(failure instanceof StackOverflowError);
    }

    /**
     * Checks that the calling thread is the one the loop belongs to.
     *
     * @throws NotLoopThreadException if it is not
     */
    public void checkThread() {
        if (Thread.currentThread() != thread) {
            throw new NotLoopThreadException("this belongs to the loop of thread " + thread.getName()
                    + " and was used from thread " + Thread.currentThread().getName()
                    + ": go through loop.execute(...) or loop.submit(...)");
        }
    }

    void checkUsable() {
        checkThread();
        if (closed) {
            throw closedError();
        }
    }

    void checkCanRun() {
        if (closed) {
            throw closedError();
        }
        if (running) {
            throw new IllegalStateException("the event loop is running already, in thread " + thread.getName());
        }
        if (CURRENT.get() != null) {
            throw new IllegalStateException(
                    "another event loop is running in this thread: a loop cannot run inside a callback of another");
        }
        if (bound) {
            checkThread();
        } else {
            thread = Thread.currentThread();
        }
    }

    LoopClosedException closedError() {
        return new LoopClosedException("the event loop is closed: open a new one with EventLoop.open()");
    }

    private void abandonOutgoing() {
        for (CompletableFuture<?> waiting : List.copyOf(outgoing)) {
            waiting.completeExceptionally(closedError());
        }
        outgoing.clear();
    }

    static long saturatedNanos(Duration delay) {
        try {
            return delay.toNanos();
        } catch (ArithmeticException tooFar) {
            return delay.isNegative() ? Long.MIN_VALUE / 2 : Long.MAX_VALUE / 2;
        }
    }

    @Override
    public String toString() {
        return "EventLoop(" + transport.name() + ", " + (closed ? "closed" : running ? "running" : "not running") + ')';
    }

    /** What the transport may see of the loop. */
    private final class ForTransport implements TransportContext {
        @Override
        public boolean hasWork() {
            return !posted.isEmpty();
        }

        @Override
        public void listenerFailed(Throwable failure) {
            try {
                rethrowIfFatal(failure);
            } catch (VirtualMachineError fatal) {
                fatalInListener =
                        fatal; // once the poll is over: edges of other sockets would be lost with the rest of it
                return;
            }
            report(new LoopFailure("exception in a readiness listener", failure, null));
        }
    }

    /** Opens a loop that differs from the usual one. */
    public static final class Builder {
        private @Nullable TransportProvider transport;
        private LoopClock clock = LoopClock.SYSTEM;
        private ExceptionHandler exceptionHandler = ExceptionHandler.LOGGING;
        private @Nullable Duration blockedAfter;
        private BlockedLoopHandler blockedLoopHandler = BlockedLoopHandler.LOGGING;
        private boolean debug = DebugMode.IS_DEFAULT;

        private Builder() {}

        /** The name of the transport, or {@code auto}; instead of the system property. */
        public Builder transport(String name) {
            return transport(Transports.select(name));
        }

        /** The transport; instead of the system property. */
        public Builder transport(TransportProvider provider) {
            transport = provider;
            return this;
        }

        /** The clock; its readings must not go back. */
        public Builder clock(LoopClock loopClock) {
            clock = loopClock;
            return this;
        }

        /** Takes failures that nobody awaits, instead of {@link ExceptionHandler#LOGGING}. */
        public Builder exceptionHandler(ExceptionHandler handler) {
            exceptionHandler = handler;
            return this;
        }

        /**
         * How long one callback or one step of a task may hold the loop up before it is told of; zero for ever.
         *
         * <p>1 second unless set here or by the system property {@code samovar.watchdog} (milliseconds, or {@code off}). A process
         * that was started for a debugger is left in peace unless the time is set.
         *
         * @throws IllegalArgumentException if the duration is negative
         */
        public Builder blockedAfter(Duration limit) {
            if (limit.isNegative()) {
                throw new IllegalArgumentException("a time limit is not negative: " + limit);
            }
            blockedAfter = limit;
            return this;
        }

        /** Is told when the loop is held up, instead of {@link BlockedLoopHandler#LOGGING}. */
        public Builder blockedLoopHandler(BlockedLoopHandler handler) {
            blockedLoopHandler = Objects.requireNonNull(handler, "handler");
            return this;
        }

        /** Opens the loop {@linkplain EventLoop#setDebug in debug mode}, or not. */
        public Builder debug(boolean on) {
            debug = on;
            return this;
        }

        /**
         * Opens the loop.
         *
         * @throws io.samovar.transport.TransportUnavailableException if the transport cannot be used
         */
        public EventLoop open() {
            return new EventLoop(this);
        }
    }
}

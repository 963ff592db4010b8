package io.samovar;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionStage;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/** Where a program begins, and what coroutines call on the loop they run on. asyncio: the functions of its module. */
public final class Async {
    private Async() {}

    /**
     * Runs a program: opens a loop, runs the coroutine, and closes the loop.
     *
     * <p>When the coroutine ends, whatever tasks are left are cancelled and given time to clean up, and blocking calls are
     * waited for; then the sockets are closed. It is a {@link Runner} with one run, and treats Ctrl-C as that does. asyncio:
     * {@code asyncio.run}.
     *
     * @param main called on the loop to make the coroutine
     * @return the coroutine's result; its failure is thrown as it is
     * @throws KeyboardInterrupt if Ctrl-C has cancelled the coroutine; only in the main thread
     * @throws IllegalStateException if a loop is running in this thread
     * @throws io.samovar.transport.TransportUnavailableException if no transport can be used
     */
    public static <T extends @Nullable Object> T run(Callable<? extends Coroutine<T>> main) {
        try (Runner runner = new Runner()) {
            return runner.run(main);
        }
    }

    /**
     * Waits for a coroutine, a future or an operation of a stream, and gives its value; its failure is thrown as it is.
     *
     * <p>A method whose return type is {@link Coroutine} and that calls this is a coroutine: the coroutine compiler turns its
     * body into a state machine, which gives the thread to others while it waits. Calling such a method runs nothing.
     *
     * <pre>{@code
     * static Coroutine<Void> echo(TcpStream peer) {
     *     for (ByteBuf data; (data = await(peer.read())) != null; ) {
     *         await(peer.write(data));
     *     }
     *     return Coroutine.done();
     * }
     * }</pre>
     *
     * @throws IllegalStateException if the coroutine compiler has not seen the class, neither in javac nor as an agent
     */
    @SuppressWarnings("DoNotCallSuggester") // every call is replaced when its class is woven
    public static <T extends @Nullable Object> T await(Awaitable<T> awaitable) {
        throw notWoven(awaitable);
    }

    /**
     * Waits for the result of a {@code CompletionStage}, whatever thread completes it; that of a {@code CompletableFuture} or of
     * the JDK's {@code HttpClient}, for example.
     *
     * <p>The coroutine goes on on its loop. A failure is thrown without the {@code CompletionException} around it. If the stage was
     * cancelled, {@link CancelledError} is thrown; cancelling the task cancels the stage.
     *
     * @see Awaitable#of(CompletionStage)
     */
    @SuppressWarnings("DoNotCallSuggester") // every call is replaced when its class is woven
    public static <T extends @Nullable Object> T await(CompletionStage<T> stage) {
        throw notWoven(stage);
    }

    /**
     * Waits for the result of a Netty future, in the same way.
     *
     * @see Awaitable#of(io.netty.util.concurrent.Future)
     */
    @SuppressWarnings("DoNotCallSuggester") // every call is replaced when its class is woven
    public static <T extends @Nullable Object> T await(io.netty.util.concurrent.Future<T> future) {
        throw notWoven(future);
    }

    private static IllegalStateException notWoven(Object awaited) {
        return new IllegalStateException("await was called in code that the coroutine compiler has not seen: add"
                + " io.samovar:samovar-coroutine-compiler to javac's processor path (in Maven: annotationProcessorPaths;"
                + " in Gradle: annotationProcessor) and compile the class again; or start the program with"
                + " -javaagent:samovar-coroutine-compiler.jar. It awaited " + awaited);
    }

    /**
     * A {@code CompletionStage} as a future of the loop that is running, with callbacks. Cancelling the one cancels the other; what is
     * said of {@link Awaitable#of(CompletionStage)} goes for this too. asyncio: {@code wrap_future}.
     */
    public static <T extends @Nullable Object> Future<T> wrapFuture(CompletionStage<T> stage) {
        return new WrappedFuture<>(EventLoop.current(), new StageResult<>(stage));
    }

    /** A Netty future as a future of the loop that is running. */
    public static <T extends @Nullable Object> Future<T> wrapFuture(io.netty.util.concurrent.Future<T> future) {
        return new WrappedFuture<>(EventLoop.current(), new NettyResult<>(future));
    }

    /** Makes a task of a coroutine on the loop that is running, see {@link EventLoop#createTask(Coroutine)}. */
    public static <T extends @Nullable Object> Task<T> createTask(Coroutine<? extends T> coroutine) {
        return EventLoop.current().createTask(coroutine);
    }

    /** {@link #createTask(Coroutine)} with a name, a context or a start of your choice. */
    public static <T extends @Nullable Object> Task<T> createTask(
            Coroutine<? extends T> coroutine, TaskOptions options) {
        return EventLoop.current().createTask(coroutine, options);
    }

    /**
     * The task whose step is running, or {@code null} in a plain callback. asyncio: {@code current_task}.
     *
     * @throws IllegalStateException if no loop is running in this thread
     */
    public static @Nullable Task<?> currentTask() {
        return EventLoop.current().currentTask();
    }

    /**
     * The tasks of the running loop that are not done, the newest first. asyncio: {@code all_tasks}.
     *
     * @throws IllegalStateException if no loop is running in this thread
     */
    public static List<Task<?>> allTasks() {
        return EventLoop.current().allTasks();
    }

    /**
     * Waits. A duration of zero or less lets everything else that is ready run once.
     *
     * <p>The time begins when it is awaited. asyncio: {@code sleep}.
     */
    public static Awaitable<@Nullable Void> sleep(Duration duration) {
        return duration.isZero() || duration.isNegative() ? Yield.INSTANCE : new Sleep(duration);
    }

    /** {@link #sleep(Duration)}, and then gives {@code result}. */
    public static <T extends @Nullable Object> Coroutine<T> sleep(Duration duration, T result) {
        await(sleep(duration));
        return Coroutine.of(result);
    }

    /**
     * Runs several things at once and gives their results, in the order of the arguments.
     *
     * <p>Coroutines become tasks; one that is given twice runs once. The first failure is thrown at once, and the others go on;
     * what becomes of them later is not reported. {@link TaskGroup} cancels them instead. Cancelling the future cancels all that
     * are not done. One that was cancelled counts as failed with its {@link CancelledError}. asyncio: {@code gather}.
     *
     * <pre>{@code
     * List<Page> pages = await(Async.gather(fetch(first), fetch(second)));
     * }</pre>
     *
     * @return a future of an unmodifiable list; it is done already if everything else is
     * @throws IllegalArgumentException if a future belongs to another loop
     */
    @SafeVarargs
    @SuppressWarnings("varargs") // List.of copies the array
    public static <T extends @Nullable Object> Future<List<T>> gather(Awaitable<? extends T>... awaitables) {
        return Gathering.results(List.of(awaitables));
    }

    /** {@link #gather(Awaitable...)} of a collection. */
    public static <T extends @Nullable Object> Future<List<T>> gather(
            Collection<? extends Awaitable<? extends T>> awaitables) {
        return Gathering.results(awaitables);
    }

    /**
     * {@link #gather(Awaitable...)} of two things whose results are of different types.
     *
     * <pre>{@code
     * Breakfast breakfast = await(Async.gather(tea(), toast(), Breakfast::new));
     * }</pre>
     *
     * @param combine makes one result of the two; its failure is the future's
     */
    public static <A extends @Nullable Object, B extends @Nullable Object, R extends @Nullable Object> Future<R> gather(
            Awaitable<? extends A> first,
            Awaitable<? extends B> second,
            BiFunction<? super A, ? super B, ? extends R> combine) {
        return Gathering.both(first, second, combine);
    }

    /**
     * Runs several things at once, waits until all have ended, and tells how each did, in the order of the arguments. Cancelling
     * the future cancels all that are not done; the future then fails with a {@link CancelledError}, whatever they make of it.
     * asyncio: {@code gather(..., return_exceptions=True)}.
     */
    @SafeVarargs
    @SuppressWarnings("varargs") // List.of copies the array
    public static <T extends @Nullable Object> Future<List<Outcome<T>>> gatherOutcomes(
            Awaitable<? extends T>... awaitables) {
        return Gathering.outcomes(List.of(awaitables));
    }

    /** {@link #gatherOutcomes(Awaitable...)} of a collection. */
    public static <T extends @Nullable Object> Future<List<Outcome<T>>> gatherOutcomes(
            Collection<? extends Awaitable<? extends T>> awaitables) {
        return Gathering.outcomes(awaitables);
    }

    /** {@link #wait(Collection, ReturnWhen)} for all of them. */
    public static <F extends Future<?>> Coroutine<DoneAndPending<F>> wait(Collection<? extends F> futures) {
        return Waiting.until(Waiting.checked(futures), ReturnWhen.ALL_COMPLETED, null);
    }

    /**
     * Waits until one or all of some futures are done. It cancels none, not even if it is cancelled itself, and throws none of their
     * failures.
     *
     * <p>It takes no coroutines: the result would hold tasks that you do not know. asyncio: {@code wait}.
     *
     * @param futures one at least
     * @param condition what to wait for
     * @return a coroutine that gives those that are done and those that are not
     * @throws IllegalArgumentException if there is no future, or if something is none
     */
    public static <F extends Future<?>> Coroutine<DoneAndPending<F>> wait(
            Collection<? extends F> futures, ReturnWhen condition) {
        return Waiting.until(Waiting.checked(futures), condition, null);
    }

    /**
     * {@link #wait(Collection, ReturnWhen)}, but no longer than {@code limit} from when it is awaited. Then it just ends; there is
     * no exception.
     */
    public static <F extends Future<?>> Coroutine<DoneAndPending<F>> wait(
            Collection<? extends F> futures, ReturnWhen condition, Duration limit) {
        return Waiting.until(Waiting.checked(futures), condition, limit);
    }

    /**
     * Awaits something for so long at most, from when this is awaited. asyncio: {@code wait_for}.
     *
     * <p>When the time is over, what is awaited is cancelled. It is given all the time that it needs to clean up. If it ends as
     * cancelled, {@link AsyncTimeoutException} is thrown; if it has a result or another failure after all, that counts. A
     * coroutine runs in the task that awaits this, as if it were awaited itself. If there is no time at all, a future that is
     * done gives its result, and nothing else is begun.
     *
     * <pre>{@code
     * Reply reply = await(Async.timeout(Duration.ofMillis(200), ask(service)));
     * }</pre>
     */
    public static <T extends @Nullable Object> Coroutine<T> timeout(Duration limit, Awaitable<? extends T> awaitable) {
        return Timeout.limit(limit, awaitable);
    }

    /**
     * The same for a {@code CompletionStage}, which is cancelled when the time is over.
     *
     * <pre>{@code
     * HttpResponse<String> answer = await(Async.timeout(Duration.ofSeconds(5), http.sendAsync(request, BodyHandlers.ofString())));
     * }</pre>
     */
    public static <T extends @Nullable Object> Coroutine<T> timeout(Duration limit, CompletionStage<T> stage) {
        return Timeout.limit(limit, stage);
    }

    /**
     * Runs a part of a coroutine for so long at most, from when this is awaited; the part may move its deadline. asyncio: {@code
     * async with timeout(limit) as timeout}.
     *
     * @param body called on the loop to make the part, which runs in the task that awaits this
     * @return a coroutine that gives the part's result; it throws {@link AsyncTimeoutException} if the time ran out and the
     *     part ended with the {@link CancelledError} that it got then
     */
    public static <T extends @Nullable Object> Coroutine<T> timeout(Duration limit, Timeout.Body<? extends T> body) {
        return Timeout.run(limit, Timeout.NEVER, body);
    }

    /**
     * {@link #timeout(Duration, Timeout.Body)} with the deadline itself.
     *
     * @param when in the loop's {@link EventLoop#time() time} in nanoseconds; or {@link Timeout#NEVER}
     */
    public static <T extends @Nullable Object> Coroutine<T> timeoutAt(long when, Timeout.Body<? extends T> body) {
        return Timeout.run(null, when, body);
    }

    /** {@link #timeout(Duration, Awaitable)}, under the name that it has in asyncio. */
    public static <T extends @Nullable Object> Coroutine<T> waitFor(Awaitable<? extends T> awaitable, Duration limit) {
        return Timeout.limit(limit, awaitable);
    }

    /**
     * A future that follows another one, or a coroutine, and can be cancelled without it.
     *
     * <p>Who awaits the shield may be cancelled; what is behind it goes on. Cancelling that one cancels the shield. If it fails
     * after the shield was cancelled, its failure is reported to the loop's exception handler. asyncio: {@code shield}.
     *
     * <pre>{@code
     * await(Async.shield(commit(transaction)));      // begun is begun
     * }</pre>
     *
     * @return a new future; or the given one, if that is done
     */
    public static <T extends @Nullable Object> Future<T> shield(Awaitable<? extends T> awaitable) {
        return Shielded.of(awaitable);
    }

    /**
     * Runs several things at once, and gives their results as they come. Coroutines become tasks; what is given twice comes once.
     * asyncio: {@code as_completed}.
     */
    public static <T extends @Nullable Object> AsCompleted<T> asCompleted(
            Collection<? extends Awaitable<? extends T>> awaitables) {
        return AsCompleted.of(awaitables, null);
    }

    /**
     * {@link #asCompleted(Collection)} for so long from now at most: then awaiting what has not come throws {@link
     * AsyncTimeoutException}. What is not done goes on.
     */
    public static <T extends @Nullable Object> AsCompleted<T> asCompleted(
            Collection<? extends Awaitable<? extends T>> awaitables, Duration limit) {
        return AsCompleted.of(awaitables, limit);
    }

    /**
     * Makes a blocking call on another thread, so that the loop goes on meanwhile, and gives what it returns or throws.
     *
     * <pre>{@code
     * List<Row> rows = await(Async.toThread(() -> jdbc.query("select ...")));
     * }</pre>
     *
     * <p>{@link EventLoop#runInExecutor(Callable)} says which thread, and what becomes of the call when the task is cancelled. The
     * call sees a copy of the task's {@link Context}. asyncio: {@code to_thread}.
     */
    public static <T extends @Nullable Object> Coroutine<T> toThread(Callable<? extends T> call) {
        Context context = Context.capture();
        Future<T> result = EventLoop.current().runInExecutor(context == null ? call : () -> context.call(call));
        return Coroutine.of(await(result));
    }
}

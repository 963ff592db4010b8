package io.samovar;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/** Where a program begins, and what coroutines call on the loop they run on. asyncio: the functions of its module. */
public final class Async {
    private Async() {}

    /**
     * Runs a program: opens a loop, runs the coroutine, and closes the loop.
     *
     * <p>When the coroutine ends, whatever tasks are left are cancelled and given time to clean up; then the sockets are
     * closed. asyncio: {@code asyncio.run}.
     *
     * @param main called on the loop to make the coroutine
     * @return the coroutine's result; its failure is thrown as it is
     * @throws io.samovar.transport.TransportUnavailableException if no transport can be used
     */
    public static <T extends @Nullable Object> T run(Callable<? extends Coroutine<T>> main) {
        try (EventLoop loop = EventLoop.open()) {
            try {
                return loop.runUntilComplete(Deferred.<T>call(main));
            } finally {
                loop.cancelAllTasks();
            }
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
        throw new IllegalStateException("await was called in code that the coroutine compiler has not seen: add"
                + " io.samovar:samovar-coroutine-compiler to javac's processor path (in Maven: annotationProcessorPaths;"
                + " in Gradle: annotationProcessor) and compile the class again; or start the program with"
                + " -javaagent:samovar-coroutine-compiler.jar. It awaited " + awaitable);
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
}

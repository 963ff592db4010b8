package io.samovar;

import java.time.Duration;
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
                return loop.runUntilComplete(new EventLoop.Deferred<T>(main));
            } finally {
                loop.cancelAllTasks();
            }
        }
    }

    /** Makes a task of a coroutine on the loop that is running; it starts in the next iteration. */
    public static <T extends @Nullable Object> Task<T> createTask(Coroutine<? extends T> coroutine) {
        return EventLoop.current().createTask(coroutine);
    }

    /**
     * Waits. A duration of zero or less lets everything else that is ready run once.
     *
     * <p>The time begins when it is awaited. asyncio: {@code sleep}.
     */
    public static Awaitable<@Nullable Void> sleep(Duration duration) {
        return new Sleep(duration);
    }
}

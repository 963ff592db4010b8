package io.samovar;

import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Where one task waits for what other threads bring. They put it down first and {@link #ring} then; a ring that nobody waits for
 * costs one atomic operation, and posts nothing.
 */
abstract class Doorbell implements Awaitable<Boolean> {
    private final EventLoop loop;
    /** Who waits: set by the loop, taken by the thread that will wake it. */
    private final AtomicReference<@Nullable Task<?>> waiter = new AtomicReference<>();

    Doorbell(EventLoop loop) {
        this.loop = loop;
    }

    /** Whether there is something, or nothing more will come. On the loop thread, as all but {@link #ring}. */
    abstract boolean isReady();

    /** What the await gives once it {@link #isReady}. */
    abstract Boolean answer() throws Throwable;

    /** It rang for a loop that is closed. On the thread that rang. */
    abstract void nobodyIsThere();

    /** Has the waiting task look again. Any thread may call this. */
    final void ring() {
        Task<?> task = waiter.getAndSet(null);
        if (task == null) {
            return;
        }
        if (loop.isLoopThread()) {
            task.wakeup();
            return;
        }
        try {
            loop.execute(task::wakeup);
        } catch (LoopClosedException loopIsClosed) {
            nobodyIsThere();
        }
    }

    @Override
    public final @Nullable Object poll(Task<?> task) throws Throwable {
        if (isReady()) {
            return answer();
        }
        Task<?> other = waiter.get();
        if (other != null && other != task) {
            throw new IllegalStateException("a task waits here already: " + other);
        }
        return PENDING;
    }

    @Override
    public final void park(Task<?> task) {
        waiter.set(task);
        if (isReady()) { // it rang before anybody waited
            ring();
        }
    }

    @Override
    public final boolean interrupt(Task<?> task, @Nullable String message) {
        waiter.compareAndSet(task, null);
        return false;
    }
}

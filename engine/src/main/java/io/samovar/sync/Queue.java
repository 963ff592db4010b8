package io.samovar.sync;

import io.samovar.Coroutine;
import io.samovar.Task;
import java.util.ArrayDeque;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A queue from tasks to tasks: the first item in is the first out.
 *
 * <pre>{@code
 * Queue<String> mail = new Queue<>(100);
 * await(mail.put("tea is ready"));           // waits while 100 lie in it
 *
 * String next = await(mail.get());           // waits while it is empty
 * }</pre>
 *
 * <p>Tasks get their turn in the order in which they came, and no item is lost when one is cancelled. A call that need not wait
 * takes what is there, even if a task that was woken for it has not run yet; that task goes on waiting at its old place. Items are
 * never {@code null}. asyncio: {@code Queue}.
 *
 * @param <T> the type of the items
 */
public sealed class Queue<T> extends LoopBound permits PriorityQueue, LifoQueue {
    private final java.util.Queue<T> items;
    /** Zero if there is no limit. */
    private final int maxSize;

    private final Get get = new Get(new Waiters(this));
    private final Waiters putters = new Waiters(this);
    /** Set while no item is unfinished; {@code null} before the first {@link #join()}. */
    private @Nullable Event finished;

    private int unfinished;
    private boolean shutDown;

    /** A queue without a limit. */
    public Queue() {
        this(0);
    }

    /**
     * A queue that holds so many items.
     *
     * @param maxSize zero or less for no limit
     */
    public Queue(int maxSize) {
        this(maxSize, new ArrayDeque<>());
    }

    /** A queue that gives its items in the order of {@code items}. */
    Queue(int maxSize, java.util.Queue<T> items) {
        this.maxSize = Math.max(maxSize, 0);
        this.items = items;
    }

    /**
     * Waits while the queue is full, and puts an item into it.
     *
     * <p>Fails with a {@link QueueShutDownException} if the queue was shut down, and with an {@link IllegalStateException} if it
     * belongs to another loop, or if what this returns has put its item before.
     */
    public final Coroutine<@Nullable Void> put(T item) {
        return new Put(Objects.requireNonNull(item, "item"));
    }

    /**
     * Puts an item into the queue.
     *
     * @throws QueueFullException if there is no room
     * @throws QueueShutDownException if the queue was shut down
     */
    public final void putNowait(T item) {
        Objects.requireNonNull(item, "item");
        checkThread();
        checkNotShutDown();
        if (isFull()) {
            throw new QueueFullException("the queue is full: " + this);
        }
        add(item);
    }

    /**
     * Waits while the queue is empty, and takes an item.
     *
     * <p>Fails with a {@link QueueShutDownException} if the queue is empty and was shut down, and with an {@link
     * IllegalStateException} if it belongs to another loop.
     */
    public final Coroutine<T> get() {
        return get;
    }

    /**
     * Takes an item.
     *
     * @throws QueueEmptyException if there is none
     * @throws QueueShutDownException if there is none and the queue was shut down
     */
    public final T getNowait() {
        checkThread();
        if (isEmpty()) {
            checkNotShutDown();
            throw new QueueEmptyException("the queue is empty: " + this);
        }
        return take();
    }

    /**
     * An item that was taken has been dealt with: call this once for each, for {@link #join()}.
     *
     * @throws IllegalStateException if it was called for every item that was put
     */
    public final void taskDone() {
        checkThread();
        if (unfinished == 0) {
            throw new IllegalStateException("taskDone() was called more often than items were put");
        }
        finish(1);
    }

    /** Waits until {@link #taskDone()} was called for every item. */
    public final Coroutine<@Nullable Void> join() {
        if (finished == null) {
            finished = new Event();
            if (unfinished == 0) {
                finished.set();
            }
        }
        return finished.whenSet();
    }

    /** {@link #shutdown(boolean) shutdown(false)}. */
    public final void shutdown() {
        shutdown(false);
    }

    /**
     * Ends the queue: nothing more can be put, and tasks that wait in a put get a {@link QueueShutDownException}. What lies in the
     * queue can still be taken; after that, a get fails in the same way.
     *
     * @param immediate drops what lies in the queue, and counts it as done
     */
    public final void shutdown(boolean immediate) {
        checkThread();
        shutDown = true;
        if (immediate) {
            int dropped = items.size();
            items.clear();
            finish(Math.min(dropped, unfinished));
        }
        get.waiters.wakeAll();
        putters.wakeAll();
    }

    /** How many items lie in the queue. asyncio: {@code qsize}. */
    public final int size() {
        return items.size();
    }

    /** How many items the queue holds; zero if there is no limit. */
    public final int maxSize() {
        return maxSize;
    }

    /** Whether no item lies in the queue. */
    public final boolean isEmpty() {
        return items.isEmpty();
    }

    /** Whether the queue holds as many items as it may. */
    public final boolean isFull() {
        return maxSize > 0 && items.size() >= maxSize;
    }

    private void add(T item) {
        items.add(item);
        unfinished++;
        if (finished != null) {
            finished.clear();
        }
        get.waiters.wakeNext();
    }

    private T take() {
        T item = items.remove();
        putters.wakeNext();
        return item;
    }

    private void finish(int done) {
        unfinished -= done;
        if (unfinished == 0 && finished != null) {
            finished.set();
        }
    }

    private void checkNotShutDown() {
        if (shutDown) {
            throw new QueueShutDownException("the queue was shut down");
        }
    }

    @Override
    public String toString() {
        return getClass().getSimpleName()
                + '('
                + items.size()
                + (maxSize == 0 ? "" : " of " + maxSize)
                + (shutDown ? ", shut down" : "")
                + (get.waiters.isEmpty() ? "" : ", " + get.waiters.size() + " getting")
                + (putters.isEmpty() ? "" : ", " + putters.size() + " putting")
                + ')';
    }

    private final class Get extends Wait<T> {
        Get(Waiters waiters) {
            super(waiters);
        }

        @Override
        public Object poll(Task<?> task) {
            check(task);
            if (!isEmpty()) {
                waiters.remove(task);
                return take();
            }
            if (shutDown) {
                waiters.remove(task);
                checkNotShutDown();
            }
            return PENDING;
        }

        @Override
        void passOn() {
            if (!isEmpty()) {
                waiters.wakeNext();
            }
        }

        @Override
        public String toString() {
            return Queue.this + ".get()";
        }
    }

    /** One for each item. */
    private final class Put extends Wait<@Nullable Void> {
        private @Nullable T item;

        Put(T item) {
            super(putters);
            this.item = item;
        }

        @Override
        public @Nullable Object poll(Task<?> task) {
            check(task);
            T ours = item;
            if (ours == null) {
                interrupt(task, null); // another task may have waited for it, too
                throw new IllegalStateException("this has put its item before: call put again to put the item again");
            }
            if (!shutDown && isFull()) {
                return PENDING;
            }
            item = null;
            boolean woken = waiters.remove(task);
            checkNotShutDown();
            try {
                add(ours);
            } catch (Throwable refused) { // by the comparator of a priority queue: there is still room for the next
                if (woken) {
                    passOn();
                }
                throw refused;
            }
            return null;
        }

        @Override
        void passOn() {
            if (!isFull()) {
                waiters.wakeNext();
            }
        }

        @Override
        public String toString() {
            return Queue.this + ".put()";
        }
    }
}

package io.samovar.sync;

import java.util.Comparator;

/**
 * A {@link Queue} whose least item is the first out. Equal items come in no particular order. asyncio: {@code PriorityQueue}.
 *
 * @param <T> the type of the items
 */
public final class PriorityQueue<T> extends Queue<T> {
    /** A queue without a limit, for items that are {@link Comparable}; a put of another fails with a {@link ClassCastException}. */
    public PriorityQueue() {
        this(0);
    }

    /**
     * A queue that holds so many items, which are {@link Comparable}; a put of another fails with a {@link ClassCastException}.
     *
     * @param maxSize zero or less for no limit
     */
    public PriorityQueue(int maxSize) {
        super(maxSize, new java.util.PriorityQueue<>());
    }

    /** A queue without a limit, for items in the order of {@code comparator}. */
    public PriorityQueue(Comparator<? super T> comparator) {
        this(0, comparator);
    }

    /**
     * A queue that holds so many items, in the order of {@code comparator}.
     *
     * @param maxSize zero or less for no limit
     */
    public PriorityQueue(int maxSize, Comparator<? super T> comparator) {
        super(maxSize, new java.util.PriorityQueue<>(comparator));
    }
}

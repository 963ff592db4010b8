package io.samovar.sync;

import java.util.ArrayDeque;
import java.util.Collections;

/**
 * A {@link Queue} whose last item in is the first out. asyncio: {@code LifoQueue}.
 *
 * @param <T> the type of the items
 */
public final class LifoQueue<T> extends Queue<T> {
    /** A queue without a limit. */
    public LifoQueue() {
        this(0);
    }

    /**
     * A queue that holds so many items.
     *
     * @param maxSize zero or less for no limit
     */
    public LifoQueue(int maxSize) {
        super(maxSize, Collections.asLifoQueue(new ArrayDeque<>()));
    }
}

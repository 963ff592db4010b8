package io.samovar;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What a loop will run next, in order: {@link Handle}s and {@link Task}s, told apart where they are run so that a task
 * that is woken costs no object.
 */
final class ReadyQueue {
    private @Nullable Object[] ring = new @Nullable Object[256];
    /** The index of the first entry; the ring's length is a power of two. */
    private int head;

    private int size;

    void add(Object entry) {
        if (size == ring.length) {
            grow();
        }
        ring[(head + size) & (ring.length - 1)] = entry;
        size++;
    }

    int size() {
        return size;
    }

    boolean isEmpty() {
        return size == 0;
    }

    Object remove() {
        Object entry = ring[head];
        assert entry != null : "empty";
        ring[head] = null;
        head = (head + 1) & (ring.length - 1);
        size--;
        return entry;
    }

    void clear() {
        Arrays.fill(ring, null);
        head = 0;
        size = 0;
    }

    private void grow() {
        Object[] larger = new Object[ring.length * 2];
        int front = ring.length - head;
        System.arraycopy(ring, head, larger, 0, front);
        System.arraycopy(ring, 0, larger, front, head);
        ring = larger;
        head = 0;
    }
}

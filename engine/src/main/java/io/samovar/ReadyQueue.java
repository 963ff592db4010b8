package io.samovar;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What a loop will run next, in order: {@link Handle}s and {@link Task}s, told apart where they are run so that a task
 * that is woken costs no object. Or, in {@link BeforePoll}, the actions for the end of the iteration.
 */
final class ReadyQueue {
    /** Not narrower for actions alone: HotSpot has to check what is stored into an array of anything but {@code Object}s. */
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

    /** Takes back the entry that was added last, if it is this one. */
    boolean removeLast(Object entry) {
        int last = (head + size - 1) & (ring.length - 1);
        if (size == 0 || ring[last] != entry) {
            return false;
        }
        ring[last] = null;
        size--;
        return true;
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

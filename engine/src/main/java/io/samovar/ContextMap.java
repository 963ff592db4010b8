package io.samovar;

import org.jspecify.annotations.Nullable;

/**
 * The values of context variables: a hash table that is never changed, so that any number of contexts may share it.
 *
 * <p>A program has few variables, reads them often and sets them seldom; so looking one up touches two neighbouring slots, and
 * setting one copies the table.
 */
final class ContextMap {
    static final ContextMap EMPTY = new ContextMap(new @Nullable Object[4], 0);

    /** What {@link #get} gives for a variable that is not set. */
    static final Object UNSET = new Object();

    /** A variable at each even index, its value behind it; never full. The length is a power of two. */
    private final @Nullable Object[] slots;

    private final int size;

    private ContextMap(@Nullable Object[] slots, int size) {
        this.slots = slots;
        this.size = size;
    }

    int size() {
        return size;
    }

    /** The variable's value, or {@link #UNSET}. */
    @Nullable
    Object get(ContextVar<?> variable) {
        int at = find(slots, variable);
        return slots[at] == null ? UNSET : slots[at + 1];
    }

    /** This map but for one variable; a value of {@link #UNSET} removes it. */
    ContextMap with(ContextVar<?> variable, @Nullable Object value) {
        int at = find(slots, variable);
        boolean replaced = slots[at] != null;
        if (value == UNSET) {
            return replaced ? copy(slots.length, size - 1, variable) : this;
        }
        ContextMap made = replaced
                ? new ContextMap(slots.clone(), size)
                : copy(size * 4 >= slots.length ? slots.length * 2 : slots.length, size + 1, variable);
        int place = find(made.slots, variable);
        made.slots[place] = variable;
        made.slots[place + 1] = value;
        return made;
    }

    /** A table that is at most half full, with room for one variable and without its value. */
    private ContextMap copy(int length, int newSize, ContextVar<?> without) {
        @Nullable Object[] copied = new @Nullable Object[length];
        for (int i = 0; i < slots.length; i += 2) {
            if (slots[i] instanceof ContextVar<?> variable && variable != without) {
                int at = find(copied, variable);
                copied[at] = variable;
                copied[at + 1] = slots[i + 1];
            }
        }
        return new ContextMap(copied, newSize);
    }

    /** The index of the variable, or of the free place for it. */
    private static int find(@Nullable Object[] slots, ContextVar<?> variable) {
        int mask = slots.length - 1;
        int at = (variable.hash << 1) & mask;
        while (slots[at] != null && slots[at] != variable) {
            at = (at + 2) & mask;
        }
        return at;
    }
}

package io.samovar;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Cancels what was gathered by what was gathered, however deep, on a Java stack that does not grow with that.
 *
 * <p>To cancel a {@link Gathering} is to cancel its children, and these may await others: each level is some calls on the stack. So
 * from a certain depth on it is only noted, and goes on when the stack is short again, still inside the outermost {@code cancel}.
 */
final class GatherCancel {
    private static final int MAX_DEPTH = 64;

    private int depth;

    /** Those that are to go on, and before them those that have. They stay until the end, so that a ring is noticed. */
    private final List<Gathering<?, ?>> noted = new ArrayList<>(0);

    /** {@return whether a child was cancelled or will be} */
    boolean cancel(Gathering<?, ?> gathering, @Nullable String message) {
        if (depth == MAX_DEPTH) {
            if (!gathering.noteCancel(message)) {
                return false;
            }
            noted.add(gathering);
            return true;
        }
        depth++;
        try {
            boolean cancelled = gathering.cancelChildren(message);
            if (depth == 1) {
                for (int i = 0; i < noted.size(); i++) { // it grows meanwhile
                    noted.get(i).cancelNoted();
                }
            }
            return cancelled;
        } finally {
            depth--;
            if (depth == 0) {
                noted.forEach(Gathering::forgetCancel);
                noted.clear();
            }
        }
    }
}

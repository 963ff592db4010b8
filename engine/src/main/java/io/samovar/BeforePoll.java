package io.samovar;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** What a loop runs once at the end of an iteration. */
final class BeforePoll {
    private final EventLoop loop;
    private @Nullable Runnable[] actions = new @Nullable Runnable[64];
    private int size;

    /** As long as the other array; empty but while {@link #run()} runs what is in it. */
    private @Nullable Runnable[] spare = new @Nullable Runnable[64];

    BeforePoll(EventLoop loop) {
        this.loop = loop;
    }

    void add(Runnable action) {
        if (size == actions.length) {
            actions = Arrays.copyOf(actions, size * 2);
        }
        actions[size++] = action;
    }

    /** Takes back the last one if it is this. */
    boolean removeLast(Runnable action) {
        if (size == 0 || actions[size - 1] != action) {
            return false;
        }
        actions[--size] = null;
        return true;
    }

    boolean isEmpty() {
        return size == 0;
    }

    /** Runs what was added so far; what is added meanwhile waits for the next iteration. */
    void run() {
        @Nullable Runnable[] batch = actions;
        int count = size;
        actions = spare;
        spare = batch;
        size = 0;
        for (int i = 0; i < count; i++) {
            Runnable action = batch[i];
            batch[i] = null;
            assert action != null;
            run(action);
        }
    }

    private void run(Runnable action) {
        try {
            action.run();
        } catch (VirtualMachineError fatal) {
            throw fatal;
        } catch (Throwable failure) {
            loop.report(new LoopFailure("what was to run before the poll failed", failure, action));
        }
    }

    void clear() {
        Arrays.fill(actions, null);
        Arrays.fill(spare, null);
        size = 0;
    }
}

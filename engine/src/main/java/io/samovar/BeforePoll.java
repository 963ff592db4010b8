package io.samovar;

import java.util.ArrayDeque;

/** What a loop runs once at the end of an iteration. */
final class BeforePoll {
    private final EventLoop loop;
    private final ArrayDeque<Runnable> actions = new ArrayDeque<>();

    BeforePoll(EventLoop loop) {
        this.loop = loop;
    }

    void add(Runnable action) {
        actions.add(action);
    }

    boolean isEmpty() {
        return actions.isEmpty();
    }

    /** Runs what was added so far; what is added meanwhile waits for the next iteration. */
    void run() {
        for (int left = actions.size(); left > 0; left--) {
            Runnable action = actions.remove();
            try {
                action.run();
            } catch (VirtualMachineError fatal) {
                throw fatal;
            } catch (Throwable failure) {
                loop.report(new LoopFailure("what was to run before the poll failed", failure, action));
            }
        }
    }

    void clear() {
        actions.clear();
    }
}

package io.samovar;

/** What a loop runs once at the end of an iteration. */
final class BeforePoll {
    private final EventLoop loop;
    private final ReadyQueue actions = new ReadyQueue();
    /** How many of the first {@link #run()} has yet to run; the others were added meanwhile. */
    private int left;

    BeforePoll(EventLoop loop) {
        this.loop = loop;
    }

    void add(Runnable action) {
        actions.add(action);
    }

    /** Takes back the last one if it is this. */
    boolean removeLast(Runnable action) {
        if (!actions.removeLast(action)) {
            return false;
        }
        left = Math.min(left, actions.size());
        return true;
    }

    boolean isEmpty() {
        return actions.isEmpty();
    }

    /**
     * Runs what was added so far; what is added meanwhile waits for the next iteration. After an error of the machine the rest is there
     * still, for a loop that goes on: or a stream whose bytes were to be sent here would wait for it for ever.
     */
    void run() {
        left = actions.size();
        while (left > 0) {
            left--;
            run((Runnable) actions.remove());
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
        actions.clear();
    }
}

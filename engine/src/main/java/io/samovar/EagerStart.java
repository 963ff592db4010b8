package io.samovar;

/**
 * Runs the first step of a task inside the step or callback that makes the task, and puts everything back that belongs to
 * the outer one.
 */
final class EagerStart {
    /**
     * Steps inside each other; a task beyond that starts lazily. A step may have {@link Frame#MAX_DEPTH} coroutines on the Java
     * stack, so that inner ones get fewer, see {@link #depth}.
     */
    private static final int MAX_NESTED = 12;

    /** What is left for the coroutines of a step however deep it is nested. */
    private static final int MIN_LEFT = 8;

    private EagerStart() {}

    /** Whether one more step may begin here and now. */
    static boolean isPossible(EventLoop loop) {
        return loop.runsCallback() && loop.nested < MAX_NESTED;
    }

    /** The depth at which the frames of a step begin: each nested step has half of what the one around it had. */
    private static int depth(int nested) {
        return Frame.MAX_DEPTH - Math.max(Frame.MAX_DEPTH >> nested, MIN_LEFT);
    }

    static void run(EventLoop loop, Task<?> task) {
        Task<?> creator = loop.currentTask();
        Context context = loop.context;
        Object handedValue = loop.handedValue;
        Throwable handedError = loop.handedError;
        Awaitable<?> tail = loop.tail;
        int depth = loop.depth;
        loop.context = null;
        loop.handedValue = null;
        loop.handedError = null;
        loop.tail = null;
        loop.depth = depth(++loop.nested);
        loop.enterNested(task);
        try {
            task.advance();
        } finally {
            loop.leave();
            loop.nested--;
            loop.depth = depth;
            loop.tail = tail;
            loop.handedError = handedError;
            loop.handedValue = handedValue;
            loop.goBackTo(creator, context);
        }
    }
}

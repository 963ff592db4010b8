package io.samovar;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Who waits for whom: a future, the coroutines that it is made of if it is a task, and the futures that await it, each with
 * its own. asyncio: {@code capture_call_graph}.
 *
 * <pre>{@code
 * * Task 'boil'(pending)
 *   + Call stack:
 *   |   at Kettle.whistle(Kettle.java:31)
 *   |   at Kettle.boil(Kettle.java:24)
 *   + Awaited by:
 *     * Task 'breakfast'(pending)
 *       + Call stack:
 *       |   at Kettle.breakfast(Kettle.java:12)
 * }</pre>
 *
 * <p>It shows the moment at which it was captured. The way outwards leads through {@code gather}, {@code wait}, {@code shield}, time
 * limits and task groups as well. A future that is reached on several ways is the same object in each place; tasks that await
 * each other in a ring end where the ring closes, and a chain of more than 256 futures ends there.
 *
 * @param future what the graph begins with
 * @param callStack where its coroutines stand, the innermost first; empty if it is not a task, or one that has not begun or is
 *     done
 * @param awaitedBy what waits for it
 */
public record CallGraph(Future<?> future, List<StackTraceElement> callStack, List<CallGraph> awaitedBy) {
    private static final int MAX_DEPTH = 256;

    public CallGraph {
        Objects.requireNonNull(future, "future");
        callStack = List.copyOf(callStack);
        awaitedBy = List.copyOf(awaitedBy);
    }

    /**
     * The call graph of the current task, {@code null} in a plain callback.
     *
     * @throws IllegalStateException if no loop is running in this thread
     */
    public static @Nullable CallGraph capture() {
        Task<?> current = Async.currentTask();
        return current == null ? null : capture(current);
    }

    /**
     * The call graph of a future or task.
     *
     * @throws NotLoopThreadException if called from another thread than that of the future's loop
     */
    public static CallGraph capture(Future<?> future) {
        return capture(future, Integer.MAX_VALUE);
    }

    /**
     * {@link #capture(Future)} with at most {@code limit} elements in each call stack, the innermost ones.
     *
     * @throws NotLoopThreadException if called from another thread than that of the future's loop
     */
    public static CallGraph capture(Future<?> future, int limit) {
        future.loop.checkThread();
        return capture(future, Math.max(limit, 0), 0, new IdentityHashMap<>());
    }

    private static CallGraph capture(Future<?> future, int limit, int depth, Map<Future<?>, CallGraph> captured) {
        List<StackTraceElement> stack = future instanceof Task<?> task ? task.stack() : List.of();
        List<CallGraph> awaitedBy = new ArrayList<>();
        // A ring comes back here while this future's own graph is being made: it ends with the future alone.
        captured.put(future, new CallGraph(future, List.of(), List.of()));
        for (Future<?> awaiter : depth < MAX_DEPTH ? future.awaiters() : List.<Future<?>>of()) {
            CallGraph known = captured.get(awaiter);
            awaitedBy.add(known == null ? capture(awaiter, limit, depth + 1, captured) : known);
        }
        CallGraph made = new CallGraph(future, stack.subList(0, Math.min(limit, stack.size())), awaitedBy);
        captured.put(future, made);
        return made;
    }

    /** The graph as text, as above. What is there twice is written down once. asyncio: {@code format_call_graph}. */
    public String format() {
        StringBuilder text = new StringBuilder();
        format("", text, Collections.newSetFromMap(new IdentityHashMap<>()));
        return text.toString();
    }

    private void format(String indent, StringBuilder text, Set<Future<?>> written) {
        text.append(indent).append("* ").append(future);
        if (!written.add(future)) {
            text.append(" (see above)\n");
            return;
        }
        text.append('\n');
        if (!callStack.isEmpty()) {
            text.append(indent).append("  + Call stack:\n");
            for (StackTraceElement element : callStack) {
                text.append(indent).append("  |   at ").append(element).append('\n');
            }
        }
        if (!awaitedBy.isEmpty()) {
            text.append(indent).append("  + Awaited by:\n");
            for (CallGraph awaiter : awaitedBy) {
                awaiter.format(indent + "    ", text, written);
            }
        }
    }

    /** Prints {@link #format()}. asyncio: {@code print_call_graph}. */
    public void print(PrintStream out) {
        out.print(format());
    }

    /** The future alone; {@link #format()} gives it all. */
    @Override
    public String toString() {
        return "CallGraph of " + future;
    }
}

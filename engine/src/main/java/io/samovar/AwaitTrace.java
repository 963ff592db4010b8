package io.samovar;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes into a failure's stack trace who awaited the code that threw it.
 *
 * <p>The Java stack under a resumed coroutine holds the loop and nothing else; those who await it are a chain of frames on the
 * heap. So a trace is made to read as if they had called:
 *
 * <pre>{@code
 * java.lang.IllegalStateException: no water
 *     at Kettle.boil(Kettle.java:31)
 *     at (async).await(awaited by)
 *     at Kettle.tea(Kettle.java:24)
 *     at Kettle.breakfast(Kettle.java:12)
 * }</pre>
 *
 * <p>What the run-time itself has on the stack is left out. It costs nothing before something fails; then it is done once for
 * each time that the failure leaves the Java stack, not for each frame. A failure that has no stack trace keeps none.
 */
final class AwaitTrace {
    static final int MAX_ELEMENTS = 256;

    private static final StackTraceElement ASYNC = new StackTraceElement("(async)", "await", "awaited by", -1);

    /** For programs in which failures are so frequent that writing them down is felt. */
    private static final boolean OFF = !Boolean.parseBoolean(System.getProperty("samovar.awaitTraces", "true"));

    private AwaitTrace() {}

    /** Adds {@code innermost} and those who await it, at most to {@link #MAX_ELEMENTS} elements in all. */
    static void append(Throwable failure, @Nullable Frame<?> innermost) {
        if (innermost != null) {
            rewrite(failure, trace -> join(trace, awaiting(innermost)));
        }
    }

    /** The coroutines that are on the Java stack now, and those who await them, found from the running task's leaf. */
    static List<StackTraceElement> now(@Nullable Frame<?> leaf) {
        List<StackTraceElement> now = tidied(stack());
        now.addAll(awaiting(leaf)); // frames that run or have ended are not suspended, so that each comes up once
        return now;
    }

    /** Adds the coroutines that are on the Java stack now, for a failure that is older than this stack. */
    static void appendStack(Throwable failure) {
        rewrite(failure, trace -> join(trace, tidied(stack())));
    }

    /** The Java stack down to where the current step begins. */
    private static List<StackTraceElement> stack() {
        return StackWalker.getInstance()
                .walk(frames -> frames.limit(4 * MAX_ELEMENTS)
                        .map(StackWalker.StackFrame::toStackTraceElement)
                        .takeWhile(element -> !isStep(element))
                        .toList());
    }

    /** Leaves out the run-time's own frames, and the loop below them. */
    static void tidy(Throwable failure) {
        rewrite(failure, trace -> {});
    }

    /** The trace as it is now, for {@link #reset}. */
    static StackTraceElement[] of(Throwable failure) {
        List<StackTraceElement> now = new ArrayList<>();
        rewrite(failure, now::addAll);
        return now.toArray(StackTraceElement[]::new);
    }

    /** Takes back what was added since. */
    static void reset(Throwable failure, StackTraceElement[] origin) {
        rewrite(failure, trace -> {
            trace.clear();
            trace.addAll(List.of(origin));
        });
    }

    /**
     * The stack of a loop's thread and those who await what runs there, for a task that is in the middle of a step.
     *
     * @param stack its Java stack, taken by another thread
     * @param resumed the outermost coroutine on that stack, read without order: what it awaits is old enough to be seen
     */
    static List<StackTraceElement> ofRunning(StackTraceElement[] stack, @Nullable Frame<?> resumed) {
        List<StackTraceElement> trace = tidied(List.of(stack));
        join(trace, awaiting(resumed));
        return List.copyOf(trace.subList(0, Math.min(trace.size(), MAX_ELEMENTS)));
    }

    /** Where {@code innermost} and those who await it are suspended, at most {@link #MAX_ELEMENTS}. */
    static List<StackTraceElement> awaiting(@Nullable Frame<?> innermost) {
        List<StackTraceElement> chain = new ArrayList<>();
        for (Frame<?> frame = innermost; frame != null && chain.size() < MAX_ELEMENTS; frame = frame.parent) {
            StackTraceElement element = frame.awaitsAt();
            if (element != null) {
                chain.add(element);
            }
        }
        return chain;
    }

    private static void join(List<StackTraceElement> trace, List<StackTraceElement> chain) {
        if (!chain.isEmpty() && !trace.isEmpty()) {
            trace.add(ASYNC);
        }
        trace.addAll(chain);
    }

    private interface Change {
        void to(List<StackTraceElement> trace);
    }

    private static void rewrite(Throwable failure, Change change) {
        if (OFF || failure instanceof VirtualMachineError) { // then there may be no memory for niceties
            return;
        }
        try {
            StackTraceElement[] old = failure.getStackTrace();
            if (old.length == 0 && !(failure instanceof CancelledError)) {
                return; // it was made to have none
            }
            List<StackTraceElement> trace = tidied(Arrays.asList(old));
            change.to(trace);
            List<StackTraceElement> shortened = trace.subList(0, Math.min(trace.size(), MAX_ELEMENTS));
            failure.setStackTrace(shortened.toArray(StackTraceElement[]::new));
        } catch (RuntimeException overridden) {
            // a Throwable whose own methods fail keeps what it has: the failure itself matters more
        }
    }

    /** Without the run-time's own frames and the loop below them, and with bodies named as in the source. */
    static List<StackTraceElement> tidied(Iterable<StackTraceElement> trace) {
        List<StackTraceElement> left = new ArrayList<>();
        for (StackTraceElement element : trace) {
            if (isStep(element)) {
                break;
            }
            if (isFrameClass(element)) {
                nameBody(left);
            } else if (!isRuntime(element)) {
                left.add(element);
            }
        }
        return left;
    }

    /** A body has a dollar after the name that its method has in the source. */
    private static void nameBody(List<StackTraceElement> trace) {
        int last = trace.size() - 1;
        if (last >= 0 && trace.get(last).getMethodName().endsWith("$")) {
            StackTraceElement body = trace.get(last);
            String method = body.getMethodName();
            trace.set(
                    last,
                    new StackTraceElement(
                            body.getClassLoaderName(),
                            body.getModuleName(),
                            body.getModuleVersion(),
                            body.getClassName(),
                            method.substring(0, method.length() - 1),
                            body.getFileName(),
                            body.getLineNumber()));
        }
    }

    /** Where the loop begins a task's step: what lies below is the same for every task. */
    private static boolean isStep(StackTraceElement element) {
        String className = element.getClassName();
        return element.getMethodName().equals("run")
                && (className.equals("io.samovar.Task") || className.equals("io.samovar.EagerStart"));
    }

    private static boolean isRuntime(StackTraceElement element) {
        return switch (element.getClassName()) {
            case "io.samovar.Frame",
                    "io.samovar.Task",
                    "io.samovar.Future",
                    "io.samovar.Failure",
                    "io.samovar.AwaitTrace",
                    "io.samovar.CallGraph",
                    "io.samovar.ForeignFuture",
                    "io.samovar.GeneratorFrame",
                    "io.samovar.GeneratorStep",
                    "io.samovar.GeneratorStep$Next",
                    "io.samovar.GeneratorStep$Close" -> true;
            default -> false;
        };
    }

    /** A class that the coroutine compiler has made; the body is a method of the class that it was written in. */
    private static boolean isFrameClass(StackTraceElement element) {
        return element.getFileName() == null
                && element.getMethodName().equals("resume")
                && element.getClassName().contains("$$");
    }
}

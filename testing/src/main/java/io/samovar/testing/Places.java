package io.samovar.testing;

import java.lang.StackWalker.StackFrame;
import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Places in the user's program, as people read them. */
final class Places {
    private static final String OURS = "io.samovar.";

    private Places() {}

    /** Lines, each of which begins with a line break. */
    static String lines(Stream<StackTraceElement> places) {
        return places.map(place -> "\n    at " + text(place)).collect(Collectors.joining());
    }

    /** What a thread that runs a loop does now, without the loop and what is below. */
    static String stackAbove(Thread running) {
        return lines(Arrays.stream(running.getStackTrace())
                .takeWhile(place -> !place.getClassName().equals("io.samovar.EventLoop"))
                .filter(place -> !isLibrary(place.getClassName(), place.getMethodName())));
    }

    /** The innermost place of the program on the stack after {@code how}, or an empty text if only the library is there. */
    static String here(String how) {
        return StackWalker.getInstance()
                .walk(frames -> frames.filter(frame -> !isLibrary(frame))
                        .findFirst()
                        .map(frame -> how + text(frame.toStackTraceElement()))
                        .orElse(""));
    }

    /** A coroutine's body has a dollar after the name that its method has in the source. */
    private static String text(StackTraceElement place) {
        String method = place.getMethodName();
        return new StackTraceElement(
                        place.getClassName(),
                        method.endsWith("$") ? method.substring(0, method.length() - 1) : method,
                        place.getFileName(),
                        place.getLineNumber())
                .toString();
    }

    private static boolean isLibrary(StackFrame frame) {
        String name = frame.getClassName();
        return name.startsWith("java.")
                || name.startsWith("jdk.")
                || name.startsWith("org.junit.")
                || isLibrary(name, frame.getMethodName());
    }

    private static boolean isLibrary(String name, String method) {
        return name.startsWith("io.samovar.net.")
                || name.startsWith("io.samovar.testing.")
                || name.startsWith("io.samovar.transport.")
                || (name.startsWith(OURS) && Character.isUpperCase(name.charAt(OURS.length())))
                || (method.equals("resume") && name.contains("$$")); // a class that the coroutine compiler has made
    }
}

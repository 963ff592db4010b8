package io.samovar.compiler;

import com.sun.source.util.JavacTask;

/**
 * The javac tasks that the processor has started for.
 *
 * <p>javac may load the processor and the guard with two class loaders, so a static field of this class is not the same for
 * both. System properties are.
 */
final class StartedTasks {
    private StartedTasks() {}

    static void add(JavacTask task) {
        System.setProperty(key(task), "true");
    }

    static void remove(JavacTask task) {
        System.clearProperty(key(task));
    }

    static boolean contains(JavacTask task) {
        return System.getProperty(key(task)) != null;
    }

    private static String key(JavacTask task) {
        return "io.samovar.compiler.started." + Integer.toHexString(System.identityHashCode(task));
    }
}

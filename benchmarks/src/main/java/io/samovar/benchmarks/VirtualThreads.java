package io.samovar.benchmarks;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import org.jspecify.annotations.Nullable;

/** Virtual threads for code that is compiled for Java 17, which has none. */
final class VirtualThreads {
    private static final @Nullable MethodHandle START = find();

    private VirtualThreads() {}

    static boolean available() {
        return START != null;
    }

    static void start(Runnable body) {
        MethodHandle start = START;
        if (start == null) {
            throw new IllegalStateException("virtual threads need JDK 21 or newer");
        }
        try {
            start.invoke(body);
        } catch (Throwable failed) {
            throw new IllegalStateException("no virtual thread could be started", failed);
        }
    }

    private static @Nullable MethodHandle find() {
        if (Runtime.version().feature() < 21) {
            return null; // 19 and 20 have them as a preview only
        }
        try {
            return MethodHandles.publicLookup()
                    .findStatic(
                            Thread.class, "startVirtualThread", MethodType.methodType(Thread.class, Runnable.class));
        } catch (ReflectiveOperationException none) {
            return null;
        }
    }
}

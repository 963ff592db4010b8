package io.samovar.tests.running;

import java.util.List;

/** The threads of this process. */
final class Threads {
    private Threads() {}

    /** The platform threads that are alive and whose name begins like this. */
    static List<Thread> named(String prefix) {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.isAlive() && thread.getName().startsWith(prefix))
                .toList();
    }
}

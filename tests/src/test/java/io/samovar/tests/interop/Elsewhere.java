package io.samovar.tests.interop;

import static org.assertj.core.api.Assertions.assertThat;

/** Another thread than the loop's. */
final class Elsewhere {
    private Elsewhere() {}

    /** Runs something on a thread of its own, and comes back when that is over. */
    static void run(Runnable code) {
        Throwable[] thrown = new Throwable[1];
        Thread thread = new Thread(code, "elsewhere");
        thread.setUncaughtExceptionHandler((where, failure) -> thrown[0] = failure);
        thread.start();
        try {
            thread.join();
        } catch (InterruptedException interrupted) {
            throw new AssertionError(interrupted);
        }
        assertThat(thrown[0]).isNull();
    }
}

package io.samovar.echo;

import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Makes Ctrl-C and SIGTERM an orderly end: asks the work to stop, and holds the end of the JVM back until the work is over
 * and its last results are printed.
 */
final class OrderlyEnd {
    /** What an orderly end may take. */
    private static final long LIMIT_SECONDS = 5;

    private OrderlyEnd() {}

    /**
     * Does the work.
     *
     * @param stop called on a thread of its own when a signal comes; makes {@code work} return soon
     */
    static <T> T onSignal(Runnable stop, Callable<T> work) throws Exception {
        CountDownLatch over = new CountDownLatch(1);
        Thread hook = new Thread(() -> stopAndWait(stop, over), "samovar-signal");
        Runtime.getRuntime().addShutdownHook(hook);
        try {
            return work.call();
        } finally {
            over.countDown();
            removeHook(hook);
        }
    }

    private static void stopAndWait(Runnable stop, CountDownLatch over) {
        stop.run();
        try {
            if (!over.await(LIMIT_SECONDS, TimeUnit.SECONDS)) {
                System.err.println("samovar-echo: gave up waiting for an orderly end");
            }
        } catch (InterruptedException hurry) {
            Thread.currentThread().interrupt();
        }
    }

    private static void removeHook(Thread hook) {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException ending) {
            // the signal has come; the JVM ends when the hook does
        }
    }
}

package io.samovar.net;

import java.time.Duration;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The threads of a resolver. Never virtual ones: a look-up is a native call, and would hold the thread that carries it, of which
 * there are as few as processors.
 */
final class ResolverThreads {
    /** Mostly they wait for a name server. More of them would only have it asked more at once. */
    private static final int SIZE = 16;

    private static final Duration IDLE = Duration.ofSeconds(30);

    private ResolverThreads() {}

    static ThreadPoolExecutor open() {
        return open(SIZE, IDLE);
    }

    /**
     * @param idle after so long without a look-up a thread ends
     */
    static ThreadPoolExecutor open(int size, Duration idle) {
        AtomicInteger made = new AtomicInteger();
        ThreadPoolExecutor threads = new ThreadPoolExecutor(
                size,
                size,
                idle.toNanos(),
                TimeUnit.NANOSECONDS,
                new LinkedBlockingQueue<>(),
                work -> thread(work, "samovar-resolver-" + made.incrementAndGet()));
        threads.allowCoreThreadTimeOut(true);
        return threads;
    }

    /** Keeps nothing of the program that happens to ask first: neither inherited thread locals nor a class loader. */
    private static Thread thread(Runnable work, String name) {
        Thread thread = new Thread(null, work, name, 0, false);
        thread.setDaemon(true);
        thread.setContextClassLoader(ClassLoader.getSystemClassLoader());
        return thread;
    }
}

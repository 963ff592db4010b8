package io.samovar;

import java.lang.reflect.InvocationTargetException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** The threads that blocking calls run on when the program has not said where. */
final class WorkerThreads {
    private static final String PREFIX = "samovar-worker-";

    /** How long a thread of the pool stays when there is nothing to do. */
    private static final long IDLE_SECONDS = 60;

    private WorkerThreads() {}

    /** One virtual thread for each call where Java has them, that is from 21 on; else a pool. */
    static ExecutorService open() {
        return Runtime.version().feature() >= 21 ? virtual() : pool(size());
    }

    /** asyncio: the default of {@code ThreadPoolExecutor}. */
    private static int size() {
        return Math.min(32, Runtime.getRuntime().availableProcessors() + 4);
    }

    /** {@code Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name(PREFIX, 1).factory())}, for Java 17 to compile. */
    private static ExecutorService virtual() {
        try {
            Object builder = Thread.class.getMethod("ofVirtual").invoke(null);
            Class<?> type = Class.forName("java.lang.Thread$Builder$OfVirtual");
            builder = type.getMethod("name", String.class, long.class).invoke(builder, PREFIX, 1L);
            Object factory = type.getMethod("factory").invoke(builder);
            return (ExecutorService) Executors.class
                    .getMethod("newThreadPerTaskExecutor", ThreadFactory.class)
                    .invoke(null, factory);
        } catch (ClassNotFoundException
                | NoSuchMethodException
                | IllegalAccessException
                | InvocationTargetException impossible) {
            throw new LinkageError("this version of Java should have virtual threads", impossible);
        }
    }

    /** So many threads at most, each made when there is a call for it. They are daemons, as virtual threads are. */
    static ExecutorService pool(int size) {
        AtomicInteger made = new AtomicInteger();
        ThreadPoolExecutor pool = new ThreadPoolExecutor(
                size, size, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), work -> {
                    Thread thread = new Thread(work, PREFIX + made.incrementAndGet());
                    thread.setDaemon(true);
                    return thread;
                });
        pool.allowCoreThreadTimeOut(true);
        return pool;
    }
}

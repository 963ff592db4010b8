package io.samovar.net;

import io.samovar.EventLoop;
import io.samovar.LoopClosedException;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * The costly parts of one engine's handshake, such as signing and checking certificates: milliseconds that the loop must not
 * spend. They run on threads of their own, and until they are done nobody else touches the engine; also not to release it.
 */
final class TlsWork implements Runnable {
    /** Handshakes that wait for a worker: seconds of work, for which nobody would wait any longer. */
    private static final int MOST_WAITING = 10_000;

    private static final Executor WORKERS = workers();

    private final EventLoop loop;
    private final TlsEngines engines;
    private final SSLEngine engine;
    /** Told on the loop thread, with what went wrong. */
    private final Consumer<@Nullable Throwable> done;

    /** The loop thread's view: they were started, and {@link #done} has not been told. */
    private boolean started;

    /** Guarded by {@code this}: the engine is in use by a worker. */
    private boolean inUse;

    /** Guarded by {@code this}: nobody needs the engine after the worker. */
    private boolean released;

    TlsWork(EventLoop loop, TlsEngines engines, SSLEngine engine, Consumer<@Nullable Throwable> done) {
        this.loop = loop;
        this.engines = engines;
        this.engine = engine;
        this.done = done;
    }

    boolean isUnderWay() {
        return started;
    }

    /**
     * Hands the tasks to the workers.
     *
     * @throws SSLException if too many others wait for them
     */
    void start() throws SSLException {
        started = true;
        synchronized (this) {
            inUse = true;
        }
        boolean accepted = false;
        try {
            WORKERS.execute(this);
            accepted = true;
        } catch (RejectedExecutionException full) {
            throw new SSLException("more than " + MOST_WAITING + " handshakes wait for their turn", full);
        } finally {
            if (!accepted) { // the system may have no thread, too
                started = false;
                synchronized (this) {
                    inUse = false;
                }
            }
        }
    }

    @Override
    public void run() {
        Throwable failure = null;
        try {
            for (Runnable task; (task = next()) != null; ) {
                task.run();
            }
        } catch (Throwable broken) { // told to whoever waits for the handshake
            failure = broken;
        }
        boolean nobodyWaits;
        synchronized (this) {
            inUse = false;
            nobodyWaits = released;
        }
        if (nobodyWaits) {
            engines.release(engine);
            return;
        }
        Throwable told = failure;
        try {
            loop.execute(() -> {
                started = false;
                done.accept(told);
            });
        } catch (LoopClosedException closed) {
            // and all its sockets with it
        }
    }

    /** Nothing more once nobody waits for it: a connection that is gone costs no signature. */
    private @Nullable Runnable next() {
        synchronized (this) {
            if (released) {
                return null;
            }
        }
        return engine.getDelegatedTask();
    }

    /** Gives the engine back: now, or when the worker has done with it. */
    void release() {
        synchronized (this) {
            if (released) {
                return;
            }
            released = true;
            if (inUse) {
                return;
            }
        }
        engines.release(engine);
    }

    private static Executor workers() {
        int threads = Math.max(2, Runtime.getRuntime().availableProcessors());
        AtomicInteger count = new AtomicInteger();
        ThreadPoolExecutor executor = new ThreadPoolExecutor(
                threads, threads, 10, TimeUnit.SECONDS, new LinkedBlockingQueue<>(MOST_WAITING), work -> {
                    Thread thread = new Thread(work, "samovar-tls-" + count.incrementAndGet());
                    thread.setDaemon(true);
                    return thread;
                });
        executor.allowCoreThreadTimeOut(true);
        return executor;
    }
}

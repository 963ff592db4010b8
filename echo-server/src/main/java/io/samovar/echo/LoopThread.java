package io.samovar.echo;

import io.netty.util.concurrent.FastThreadLocalThread;
import io.samovar.Coroutine;
import io.samovar.EventLoop;
import io.samovar.LoopClosedException;
import io.samovar.transport.TransportProvider;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * A thread that runs an event loop, for callers on other threads.
 *
 * <p>The coroutines given to {@link #call} must have ended when it is closed; any thread may use it.
 */
final class LoopThread implements AutoCloseable {
    private final EventLoop loop;
    private final Thread thread;

    private LoopThread(String name, TransportProvider transport) {
        loop = EventLoop.builder().transport(transport).open();
        thread = new FastThreadLocalThread(this::run, name); // which Netty's buffer pools are quick on
    }

    static LoopThread start(String name, TransportProvider transport) {
        LoopThread started = new LoopThread(name, transport);
        started.thread.setDaemon(true); // a run that fails must not keep the JVM
        started.thread.start();
        return started;
    }

    private void run() {
        try (EventLoop own = loop) {
            own.runForever();
        }
    }

    /** Runs a coroutine on the loop and waits for its result; its failure is thrown as it is. */
    <T extends @Nullable Object> T call(Callable<? extends Coroutine<? extends T>> coroutine) throws Exception {
        try {
            return loop.<T>submit(coroutine).get();
        } catch (ExecutionException failed) {
            if (failed.getCause() instanceof Exception cause) {
                throw cause;
            }
            throw failed;
        }
    }

    /** Has something run on the loop, if that has not ended yet. */
    void execute(Runnable callback) {
        try {
            loop.execute(callback);
        } catch (LoopClosedException over) {
            // nothing is left that it could be meant for
        }
    }

    /** The thread, for its CPU time. */
    Thread thread() {
        return thread;
    }

    /** Stops the loop, and waits for its thread to end. */
    @Override
    public void close() {
        execute(loop::stop);
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException later) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}

package io.samovar.tests.transport;

import org.jspecify.annotations.Nullable;

/** A thread that plays a peer. Closing it waits for its end, and throws what it threw. */
final class Background implements AutoCloseable {
    /** What the thread does. */
    @FunctionalInterface
    interface Work {
        void run() throws Exception;
    }

    private final Thread thread;
    private volatile @Nullable Throwable failure;

    Background(Work work) {
        thread = new Thread(() -> {
            try {
                work.run();
            } catch (Throwable thrown) {
                failure = thrown;
            }
        });
        thread.setDaemon(true);
        thread.start();
    }

    boolean isDone() {
        return !thread.isAlive();
    }

    @Override
    public void close() {
        try {
            thread.join(Driver.PATIENCE.toMillis());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        if (failure != null) {
            throw new AssertionError("the peer's thread failed", failure);
        }
        if (thread.isAlive()) {
            throw new AssertionError("the peer's thread hangs");
        }
    }
}

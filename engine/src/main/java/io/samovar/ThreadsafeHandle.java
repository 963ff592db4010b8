package io.samovar;

import java.util.Objects;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A handle for any thread: once {@link #cancel()} has returned, the callback either never runs or has ended. asyncio:
 * {@code _ThreadSafeHandle}.
 */
final class ThreadsafeHandle extends Handle {
    private final Guarded guarded;

    ThreadsafeHandle(EventLoop loop, Runnable callback) {
        this(loop, new Guarded(callback));
    }

    private ThreadsafeHandle(EventLoop loop, Guarded guarded) {
        super(loop, Context.bind(guarded));
        this.guarded = guarded;
    }

    @Override
    public void cancel() {
        guarded.cancel();
    }

    @Override
    public boolean isCancelled() {
        return guarded.isCancelled();
    }

    @Override
    public String toString() {
        return "Handle" + guarded.state();
    }

    /** The callback behind a lock. To the loop it is an ordinary callback, so plain handles need not know of locks. */
    private static final class Guarded implements Runnable {
        /** Held while the callback runs. The callback may cancel itself, so the lock lets its holder in again. */
        private final ReentrantLock lock = new ReentrantLock();

        /** {@code null} once it ran or was cancelled; kept when it failed, for the report to name it. Written under the lock. */
        private volatile @Nullable Runnable callback;
        /** Written under the lock; volatile, as the callback is, for {@link #state}, which must not wait. */
        private volatile boolean started;

        private boolean cancelled;

        Guarded(Runnable callback) {
            this.callback = Objects.requireNonNull(callback, "callback");
        }

        @Override
        public void run() {
            lock.lock();
            try {
                Runnable toRun = callback;
                if (toRun != null) {
                    started = true;
                    toRun.run();
                    callback = null;
                }
            } finally {
                lock.unlock();
            }
        }

        void cancel() {
            lock.lock();
            try {
                if (!started && !cancelled) {
                    callback = null;
                    cancelled = true;
                }
            } finally {
                lock.unlock();
            }
        }

        boolean isCancelled() {
            lock.lock();
            try {
                return cancelled;
            } finally {
                lock.unlock();
            }
        }

        String state() {
            Runnable toRun = callback;
            return started ? "(ran)" : toRun == null ? "(cancelled)" : "(" + toRun + ')';
        }

        @Override
        public String toString() {
            return String.valueOf(callback);
        }
    }
}

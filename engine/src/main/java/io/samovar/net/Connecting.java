package io.samovar.net;

import io.samovar.AsyncTimeoutException;
import io.samovar.Awaitable;
import io.samovar.EventLoop;
import io.samovar.Frame;
import io.samovar.Task;
import io.samovar.TimerHandle;
import io.samovar.transport.StreamSocket;
import java.net.InetSocketAddress;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Makes one connection. */
final class Connecting extends Frame<TcpStream> {
    private static final int CONNECTED = 1;

    private final InetSocketAddress remote;
    private final @Nullable InetSocketAddress local;
    private final @Nullable Duration timeLimit;
    private final TcpOptions options;

    /** Open from the first step on; closed again here if anything goes wrong. */
    private @Nullable StreamSocket socket;

    Connecting(
            InetSocketAddress remote,
            @Nullable InetSocketAddress local,
            @Nullable Duration timeLimit,
            TcpOptions options) {
        this.remote = remote;
        this.local = local;
        this.timeLimit = timeLimit;
        this.options = options;
    }

    @Override
    protected @Nullable Object resume(Task<?> task, int at) throws Throwable {
        EventLoop loop = task.loop();
        try {
            if (at == CONNECTED) {
                awaited(task);
            } else {
                StreamSocket opened = loop.transport().stream();
                socket = opened;
                if (await(new Attempt(loop, opened), task, CONNECTED) == SUSPENDED) {
                    return SUSPENDED;
                }
            }
            assert socket != null;
            return new TcpStream(loop, socket, options, null);
        } catch (Throwable failure) {
            if (socket != null) {
                socket.close();
            }
            throw failure;
        }
    }

    /** The wait for the connection to stand. */
    private final class Attempt implements Awaitable<@Nullable Void> {
        private final EventLoop loop;
        private final StreamSocket opened;
        private boolean started;
        /** The transport has said that the connect has ended, one way or the other. */
        private boolean ready;

        private boolean late;
        private @Nullable Task<?> waiting;
        private @Nullable TimerHandle timer;

        Attempt(EventLoop loop, StreamSocket opened) {
            this.loop = loop;
            this.opened = opened;
        }

        @Override
        public @Nullable Object poll(Task<?> task) {
            boolean over = true;
            try {
                boolean connected = started ? ready && opened.finishConnect() : start();
                if (!connected && late) {
                    throw new AsyncTimeoutException("connect to " + remote + " took longer than " + timeLimit);
                }
                ready = false;
                over = connected;
                return connected ? null : PENDING;
            } finally {
                if (over) {
                    forgetTimer();
                }
            }
        }

        private boolean start() {
            started = true;
            options.applyTo(opened);
            if (local != null) {
                opened.bind(local);
            }
            opened.listener((readable, writable) -> {
                ready |= writable;
                wake();
            });
            return opened.connect(remote);
        }

        @Override
        public void park(Task<?> task) {
            waiting = task;
            if (timeLimit != null && timer == null) {
                timer = loop.callLater(timeLimit, () -> {
                    late = true;
                    wake();
                });
            }
        }

        @Override
        public boolean interrupt(Task<?> task, @Nullable String message) {
            waiting = null;
            forgetTimer();
            return false;
        }

        private void wake() {
            Task<?> task = waiting;
            if (task != null) {
                waiting = null;
                task.wakeup();
            }
        }

        private void forgetTimer() {
            if (timer != null) {
                timer.cancel();
            }
        }
    }
}

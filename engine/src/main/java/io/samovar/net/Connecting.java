package io.samovar.net;

import io.samovar.AsyncTimeoutException;
import io.samovar.Awaitable;
import io.samovar.EventLoop;
import io.samovar.Task;
import io.samovar.TimerHandle;
import io.samovar.transport.StreamSocket;
import java.net.InetSocketAddress;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The wait of one task for its connection to stand. The socket stays the caller's. */
final class Connecting implements Awaitable<@Nullable Void> {
    private final EventLoop loop;
    private final StreamSocket socket;
    private final InetSocketAddress remote;
    private final @Nullable InetSocketAddress local;
    private final @Nullable Duration timeLimit;
    private final TcpOptions options;

    private boolean started;
    /** The transport has said that the connect has ended, one way or the other. */
    private boolean ready;

    private boolean late;
    private @Nullable Task<?> waiting;
    private @Nullable TimerHandle timer;

    Connecting(
            EventLoop loop,
            StreamSocket socket,
            InetSocketAddress remote,
            @Nullable InetSocketAddress local,
            @Nullable Duration timeLimit,
            TcpOptions options) {
        this.loop = loop;
        this.socket = socket;
        this.remote = remote;
        this.local = local;
        this.timeLimit = timeLimit;
        this.options = options;
    }

    @Override
    public @Nullable Object poll(Task<?> task) {
        boolean over = true;
        try {
            boolean connected = started ? ready && socket.finishConnect() : start();
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
        options.applyTo(socket);
        if (local != null) {
            socket.bind(local);
        }
        socket.listener((readable, writable) -> {
            ready |= writable;
            wake();
        });
        return socket.connect(remote);
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

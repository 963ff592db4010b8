package io.samovar.net;

import io.samovar.Awaitable;
import io.samovar.EventLoop;
import io.samovar.Task;
import io.samovar.TimerHandle;
import io.samovar.transport.StreamSocket;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The wait of one task for the first connection that stands; gives {@code null} when all addresses have failed. RFC 8305,
 * section 5.
 *
 * <p>All decisions are made in {@link #poll}, when the task runs. So it does not matter what comes at the same time: the first
 * attempt that stands is taken and all others are closed in one go, and a task that is cancelled instead takes none.
 */
final class Connecting implements Awaitable<@Nullable StreamSocket>, AutoCloseable {
    private final EventLoop loop;
    private final Iterator<InetSocketAddress> untried;
    private final LocalAddresses from;
    private final @Nullable Duration delay;
    private final TcpOptions options;

    /** In the order in which they began. */
    private final List<ConnectAttempt> attempts = new ArrayList<>(1);

    /** Another attempt shall begin. */
    private boolean due = true;
    /** Makes one due. */
    private @Nullable TimerHandle timer;

    private @Nullable Task<?> waiting;

    /** @param delay from one attempt to the next; {@code null} if only a failure begins the next */
    Connecting(
            EventLoop loop,
            List<InetSocketAddress> addresses,
            LocalAddresses from,
            @Nullable Duration delay,
            TcpOptions options) {
        this.loop = loop;
        this.untried = addresses.iterator();
        this.from = from;
        this.delay = delay;
        this.options = options;
    }

    /** Of the addresses that have failed, in the order in which they were tried. */
    List<NetworkException> failures() {
        List<NetworkException> failures = new ArrayList<>(0);
        for (ConnectAttempt attempt : attempts) {
            NetworkException failure = attempt.failure();
            if (failure != null) {
                failures.add(failure);
            }
        }
        return failures;
    }

    @Override
    public @Nullable Object poll(Task<?> task) {
        boolean anyUnderWay = false;
        for (ConnectAttempt attempt : attempts) {
            if (attempt.isUnderWay()) {
                if (attempt.stands()) {
                    return win(attempt);
                }
                due |= !attempt.isUnderWay(); // it has failed just now
                anyUnderWay |= attempt.isUnderWay();
            }
        }
        while (due && untried.hasNext()) {
            ConnectAttempt next = new ConnectAttempt(untried.next(), this::wake);
            attempts.add(next);
            if (next.start(loop, from, options)) {
                return win(next);
            }
            if (next.isUnderWay()) {
                anyUnderWay = true;
                waitForNext();
            }
        }
        return anyUnderWay ? PENDING : null;
    }

    private @Nullable StreamSocket win(ConnectAttempt winner) {
        StreamSocket socket = winner.take();
        close();
        return socket;
    }

    private void waitForNext() {
        due = false;
        forgetTimer();
        if (delay != null && untried.hasNext()) {
            timer = loop.callLater(delay, () -> {
                due = true;
                wake();
            });
        }
    }

    @Override
    public void park(Task<?> task) {
        waiting = task;
    }

    @Override
    public boolean interrupt(Task<?> task, @Nullable String message) {
        waiting = null;
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
            timer = null;
        }
    }

    /** Closes every socket that was not given out. */
    @Override
    public void close() {
        forgetTimer();
        attempts.forEach(ConnectAttempt::close);
    }
}

package io.samovar.net;

import io.samovar.EventLoop;
import io.samovar.transport.ReadinessListener;
import io.samovar.transport.StreamSocket;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/** One socket on its way to one address. */
final class ConnectAttempt implements ReadinessListener {
    /*
     * Fresh -> under way -> connected or failed. The socket is there from when it is under way until it is closed.
     */
    private final InetSocketAddress remote;
    private final Runnable wake;

    private @Nullable StreamSocket socket;
    /** The transport has said that the connect has ended, one way or the other. */
    private boolean ready;

    private @Nullable NetworkException failure;

    /** An attempt that has not begun; {@code wake} is told when it is worth asking {@link #stands()}. */
    ConnectAttempt(InetSocketAddress remote, Runnable wake) {
        this.remote = remote;
        this.wake = wake;
    }

    /** Begins. Gives whether the connection stands at once; {@code false} as well if it has failed. */
    boolean start(EventLoop loop, LocalAddresses from, TcpOptions options) {
        try {
            StreamSocket opened = loop.transport().stream();
            socket = opened;
            options.applyTo(opened);
            from.bind(opened, remote);
            opened.listener(this);
            return opened.connect(remote);
        } catch (NetworkException failed) {
            fail(failed);
            return false;
        }
    }

    boolean isUnderWay() {
        return socket != null;
    }

    /** Whether the connection stands now; it may turn out to have failed instead. */
    boolean stands() {
        if (!ready || socket == null) {
            return false;
        }
        ready = false;
        try {
            return socket.finishConnect();
        } catch (NetworkException failed) {
            fail(failed);
            return false;
        }
    }

    private void fail(NetworkException failed) {
        failure = failed;
        close();
    }

    @Nullable
    NetworkException failure() {
        return failure;
    }

    /** Gives the socket away. */
    @Nullable
    StreamSocket take() {
        StreamSocket taken = socket;
        socket = null;
        return taken;
    }

    void close() {
        if (socket != null) {
            socket.close();
            socket = null;
        }
    }

    @Override
    public void ready(boolean readable, boolean writable) {
        if (writable) {
            ready = true;
            wake.run();
        }
    }
}

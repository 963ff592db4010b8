package io.samovar.transport.netty;

import io.netty.channel.IoRegistration;
import io.netty.channel.unix.Socket;
import io.samovar.net.StreamClosedException;
import io.samovar.transport.ReadinessListener;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What native streams and listeners share: the descriptor, its one registration and the way of an event.
 *
 * <p>The mechanism arms the registration once, edge-triggered and with interest in everything, and calls {@link #event}
 * for what it then tells. After that it is not called again for the life of the descriptor.
 */
public abstract class NativeSocket {
    final NativeTransport transport;
    final Socket fd;

    /** Set before the first operation. */
    private @Nullable ReadinessListener listener;

    private final IoRegistration registration;

    /** Whether the mechanism has been asked for events. */
    private boolean armed;

    /**
     * @param fd becomes this socket's, and the transport's to close with itself; closed if this constructor throws
     */
    NativeSocket(NativeTransport transport, Socket fd) {
        this.transport = transport;
        this.fd = fd;
        this.registration = transport.attach(this);
    }

    /** The descriptor, for the mechanism's handle. */
    public final Socket fd() {
        return fd;
    }

    /**
     * The mechanism says that something happened. It may be spurious, or stale from an earlier owner of the descriptor's
     * number in the same batch, so it only allows operations to be tried: what they find decides.
     *
     * @param hangup the peer will send no more, or the connection is broken, so a short read does not mean "drained"
     */
    public final void event(boolean readable, boolean writable, boolean hangup) {
        if (!fd.isOpen()) {
            return;
        }
        noteReady(readable, writable, hangup); // even while nobody is told: no further event will tell of it
        ReadinessListener told = listener;
        if (told == null) {
            return;
        }
        try {
            told.ready(readable, writable);
        } catch (Throwable failure) {
            transport.listenerFailed(failure);
        }
    }

    /** Remembers what may be tried now. */
    abstract void noteReady(boolean readable, boolean writable, boolean hangup);

    public final void listener(ReadinessListener readinessListener) {
        listener = Objects.requireNonNull(readinessListener);
    }

    public final boolean isOpen() {
        return fd.isOpen();
    }

    /**
     * Asks the mechanism for events; from now on they may come. If it refuses, this socket is closed.
     *
     * @param doing what this is part of
     */
    final void arm(String doing) {
        try {
            transport.arm(registration);
            armed = true;
        } catch (UncheckedIOException failed) {
            close();
            IOException cause = failed.getCause();
            throw cause == null ? failed : NativeErrors.translate(doing, cause);
        }
    }

    public final void close() {
        if (!fd.isOpen()) {
            return;
        }
        if (armed) {
            transport.beforeClose(registration);
        }
        NativeTransport.closeQuietly(fd);
        // Only now: closing has taken the descriptor out of the mechanism, which saves a system call. Nothing can come
        // in between, for all of this happens on one thread.
        registration.cancel();
        transport.closed(fd);
        transport.tellClosed(listener);
    }

    final void checkOpen(String doing) {
        if (!fd.isOpen()) {
            throw new StreamClosedException(doing + ": the socket is closed");
        }
    }
}

package io.samovar.transport.netty;

import io.netty.channel.IoRegistration;
import io.netty.channel.unix.FileDescriptor;
import io.samovar.transport.Errno;
import io.samovar.transport.ReadinessListener;
import io.samovar.transport.Watch;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/**
 * A descriptor that somebody else has opened, level-triggered.
 *
 * <p>It may be closed at any time without a word, and then its number may be another's: the program's, or that of a new socket
 * of this transport. So nothing that is remembered about it is trusted when it is asked for again.
 */
public final class NativeWatch implements Watch {
    /** No such entry: epoll does not have the descriptor, so it was closed since it was added. */
    private static final int ENOENT = 2;

    private final NativeTransport transport;
    private final FileDescriptor fd;
    private final ReadinessListener listener;

    /** {@code null} while nothing is asked for. */
    private @Nullable IoRegistration registration;

    private boolean reading;
    private boolean writing;

    NativeWatch(NativeTransport transport, int descriptor, ReadinessListener listener) {
        this.transport = transport;
        this.fd = new FileDescriptor(descriptor);
        this.listener = listener;
    }

    /** The descriptor, for the mechanism's handle. It is never closed by this. */
    public FileDescriptor fd() {
        return fd;
    }

    /** Whether the mechanism has been asked to tell of reading. */
    public boolean reading() {
        return reading;
    }

    /** Whether the mechanism has been asked to tell of writing. */
    public boolean writing() {
        return writing;
    }

    /** The mechanism says that the descriptor is ready. */
    public void event(boolean readable, boolean writable) {
        try {
            listener.ready(readable && reading, writable && writing);
        } catch (Throwable failure) {
            transport.listenerThrew(failure);
        }
    }

    @Override
    public void interest(boolean wantsReading, boolean wantsWriting) {
        if (transport.isSocket(fd)) {
            throw new IllegalStateException("descriptor " + fd.intValue()
                    + " belongs to a socket of this transport, which alone may wait for it");
        }
        try {
            follow(wantsReading, wantsWriting);
        } catch (UncheckedIOException failed) {
            if (reading || writing) { // it was followed before
                throw refused(failed);
            }
            cancel();
            throw refused(failed);
        }
        reading = wantsReading;
        writing = wantsWriting;
    }

    private void follow(boolean wantsReading, boolean wantsWriting) {
        IoRegistration known = registration;
        if (known != null) {
            try {
                transport.follow(known, this, wantsReading, wantsWriting);
                return;
            } catch (UncheckedIOException failed) {
                IOException cause = failed.getCause();
                if (cause == null || NativeErrors.number(cause) != ENOENT) {
                    throw failed;
                }
            }
            descriptorWasClosed();
            transport.detach(this);
        }
        IoRegistration made = transport.attach(this);
        registration = made;
        transport.follow(made, this, wantsReading, wantsWriting);
    }

    private RuntimeException refused(UncheckedIOException failed) {
        IOException cause = failed.getCause();
        if (cause == null) {
            return failed;
        }
        if (NativeErrors.number(cause) == Errno.EPERM.number(NativeErrors.BSD)) {
            return new UnsupportedOperationException(
                    "descriptor " + fd.intValue()
                            + " cannot be watched: it is a regular file or a directory, which is always ready (EPERM)",
                    cause);
        }
        return NativeErrors.translate("watch descriptor " + fd.intValue(), cause);
    }

    @Override
    public void cancel() {
        IoRegistration known = registration;
        if (known == null) {
            return;
        }
        registration = null;
        transport.detach(this);
        transport.unfollow(known, this);
        reading = false;
        writing = false;
    }

    /** The mechanism has forgotten it by itself, and its number may be another's. */
    void descriptorWasClosed() {
        if (registration != null) {
            registration.cancel();
            registration = null;
        }
        reading = false;
        writing = false;
    }
}

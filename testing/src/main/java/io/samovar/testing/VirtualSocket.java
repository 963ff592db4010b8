package io.samovar.testing;

import io.samovar.net.StreamClosedException;
import io.samovar.transport.Errno;
import io.samovar.transport.ReadinessListener;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What streams and listeners of a virtual network share: being open, and somebody who is told when they are ready. */
abstract class VirtualSocket {
    final VirtualNetwork network;
    private @Nullable ReadinessListener listener;
    private boolean open = true;

    VirtualSocket(VirtualNetwork network) {
        this.network = network;
        network.opened(this);
    }

    public final void listener(ReadinessListener readinessListener) {
        listener = Objects.requireNonNull(readinessListener);
    }

    public final boolean isOpen() {
        return open;
    }

    /** Only inside a poll. */
    final void tell(boolean readable, boolean writable) {
        ReadinessListener told = listener;
        if (open && told != null) {
            told.ready(readable, writable);
        }
    }

    /** From now on nothing can be done with the socket. */
    final void markClosed() {
        open = false;
        network.closed(this);
    }

    /** Ends what the socket is to its peers. */
    abstract void release();

    final void closeWithTransport() {
        if (!open) {
            return;
        }
        markClosed();
        release();
        ReadinessListener told = listener;
        if (told != null) {
            told.closed();
        }
    }

    final void checkOpen(String doing) {
        if (!open) {
            throw new StreamClosedException(doing + ": the socket is closed");
        }
    }

    static RuntimeException failure(Errno errno, String doing) {
        return errno.exception(doing, false, new IOException("the virtual network does as Linux: " + errno));
    }

    static void checkResolved(InetSocketAddress address) {
        if (address.isUnresolved()) {
            throw new IllegalArgumentException("the address " + address.getHostString()
                    + " is not resolved: resolve it off the loop thread first");
        }
    }
}

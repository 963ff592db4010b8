package io.samovar.testing;

import io.samovar.transport.Errno;
import io.samovar.transport.ListenOptions;
import io.samovar.transport.ListenSocket;
import io.samovar.transport.StreamSocket;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/** A listener of a virtual network. */
final class VirtualListener extends VirtualSocket implements ListenSocket {
    private final InetSocketAddress address;
    private final int backlog;
    /** Our ends of connections that stand and that nobody has accepted. */
    private final Queue<VirtualStream> queue = new ArrayDeque<>();
    /** Clients that found the queue full; they wait, as they would try again. */
    private final Queue<VirtualStream> outside = new ArrayDeque<>();

    private boolean mayAccept;

    VirtualListener(VirtualNetwork network, ListenOptions options) {
        super(network);
        backlog = Math.max(1, options.backlog());
        String doing = "listen on " + options.address();
        try {
            address =
                    network.addresses().take(this, options.address(), options.reusePort(), options.dualStack(), doing);
        } catch (RuntimeException refused) {
            markClosed();
            throw refused;
        }
    }

    /** A client wants to be let in. */
    void knock(VirtualStream client) {
        if (queue.size() >= backlog) {
            outside.add(client);
        } else if (client.isConnecting()) {
            letIn(client);
        }
    }

    private void letIn(VirtualStream client) {
        queue.add(client.letIn());
        if (!mayAccept) {
            mayAccept = true;
            tell(true, false);
        }
    }

    @Override
    public @Nullable StreamSocket accept() {
        checkOpen("accept");
        if (!mayAccept) {
            return null;
        }
        VirtualStream accepted = queue.poll();
        if (accepted == null) {
            mayAccept = false;
            return null;
        }
        accepted.arm();
        network.agenda().add(network.now(), this::letNextIn);
        return accepted;
    }

    private void letNextIn() {
        while (isOpen() && queue.size() < backlog && !outside.isEmpty()) {
            VirtualStream client = outside.remove();
            if (client.isConnecting()) {
                letIn(client);
            }
        }
    }

    @Override
    public InetSocketAddress localAddress() {
        return address;
    }

    @Override
    public void close() {
        if (!isOpen()) {
            return;
        }
        markClosed();
        release();
    }

    @Override
    void release() {
        network.addresses().free(this);
        queue.forEach(VirtualStream::reset);
        queue.clear();
        for (VirtualStream client : outside) {
            network.agenda().add(network.now(), () -> client.connectFailed(Errno.ECONNREFUSED));
        }
        outside.clear();
    }

    @Override
    public String toString() {
        return "VirtualListener(" + address + ')';
    }
}

package io.samovar.testing;

import io.netty.buffer.ByteBuf;
import io.samovar.transport.Errno;
import io.samovar.transport.StreamSocket;
import java.net.InetSocketAddress;
import java.net.SocketOption;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * One end of a connection in memory. It does what a Linux socket does, errors included, and changes only inside a poll, so
 * that readiness is reported as by a kernel.
 */
final class VirtualStream extends VirtualSocket implements StreamSocket {
    /** How long Linux tries to connect to somebody who does not answer. */
    private static final Duration CONNECT_PATIENCE = Duration.ofSeconds(127);

    private final SocketOptions options = new SocketOptions();
    private final Inbox inbox = new Inbox();

    private @Nullable InetSocketAddress local;
    private @Nullable InetSocketAddress remote;
    /** Set by the connect or by being accepted. */
    private @Nullable VirtualConnection connection;
    /** From here to the peer; set with the connection. */
    private @Nullable Lane out;

    /** The other end, once the connect has reached it. */
    private @Nullable VirtualStream peer;

    /** When the connect gives up; {@code null} unless one is under way. */
    private Agenda.@Nullable Entry patience;

    private boolean connected;
    /** Why the connect has failed. */
    private @Nullable Errno connectError;

    /** Whether readiness is reported, which begins with the connect or soon after the accept. */
    private boolean armed;
    /** Bytes sent that the peer has not read. */
    private int unread;
    /** A read may find something: cleared when it would block, set inside a poll. */
    private boolean mayRead;

    private boolean mayWrite;
    private boolean outputShutDown;

    /** The peer has reset the connection. */
    private boolean dead;
    /** What the next operation is to be told of that. */
    private @Nullable Errno pendingError;

    VirtualStream(VirtualNetwork network) {
        super(network);
    }

    // ---- connecting

    @Override
    public void bind(InetSocketAddress address) {
        String doing = "bind to " + address;
        checkOpen(doing);
        local = network.addresses().take(this, address, options.isReusePort(), true, doing);
    }

    @Override
    public boolean connect(InetSocketAddress to) {
        String doing = "connect to " + to;
        checkOpen(doing);
        checkResolved(to);
        InetSocketAddress destination = AddressBook.destination(to);
        if (local == null) {
            InetSocketAddress any = new InetSocketAddress(AddressBook.loopbackLike(destination.getAddress()), 0);
            local = network.addresses().take(this, any, false, true, doing);
        }
        remote = to;
        VirtualConnection made = network.connection(this, local, destination);
        connection = made;
        Lane toServer = made.toServer();
        out = toServer;
        armed = true;
        toServer.send(() -> knock(made, destination));
        patience =
                network.agenda().add(network.now() + CONNECT_PATIENCE.toNanos(), () -> connectFailed(Errno.ETIMEDOUT));
        return false;
    }

    /** The connect has reached the other end. */
    private void knock(VirtualConnection made, InetSocketAddress destination) {
        if (network.isSilent(destination)) {
            return;
        }
        VirtualListener listener =
                network.refuses(destination) ? null : network.addresses().listenerAt(destination);
        if (listener == null) {
            made.toClient().send(() -> connectFailed(Errno.ECONNREFUSED));
        } else {
            listener.knock(this);
        }
    }

    /** The listener has room: makes its end, which may be accepted. */
    VirtualStream letIn() {
        assert connection != null;
        VirtualConnection made = connection;
        VirtualStream server = new VirtualStream(network);
        server.join(this, made, made.serverAddress(), made.clientAddress(), made.toClient());
        peer = server;
        made.toClient().send(this::connectStands);
        return server;
    }

    /** Connects this fresh stream with another one at once. */
    VirtualConnection joined(InetSocketAddress near, InetSocketAddress far) {
        VirtualConnection made = network.connection(this, near, far);
        VirtualStream server = new VirtualStream(network);
        server.join(this, made, far, near, made.toClient());
        join(server, made, near, far, made.toServer());
        return made;
    }

    private void join(
            VirtualStream other, VirtualConnection made, InetSocketAddress here, InetSocketAddress there, Lane lane) {
        peer = other;
        connection = made;
        local = here;
        remote = there;
        out = lane;
        connected = true;
        mayWrite = true;
    }

    /** Reports what is there, as a kernel does when it is first asked. */
    void arm() {
        network.agenda().add(network.now(), () -> {
            armed = true;
            mayRead = inbox.hasSomething() || dead;
            mayWrite = true;
            tell(mayRead, true);
        });
    }

    private void connectStands() {
        if (isConnecting()) {
            stopWaiting();
            connected = true;
            mayWrite = true;
            tell(false, true);
        }
    }

    void connectFailed(Errno errno) {
        if (isConnecting()) {
            stopWaiting();
            connectError = errno;
            mayRead = true;
            mayWrite = true;
            tell(true, true);
        }
    }

    private void stopWaiting() {
        if (patience != null) {
            network.agenda().cancel(patience);
            patience = null;
        }
    }

    /** Whether the connect has neither succeeded nor failed nor been given up. */
    boolean isConnecting() {
        return isOpen() && !connected && connectError == null;
    }

    @Override
    public boolean finishConnect() {
        String doing = "connect to " + remote;
        checkOpen(doing);
        if (connectError != null) {
            throw failure(connectError, doing);
        }
        return connected;
    }

    // ---- reading

    @Override
    public int read(ByteBuf into) {
        checkOpen("read");
        if (!mayRead) {
            return 0;
        }
        assert into.isWritable() && into.isDirect();
        if (connection != null && inbox.bytes() > 0) {
            int bytes = inbox.read(into, connection.readLimit());
            mayRead = inbox.hasSomething() || dead;
            VirtualStream sender = peer;
            if (sender != null) {
                send(() -> sender.taken(bytes));
            }
            return bytes;
        }
        if (inbox.hasEnded()) {
            return -1;
        }
        throwPendingError("read");
        if (dead) {
            return -1;
        }
        mayRead = false;
        return 0;
    }

    private void throwPendingError(String doing) {
        Errno error = pendingError;
        if (error != null) {
            pendingError = null; // the kernel tells of it once
            throw failure(error, doing);
        }
    }

    private void arrived(byte[] bytes) {
        if (!isOpen()) {
            VirtualStream sender = peer;
            if (sender != null) {
                send(sender::hangUp); // nobody will read it
            }
        } else if (!dead) {
            inbox.add(bytes);
            becomeReadable();
        }
    }

    private void endArrived() {
        if (!dead) {
            inbox.end();
            becomeReadable();
        }
    }

    private void becomeReadable() {
        if (armed && !mayRead) {
            mayRead = true;
            tell(true, false);
        }
    }

    /** The connection is cut: by the peer's reset, or by a fault. */
    void hangUp() {
        if (!isOpen() || dead) {
            return;
        }
        if (!connected) {
            connectFailed(Errno.ECONNRESET);
            return;
        }
        dead = true;
        pendingError = inbox.hasEnded() ? Errno.EPIPE : Errno.ECONNRESET;
        if (armed) {
            mayRead = true;
            mayWrite = true;
            tell(true, true);
        }
    }

    // ---- writing

    @Override
    public int write(ByteBuf from) {
        checkOpen("write");
        int length = from.readableBytes();
        if (!mayWrite || length == 0) {
            return 0;
        }
        int bytes = send(from, Integer.MAX_VALUE);
        if (bytes < length) {
            wouldBlock();
        }
        return bytes;
    }

    @Override
    public long write(ByteBuf[] buffers, int offset, int count) {
        checkOpen("write");
        if (!mayWrite) {
            return 0;
        }
        int limit = Integer.MAX_VALUE;
        long bytes = 0;
        for (int i = offset; i < offset + count; i++) {
            int length = buffers[i].readableBytes();
            if (length == 0) {
                continue;
            }
            int sent = send(buffers[i], limit);
            bytes += sent;
            limit = sendLimit() - (int) bytes;
            if (sent < length) {
                wouldBlock();
                break;
            }
        }
        return bytes;
    }

    private int sendLimit() {
        return connection == null ? 0 : connection.writeLimit();
    }

    private int send(ByteBuf from, int limit) {
        throwPendingError("write");
        if (dead || outputShutDown) {
            throw failure(Errno.EPIPE, "write");
        }
        VirtualConnection over = connection;
        VirtualStream receiver = peer;
        if (over == null || receiver == null) {
            return 0; // not connected
        }
        int room = Math.max(0, over.capacity() - unread);
        int bytes = Math.min(Math.min(from.readableBytes(), room), Math.min(limit, over.writeLimit()));
        if (bytes > 0) {
            byte[] copy = new byte[bytes];
            from.getBytes(from.readerIndex(), copy);
            unread += bytes;
            send(() -> receiver.arrived(copy));
        }
        return bytes;
    }

    private void send(Runnable arrival) {
        if (out != null) {
            out.send(arrival);
        }
    }

    /** A write was not taken whole; if that was for want of room, the peer's reading makes some. */
    private void wouldBlock() {
        mayWrite = false;
        if (hasRoom()) {
            network.agenda().add(network.now(), this::becomeWritable);
        }
    }

    private boolean hasRoom() {
        return connection != null && unread < connection.capacity();
    }

    /** The peer has read so many bytes. */
    private void taken(int bytes) {
        unread -= bytes;
        becomeWritable();
    }

    private void becomeWritable() {
        if (!mayWrite && connected && hasRoom()) {
            mayWrite = true;
            tell(false, true);
        }
    }

    @Override
    public void shutdownOutput() {
        checkOpen("shut down output");
        VirtualStream receiver = peer;
        if (receiver != null && connected && !outputShutDown && !dead) {
            outputShutDown = true;
            send(receiver::endArrived);
        }
    }

    // ---- closing

    @Override
    public void reset() {
        close(true);
    }

    @Override
    public void close() {
        close(options.lingersNot() || inbox.bytes() > 0); // Linux resets a connection whose bytes nobody read
    }

    private void close(boolean withReset) {
        if (!isOpen()) {
            return;
        }
        boolean unheard = !connected; // the peer may know of the connection already
        markClosed();
        release();
        VirtualStream other = peer;
        if (other == null || dead) {
            return;
        }
        if (withReset || unheard) {
            send(other::hangUp);
        } else if (!outputShutDown) {
            send(other::endArrived);
        }
    }

    @Override
    void release() {
        network.addresses().free(this);
        inbox.clear();
        stopWaiting();
    }

    // ---- what it is

    @Nullable
    VirtualStream peer() {
        return peer;
    }

    @Override
    public @Nullable InetSocketAddress localAddress() {
        return isOpen() ? local : null;
    }

    @Override
    public @Nullable InetSocketAddress remoteAddress() {
        return remote;
    }

    @Override
    public <T> void setOption(SocketOption<T> option, T value) {
        checkOpen("set " + option);
        options.set(option, value);
    }

    @Override
    public <T> T getOption(SocketOption<T> option) {
        checkOpen("get " + option);
        return options.get(option);
    }

    @Override
    public String toString() {
        return "VirtualStream(" + local + " - " + remote + ')';
    }
}

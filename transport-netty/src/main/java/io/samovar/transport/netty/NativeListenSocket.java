package io.samovar.transport.netty;

import io.netty.channel.unix.NativeInetAddress;
import io.netty.channel.unix.Socket;
import io.samovar.transport.ListenSocket;
import io.samovar.transport.StreamSocket;
import java.io.IOException;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/** A TCP listener over a native descriptor. */
final class NativeListenSocket extends NativeSocket implements ListenSocket {
    /** Where accept(2) leaves the peer: one byte of length, then address, scope and port. */
    private final byte[] peer = new byte[26];

    /** Where it listens; asked of the kernel once, for a closed descriptor cannot be asked. */
    private final InetSocketAddress address;

    /** A connection may be waiting. */
    private boolean mayAccept;

    NativeListenSocket(NativeTransport transport, Socket fd, InetSocketAddress address) {
        super(transport, fd);
        this.address = address;
    }

    @Override
    void noteReady(boolean readable, boolean writable, boolean hangup) {
        mayAccept = true;
    }

    @Override
    public @Nullable StreamSocket accept() {
        checkOpen("accept");
        if (!mayAccept) {
            return null;
        }
        int accepted;
        try {
            accepted = fd.accept(peer);
        } catch (IOException failed) {
            throw NativeErrors.translate("accept", failed); // mayAccept stays: no edge will come for what is queued
        }
        if (accepted < 0) {
            mayAccept = false;
            return null;
        }
        Socket socket = new Socket(accepted);
        NativeStreamSocket stream =
                new NativeStreamSocket(transport, socket, NativeInetAddress.address(peer, 1, peer[0]));
        stream.arm("accept");
        return stream;
    }

    @Override
    public InetSocketAddress localAddress() {
        return address;
    }
}

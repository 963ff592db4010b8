package io.samovar.transport.netty;

import io.netty.buffer.ByteBuf;
import io.netty.channel.unix.Errors.NativeIoException;
import io.netty.channel.unix.IovArray;
import io.netty.channel.unix.Socket;
import io.samovar.transport.StreamSocket;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketOption;
import java.nio.channels.NotYetConnectedException;
import org.jspecify.annotations.Nullable;

/** A TCP connection over a native descriptor. */
final class NativeStreamSocket extends NativeSocket implements StreamSocket {
    /** The peer, when accept or connect told; else the kernel is asked. */
    private @Nullable InetSocketAddress remote;

    /** A read may find something. Starts false: arming reports what is there already. */
    private boolean mayRead;

    /** A write may be taken, or the end of the connect may have come. */
    private boolean mayWrite;

    /** The connection stands, or has stood. */
    private boolean connected;

    /** The end of the stream or an error lies ahead, and no further event will tell of it: read until it is there. */
    private boolean hangup;

    /**
     * @param remote the peer of an accepted connection, which is armed at once; {@code null} for one to be connected
     */
    NativeStreamSocket(NativeTransport transport, Socket fd, @Nullable InetSocketAddress remote) {
        super(transport, fd);
        this.remote = remote;
        connected = remote != null;
        mayWrite = connected;
    }

    @Override
    void noteReady(boolean readable, boolean writable, boolean hungUp) {
        mayRead |= readable;
        mayWrite |= writable;
        hangup |= hungUp;
    }

    @Override
    public void bind(InetSocketAddress local) {
        String doing = "bind to " + local;
        checkOpen(doing);
        NativeErrors.checkResolved(local);
        try {
            fd.bind(local);
        } catch (IOException failed) {
            throw NativeErrors.translate(doing, failed);
        }
    }

    @Override
    public boolean connect(InetSocketAddress to) {
        String doing = "connect to " + to;
        checkOpen(doing);
        NativeErrors.checkResolved(to);
        remote = to;
        try {
            connected = fd.connect(to);
        } catch (IOException failed) {
            throw NativeErrors.translate(doing, failed);
        }
        mayWrite = connected;
        arm(doing); // after connect: an unconnected socket would be reported as hung up
        return connected;
    }

    @Override
    public boolean finishConnect() {
        String doing = "connect to " + remote;
        checkOpen(doing);
        if (connected || !mayWrite) {
            return connected;
        }
        try {
            int error = fd.getSoError(); // Socket.finishConnect() asks the same, but does not tell every number
            if (error != 0) {
                throw new NativeIoException("connect", -error);
            }
        } catch (IOException failed) {
            throw NativeErrors.translate(doing, failed);
        }
        // No error is not yet success: the event may have been for an earlier owner of the descriptor's number.
        connected = fd.remoteAddress() != null;
        mayWrite = connected;
        return connected;
    }

    @Override
    public int read(ByteBuf into) {
        checkOpen("read");
        if (!mayRead) {
            return 0;
        }
        int room = into.writableBytes();
        int at = into.writerIndex();
        assert room > 0 && into.isDirect();
        int bytes;
        try {
            bytes = into.hasMemoryAddress()
                    ? fd.recvAddress(into.memoryAddress(), at, at + room)
                    : recv(into, at, room);
        } catch (IOException failed) {
            throw NativeErrors.translate("read", failed);
        }
        if (bytes > 0) {
            into.writerIndex(at + bytes);
        }
        if (bytes >= 0 && bytes < room && (bytes == 0 || !hangup)) {
            mayRead = false; // drained: the next edge tells when there is more
        }
        return bytes;
    }

    private int recv(ByteBuf into, int at, int room) throws IOException {
        var memory = into.internalNioBuffer(at, room);
        return fd.recv(memory, memory.position(), memory.limit());
    }

    @Override
    public int write(ByteBuf from) {
        checkOpen("write");
        int length = from.readableBytes();
        if (!mayWrite || length == 0) {
            return 0;
        }
        int at = from.readerIndex();
        assert from.isDirect();
        int bytes;
        try {
            bytes = from.hasMemoryAddress()
                    ? fd.sendAddress(from.memoryAddress(), at, at + length)
                    : send(from, at, length);
        } catch (IOException failed) {
            throw NativeErrors.translate("write", failed);
        }
        mayWrite = bytes == length;
        return bytes;
    }

    private int send(ByteBuf from, int at, int length) throws IOException {
        var memory = from.internalNioBuffer(at, length);
        return fd.send(memory, memory.position(), memory.limit());
    }

    @Override
    public long write(ByteBuf[] buffers, int offset, int count) {
        checkOpen("write");
        if (!mayWrite) {
            return 0;
        }
        IovArray array = transport.emptyIovArray();
        for (int i = offset; i < offset + count; i++) {
            ByteBuf buffer = buffers[i]; // one that is empty takes no place in the array
            if (!array.add(buffer, buffer.readerIndex(), buffer.readableBytes())) {
                break; // the array holds as much as one call can take
            }
        }
        if (array.size() == 0) {
            return 0;
        }
        long bytes;
        try {
            bytes = fd.writevAddresses(array.memoryAddress(0), array.count());
        } catch (IOException failed) {
            throw NativeErrors.translate("write", failed);
        }
        mayWrite = bytes == array.size();
        return bytes;
    }

    @Override
    public void shutdownOutput() {
        checkOpen("shut down output");
        try {
            fd.shutdown(false, true);
        } catch (NotYetConnectedException peerIsGone) {
            // a reset has come already: the peer needs no end of stream any more
        } catch (IOException failed) {
            throw NativeErrors.translate("shut down output", failed);
        }
    }

    @Override
    public void reset() {
        if (!isOpen()) {
            return;
        }
        try {
            fd.setSoLinger(0); // makes close(2) send a reset instead of the end of the stream
        } catch (IOException peerIsGone) {
            // then there is nobody to tell
        }
        close();
    }

    @Override
    public @Nullable InetSocketAddress localAddress() {
        InetSocketAddress local = isOpen() ? fd.localAddress() : null;
        return local == null || local.getPort() == 0 ? null : local; // port 0: not bound yet
    }

    @Override
    public @Nullable InetSocketAddress remoteAddress() {
        return remote;
    }

    @Override
    public <T> void setOption(SocketOption<T> option, T value) {
        checkOpen("set " + option);
        try {
            NativeOptions.set(fd, option, value);
        } catch (IOException failed) {
            throw NativeErrors.translate("set " + option, failed);
        }
    }

    @Override
    public <T> T getOption(SocketOption<T> option) {
        checkOpen("get " + option);
        try {
            return NativeOptions.get(fd, option);
        } catch (IOException failed) {
            throw NativeErrors.translate("get " + option, failed);
        }
    }
}

package io.samovar.transport.nio;

import static java.nio.channels.SelectionKey.OP_CONNECT;
import static java.nio.channels.SelectionKey.OP_READ;
import static java.nio.channels.SelectionKey.OP_WRITE;

import io.netty.buffer.ByteBuf;
import io.samovar.net.NetworkException;
import io.samovar.transport.StreamSocket;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketOption;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SocketChannel;
import java.nio.channels.UnsupportedAddressTypeException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A TCP connection over a {@link SocketChannel}. */
final class NioStreamSocket extends NioSocket<SocketChannel> implements StreamSocket {
    /** The peer, from when accept or connect told it. */
    private @Nullable InetSocketAddress remote;

    /** A read may find something. */
    private boolean mayRead;

    /** A write may be taken, or the end of the connect may have come. */
    private boolean mayWrite;

    private NioStreamSocket(NioTransport transport, SocketChannel channel) {
        super(transport, channel);
    }

    /** A socket that is to be connected. */
    static NioStreamSocket open(NioTransport transport) {
        SocketChannel channel;
        try {
            channel = SocketChannel.open();
        } catch (IOException failed) {
            throw NioErrors.translate("open a socket", failed);
        }
        return attached(transport, channel, "open a socket");
    }

    /** A socket for a connection that was accepted. */
    static NioStreamSocket accepted(NioTransport transport, SocketChannel channel) {
        NioStreamSocket socket = attached(transport, channel, "accept");
        try {
            socket.remote = (InetSocketAddress) channel.getRemoteAddress();
        } catch (IOException failed) {
            socket.close();
            throw NioErrors.translate("accept", failed);
        }
        socket.established();
        return socket;
    }

    private static NioStreamSocket attached(NioTransport transport, SocketChannel channel, String doing) {
        try {
            channel.configureBlocking(false);
            return new NioStreamSocket(transport, channel);
        } catch (IOException failed) {
            closeChannel(channel);
            throw NioErrors.translate(doing, failed);
        } catch (RuntimeException failed) {
            closeChannel(channel);
            throw failed;
        }
    }

    /** Only the selector tells of the first bytes: a read that comes before them would be a wasted system call. */
    private void established() {
        mayWrite = true;
        arm(OP_READ);
    }

    @Override
    void ready(int ops) {
        boolean readable = (ops & OP_READ) != 0;
        if (readable && mayRead) {
            readable = false;
            disarm(OP_READ); // nobody has read since the last report: let the bytes wait, and the peer
        }
        boolean writable = (ops & (OP_WRITE | OP_CONNECT)) != 0;
        if (writable) {
            mayWrite = true;
            disarm(OP_WRITE | OP_CONNECT); // a socket is writable nearly always
        }
        if (readable) {
            mayRead = true;
        }
        if (readable || writable) {
            tell(readable, writable);
        }
    }

    @Override
    public void bind(InetSocketAddress local) {
        checkOpen("bind");
        NioErrors.checkResolved(local);
        try {
            channel.bind(local);
        } catch (IOException failed) {
            throw NioErrors.translate("bind to " + local, failed);
        } catch (UnsupportedAddressTypeException failed) {
            throw NioErrors.translate("bind to " + local, failed);
        }
    }

    @Override
    public boolean connect(InetSocketAddress to) {
        checkOpen("connect");
        NioErrors.checkResolved(to);
        remote = to;
        boolean connected;
        try {
            connected = channel.connect(to);
        } catch (IOException failed) {
            throw connectFailed(failed);
        } catch (UnsupportedAddressTypeException failed) {
            throw NioErrors.translate("connect to " + to, failed);
        }
        if (connected) {
            established();
        } else {
            arm(OP_CONNECT);
        }
        return connected;
    }

    @Override
    public boolean finishConnect() {
        checkOpen("connect");
        if (channel.isConnected() || !mayWrite) {
            return channel.isConnected();
        }
        boolean connected;
        try {
            connected = channel.finishConnect();
        } catch (IOException failed) {
            mayWrite = false;
            throw connectFailed(failed);
        }
        if (connected) {
            established();
        } else {
            mayWrite = false;
            arm(OP_CONNECT);
        }
        return connected;
    }

    /** The JDK has closed the channel by now; close() still has to take it out of the transport's books. */
    private NetworkException connectFailed(IOException failed) {
        return NioErrors.translate("connect to " + remote, failed);
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
            bytes = channel.read(into.internalNioBuffer(at, room));
        } catch (IOException failed) {
            disarm(OP_READ); // a broken connection is reported as readable for ever, and so is the end of a stream
            throw NioErrors.translate("read", failed);
        }
        if (bytes < 0) {
            disarm(OP_READ);
            return -1;
        }
        into.writerIndex(at + bytes);
        if (bytes < room) {
            mayRead = false; // drained: the selector tells when there is more, or when the end has come
            arm(OP_READ);
        }
        return bytes;
    }

    @Override
    public int write(ByteBuf from) {
        checkOpen("write");
        int length = from.readableBytes();
        if (!mayWrite || length == 0) {
            return 0;
        }
        assert from.isDirect();
        int bytes;
        try {
            bytes = channel.write(from.internalNioBuffer(from.readerIndex(), length));
        } catch (IOException failed) {
            throw writeFailed(failed);
        }
        wrote(bytes, length);
        return bytes;
    }

    @Override
    public long write(ByteBuf[] buffers, int offset, int count) {
        checkOpen("write");
        if (!mayWrite) {
            return 0;
        }
        ByteBuffer[] views = transport.gatherArray();
        int used = 0;
        long length = 0;
        long bytes;
        try {
            for (int i = offset; i < offset + count && used < views.length; i++) {
                ByteBuf buffer = buffers[i];
                if (buffer.isReadable()) {
                    views[used++] = buffer.nioBuffer(); // its own view: one buffer may stand here twice
                    length += buffer.readableBytes();
                }
            }
            if (used == 0) {
                return 0;
            }
            bytes = channel.write(views, 0, used);
        } catch (IOException failed) {
            throw writeFailed(failed);
        } finally {
            Arrays.fill(views, 0, used, null);
        }
        wrote(bytes, length);
        return bytes;
    }

    private void wrote(long bytes, long of) {
        if (bytes < of) {
            mayWrite = false;
            arm(OP_WRITE);
        }
    }

    private NetworkException writeFailed(IOException failed) {
        if (failed instanceof ClosedChannelException && channel.isOpen()) {
            // After shutdownOutput() the JDK refuses by itself; this is what the kernel would say.
            return NioErrors.translate("write", new IOException("Broken pipe", failed));
        }
        return NioErrors.translate("write", failed);
    }

    @Override
    public void shutdownOutput() {
        checkOpen("shut down output");
        try {
            channel.shutdownOutput(); // the JDK itself says nothing when the peer is gone
        } catch (IOException failed) {
            throw NioErrors.translate("shut down output", failed);
        }
    }

    @Override
    public void reset() {
        if (!isOpen()) {
            return;
        }
        try {
            channel.setOption(StandardSocketOptions.SO_LINGER, 0); // close(2) sends a reset then, not the end
        } catch (IOException peerIsGone) {
            // then there is nobody to tell
        }
        close();
        transport.flush(); // close(2) is still to come, and nothing has left before it
    }

    @Override
    public @Nullable InetSocketAddress localAddress() {
        try {
            return isOpen() ? (InetSocketAddress) channel.getLocalAddress() : null;
        } catch (IOException connectFailed) {
            return null; // the JDK has closed the channel
        }
    }

    @Override
    public @Nullable InetSocketAddress remoteAddress() {
        return remote;
    }

    @Override
    public <T> void setOption(SocketOption<T> option, T value) {
        checkOpen("set " + option);
        try {
            channel.setOption(option, value);
        } catch (IOException failed) {
            throw NioErrors.translate("set " + option, failed);
        }
    }

    @Override
    public <T> T getOption(SocketOption<T> option) {
        checkOpen("get " + option);
        try {
            return channel.getOption(option);
        } catch (IOException failed) {
            throw NioErrors.translate("get " + option, failed);
        }
    }
}

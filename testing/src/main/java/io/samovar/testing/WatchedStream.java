package io.samovar.testing;

import io.netty.buffer.ByteBuf;
import io.samovar.transport.ReadinessListener;
import io.samovar.transport.StreamSocket;
import java.net.InetSocketAddress;
import java.net.SocketOption;
import org.jspecify.annotations.Nullable;

/** A stream socket that is noted as long as it is open. */
final class WatchedStream implements StreamSocket {
    private final StreamSocket real;
    private final OpenSockets sockets;

    /**
     * @param how begins the sentence that ends with the place in the program
     */
    WatchedStream(StreamSocket real, OpenSockets sockets, String how) {
        this.real = real;
        this.sockets = sockets;
        String place = Places.here(how);
        sockets.opened(
                this,
                () -> "the stream " + real.localAddress() + " -> " + real.remoteAddress() + " was not closed" + place);
    }

    @Override
    public void reset() {
        real.reset();
        sockets.closed(this);
    }

    @Override
    public void close() {
        real.close();
        sockets.closed(this);
    }

    @Override
    public boolean flush() {
        return real.flush();
    }

    @Override
    public boolean finish() {
        return real.finish();
    }

    @Override
    public void listener(ReadinessListener listener) {
        real.listener(listener);
    }

    @Override
    public void bind(InetSocketAddress local) {
        real.bind(local);
    }

    @Override
    public boolean connect(InetSocketAddress remote) {
        return real.connect(remote);
    }

    @Override
    public boolean finishConnect() {
        return real.finishConnect();
    }

    @Override
    public int read(ByteBuf into) {
        return real.read(into);
    }

    @Override
    public int write(ByteBuf from) {
        return real.write(from);
    }

    @Override
    public long write(ByteBuf[] buffers, int offset, int count) {
        return real.write(buffers, offset, count);
    }

    @Override
    public void shutdownOutput() {
        real.shutdownOutput();
    }

    @Override
    public boolean isOpen() {
        return real.isOpen();
    }

    @Override
    public @Nullable InetSocketAddress localAddress() {
        return real.localAddress();
    }

    @Override
    public @Nullable InetSocketAddress remoteAddress() {
        return real.remoteAddress();
    }

    @Override
    public <T> void setOption(SocketOption<T> option, T value) {
        real.setOption(option, value);
    }

    @Override
    public <T> T getOption(SocketOption<T> option) {
        return real.getOption(option);
    }
}

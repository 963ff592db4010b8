package io.samovar.transport;

import io.netty.buffer.ByteBuf;
import java.net.InetSocketAddress;
import java.net.SocketOption;
import org.jspecify.annotations.Nullable;

/**
 * A stream socket in front of another one, which does everything that a subclass does not: for what counts, watches or translates the
 * bytes of a connection.
 *
 * <p>Every method of {@link StreamSocket} is passed on, those with a default too, so nothing of the other one gets lost.
 */
public abstract class ForwardingStreamSocket implements StreamSocket {
    /** What this stands in front of. */
    protected final StreamSocket real;

    protected ForwardingStreamSocket(StreamSocket real) {
        this.real = real;
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
    public boolean flush() {
        return real.flush();
    }

    @Override
    public boolean finish() {
        return real.finish();
    }

    @Override
    public void shutdownOutput() {
        real.shutdownOutput();
    }

    @Override
    public void reset() {
        real.reset();
    }

    @Override
    public void close() {
        real.close();
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

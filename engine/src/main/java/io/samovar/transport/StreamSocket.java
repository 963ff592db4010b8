package io.samovar.transport;

import io.netty.buffer.ByteBuf;
import java.net.InetSocketAddress;
import java.net.SocketOption;
import org.jspecify.annotations.Nullable;

/**
 * A non-blocking stream socket.
 *
 * <p>The socket remembers whether it may be readable or writable, so no system call is made that is known to fail: after
 * an operation has said "would block" it says so again, without asking the kernel, until the listener has been called.
 *
 * <p>Every failure is a {@link io.samovar.net.NetworkException}. Buffers must be direct and contiguous; they stay the
 * caller's, and their reader indexes are not moved. After {@link #close()} every operation fails with
 * {@link io.samovar.net.StreamClosedException}, and the listener is not called again.
 */
public interface StreamSocket extends AutoCloseable {
    /** Sets the listener; must be called before the first operation, and may be called again to replace it. */
    void listener(ReadinessListener listener);

    /** Binds the local end before {@link #connect}. */
    void bind(InetSocketAddress local);

    /**
     * Starts to connect.
     *
     * @return whether the connection stands already; otherwise the listener is told when to {@link #finishConnect()}
     */
    boolean connect(InetSocketAddress remote);

    /** Whether the connection that was started stands now. */
    boolean finishConnect();

    /**
     * Reads once into the writable bytes of {@code into} and moves its writer index.
     *
     * @return bytes read; 0 if the read would block; -1 at the end of the stream
     */
    int read(ByteBuf into);

    /**
     * Writes once from the readable bytes of {@code from}.
     *
     * @return bytes written; fewer than there are means that the rest would block
     */
    int write(ByteBuf from);

    /**
     * Writes several buffers with one gathering call.
     *
     * @param buffers the buffers, of which those from {@code offset} on are written
     * @param count how many of them
     * @return bytes written, of all together
     */
    long write(ByteBuf[] buffers, int offset, int count);

    /**
     * Sends what the socket itself holds back, such as bytes that it has encrypted already.
     *
     * @return whether nothing is held back any more; otherwise the listener is told "writable" when it is worth asking again
     */
    default boolean flush() {
        return true;
    }

    /**
     * The orderly end, after the last write: says goodbye to the peer where the protocol has a word for it, and waits for the
     * peer's. To be asked again whenever the listener is told anything, until it is {@code true}; {@link #close()} follows.
     *
     * @return whether everything is said
     */
    default boolean finish() {
        return true;
    }

    /** Sends the end of the stream; reading goes on. Does nothing when the peer is gone already. */
    void shutdownOutput();

    /** Closes at once and tells the peer by a reset that the connection was cut. */
    void reset();

    /** Closes the descriptor. Closing twice does nothing. */
    @Override
    void close();

    /** Whether {@link #close()} has not been called. */
    boolean isOpen();

    /** The local end, or {@code null} if it has none. */
    @Nullable
    InetSocketAddress localAddress();

    /** The peer, or {@code null} if it is not known (any more). */
    @Nullable
    InetSocketAddress remoteAddress();

    /**
     * Sets a socket option; names are those of {@link java.net.StandardSocketOptions} and {@code
     * jdk.net.ExtendedSocketOptions}.
     *
     * @throws UnsupportedOperationException if this transport does not know the option
     */
    <T> void setOption(SocketOption<T> option, T value);

    /**
     * Reads a socket option.
     *
     * @throws UnsupportedOperationException if this transport does not know the option
     */
    <T> T getOption(SocketOption<T> option);
}

package io.samovar.transport;

import java.nio.channels.SelectableChannel;
import org.jspecify.annotations.Nullable;

/**
 * The readiness mechanism of one loop, and the factory of its sockets.
 *
 * <p>All methods but {@link #wakeup()} belong to the loop thread. Listeners run inside {@link #poll} and must return
 * quickly; what they throw is reported and never stops the transport.
 */
public interface Transport extends AutoCloseable {
    /** The name of the provider that opened this transport. */
    String name();

    /**
     * Waits until a socket is ready, the time is over or {@link #wakeup()} was called, and tells the listeners.
     *
     * <p>It may return early, and it may return late by what the mechanism can resolve (NIO rounds up to whole
     * milliseconds); it never returns early in a way that makes the caller spin.
     *
     * @param timeoutNanos the longest time to wait in nanoseconds; 0 does not wait, less than 0 waits without end
     */
    void poll(long timeoutNanos);

    /** Ends the {@link #poll} under way, or the next one to wait. Any thread may call this. */
    void wakeup();

    /** The memory that reads on this loop land in; it lives as long as the transport. */
    ReceiveBuffer receiveBuffer();

    /**
     * Opens a TCP socket that is not connected yet.
     *
     * @throws io.samovar.net.NetworkException if no descriptor can be had
     */
    StreamSocket stream();

    /**
     * Opens, binds and starts a TCP listener. A wildcard address of either family listens on both where the system has
     * both, unless {@link ListenOptions#dualStack()} is off.
     *
     * @throws io.samovar.net.NetworkException if the address is in use, not available or not allowed
     * @throws UnsupportedOperationException if this transport cannot do what the options ask for
     */
    ListenSocket listen(ListenOptions options);

    /**
     * Watches a descriptor that somebody else has opened, from the first {@link Watch#interest} on.
     *
     * @param descriptor its number; at most one watch at a time has it
     * @throws UnsupportedOperationException if this transport cannot watch descriptors; the message names those that can
     */
    default Watch watch(int descriptor, ReadinessListener listener) {
        throw new UnsupportedOperationException("transport " + name() + " cannot watch descriptor " + descriptor
                + " by its number: use transport epoll or kqueue (system property " + Transports.PROPERTY
                + "), or watch a SelectableChannel");
    }

    /**
     * Watches a channel that somebody else has opened, from the first {@link Watch#interest} on.
     *
     * @param channel open and in non-blocking mode; at most one watch at a time has it
     * @return {@code null} if this transport cannot; the loop then has a selector in a thread of its own
     */
    default @Nullable Watch watch(SelectableChannel channel, ReadinessListener listener) {
        return null;
    }

    /**
     * This transport as another type, or the one that it stands in front of: how what needs a certain kind of transport
     * finds it.
     *
     * @return {@code null} if neither is of this type
     */
    default <T> @Nullable T unwrap(Class<T> type) {
        return type.isInstance(this) ? type.cast(this) : null;
    }

    /**
     * Takes over a TCP socket that listens already and that this process was started with, as by systemd.
     *
     * <p>The descriptor becomes the transport's: it is closed with the socket. If this method fails it stays as it was.
     *
     * @param descriptor the number of the descriptor in this process
     * @throws io.samovar.net.NetworkException if that is no open socket
     * @throws UnsupportedOperationException if it is no TCP socket that listens, or if this transport cannot reach it
     */
    default ListenSocket adopt(int descriptor) {
        throw new UnsupportedOperationException(
                "transport " + name() + " cannot take over descriptor " + descriptor + ": it has no way to");
    }

    /** Closes the transport; sockets still open on it are closed without flushing. Closing twice does nothing. */
    @Override
    void close();
}

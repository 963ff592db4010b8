package io.samovar.transport;

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
     * both.
     *
     * @throws io.samovar.net.NetworkException if the address is in use, not available or not allowed
     */
    ListenSocket listen(ListenOptions options);

    /** Closes the transport; sockets still open on it are closed without flushing. Closing twice does nothing. */
    @Override
    void close();
}

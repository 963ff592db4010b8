package io.samovar.transport;

import java.net.InetSocketAddress;

/**
 * How to open a listener.
 *
 * @param address where to listen; port 0 lets the system choose
 * @param backlog the longest queue of connections that nobody has accepted yet
 * @param reusePort whether several sockets may share the address ({@code SO_REUSEPORT})
 */
public record ListenOptions(InetSocketAddress address, int backlog, boolean reusePort) {}

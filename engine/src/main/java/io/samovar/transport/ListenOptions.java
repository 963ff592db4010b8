package io.samovar.transport;

import java.net.InetSocketAddress;

/**
 * How to open a listener.
 *
 * @param address where to listen; port 0 lets the system choose
 * @param backlog the longest queue of connections that nobody has accepted yet
 * @param reusePort whether several sockets may share the address ({@code SO_REUSEPORT})
 * @param dualStack whether a wildcard address of either family listens on both; otherwise a socket listens on its own family
 *     only, so that {@code 0.0.0.0} and {@code ::} can have a socket each ({@code IPV6_V6ONLY})
 */
public record ListenOptions(InetSocketAddress address, int backlog, boolean reusePort, boolean dualStack) {
    /** Options of a listener that takes both families. */
    public ListenOptions(InetSocketAddress address, int backlog, boolean reusePort) {
        this(address, backlog, reusePort, true);
    }
}

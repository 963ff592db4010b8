package io.samovar.transport.netty;

import io.netty.channel.unix.Socket;
import io.samovar.transport.ListenOptions;
import java.io.IOException;
import java.net.Inet4Address;

/** Opens the descriptor of a listener as the options ask for. */
final class ListenDescriptor {
    private static final int IPPROTO_IPV6 = 41;
    private static final int IPV6_V6ONLY = NativeErrors.BSD ? 27 : 26;

    private ListenDescriptor() {}

    /** A socket that is not bound yet. Fails as {@link Socket#newSocketStream()} does. */
    static Socket open(ListenOptions options) {
        boolean ipv4Only = !options.dualStack() && options.address().getAddress() instanceof Inet4Address;
        return ipv4Only ? new Ipv4Socket() : Socket.newSocketStream();
    }

    static void bindAndListen(Socket fd, ListenOptions options) throws IOException {
        fd.setReuseAddress(true);
        if (options.reusePort()) {
            fd.setReusePort(true);
        }
        if (!options.dualStack() && !(options.address().getAddress() instanceof Inet4Address)) {
            fd.setIntOpt(IPPROTO_IPV6, IPV6_V6ONLY, 1);
        }
        fd.bind(options.address());
        fd.listen(options.backlog());
    }

    /** Netty's own sockets are IPv6 where the system has it, and take a wildcard of IPv4 for both families. */
    private static final class Ipv4Socket extends Socket {
        Ipv4Socket() {
            super(newSocketStream0(false));
        }
    }
}

package io.samovar.echo;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;

/** Host names and ports, as people write and read them. */
final class Addresses {
    /** 127.0.0.1, and a port that the system chooses. */
    static final InetSocketAddress LOOPBACK = new InetSocketAddress(loopback(), 0);

    private Addresses() {}

    /**
     * Looks a host name up. It blocks, so call it before the loop runs.
     *
     * @throws RunFailedException if there is no such host
     */
    static InetSocketAddress resolve(String host, int port) {
        try {
            return new InetSocketAddress(InetAddress.getByName(host), port);
        } catch (UnknownHostException unknown) {
            throw new RunFailedException("unknown host: " + host, unknown);
        }
    }

    private static InetAddress loopback() {
        try {
            return InetAddress.getByAddress(new byte[] {127, 0, 0, 1}); // the JDK's own may be ::1
        } catch (UnknownHostException wrongLength) {
            throw new AssertionError(wrongLength);
        }
    }

    /** {@code 127.0.0.1:7007}, {@code [::1]:7007}. */
    static String text(InetSocketAddress address) {
        InetAddress ip = address.getAddress();
        String host = ip == null ? address.getHostString() : ip.getHostAddress();
        return (ip instanceof Inet6Address ? '[' + host + ']' : host) + ':' + address.getPort();
    }
}

package io.samovar.net;

import io.samovar.transport.StreamSocket;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Where a connection may come from.
 *
 * @param addresses in the order in which they are tried; none if it makes no difference
 */
record LocalAddresses(List<InetSocketAddress> addresses) {
    static final LocalAddresses ANY = new LocalAddresses(List.of());

    /** Whether a second socket could not be bound beside the first. */
    boolean haveFixedPort() {
        return !addresses.isEmpty() && addresses.get(0).getPort() != 0;
    }

    /**
     * Those that one of these addresses can talk to, as far as the family goes.
     *
     * @throws AddressNotAvailableException if there is none
     */
    List<InetSocketAddress> reachable(List<InetSocketAddress> remotes) {
        List<InetSocketAddress> reachable = remotes.stream()
                .filter(remote -> fitting(remote).findAny().isPresent())
                .toList();
        if (reachable.isEmpty()) {
            String message = "connect to " + remotes + " from " + addresses
                    + ": one is an IPv4 address and the other an IPv6 address";
            throw new AddressNotAvailableException(message, 0, new BindException(message));
        }
        return reachable;
    }

    private Stream<InetSocketAddress> fitting(InetSocketAddress remote) {
        return addresses.stream()
                .filter(local -> local.getAddress().isAnyLocalAddress()
                        || Families.areSame(local.getAddress(), remote.getAddress()));
    }

    /**
     * Binds a socket to the first address that fits and can be had.
     *
     * @param remote reachable from one of them
     * @throws NetworkException why the first could not be had, with the others' failures suppressed in it
     */
    void bind(StreamSocket socket, InetSocketAddress remote) {
        if (addresses.isEmpty()) {
            return;
        }
        NetworkException failure = null;
        for (InetSocketAddress local : fitting(remote).toList()) {
            try {
                socket.bind(ofFamily(local, remote));
                return;
            } catch (NetworkException refused) {
                failure = merged(failure, refused);
            }
        }
        assert failure != null : "reachable";
        throw failure;
    }

    private static NetworkException merged(@Nullable NetworkException first, NetworkException later) {
        if (first == null) {
            return later;
        }
        first.addSuppressed(later);
        return first;
    }

    /** The wildcard stands for every address, and has to be of the family of the one to connect to. */
    private static InetSocketAddress ofFamily(InetSocketAddress local, InetSocketAddress remote) {
        if (Families.areSame(local.getAddress(), remote.getAddress())) {
            return local;
        }
        try {
            byte[] zeros = new byte[Families.isIpv6(remote.getAddress()) ? 16 : 4];
            return new InetSocketAddress(InetAddress.getByAddress(zeros), local.getPort());
        } catch (UnknownHostException wrongLength) {
            throw new AssertionError(wrongLength);
        }
    }
}

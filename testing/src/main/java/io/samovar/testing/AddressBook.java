package io.samovar.testing;

import io.samovar.transport.Errno;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Who has which address of a virtual network. Every IP address belongs to it. */
final class AddressBook {
    private static final int FIRST_EPHEMERAL = 49152;
    private static final int LAST_PORT = 65535;

    private final List<Entry> entries = new ArrayList<>();
    private int nextEphemeral = FIRST_EPHEMERAL;
    /** Which of several listeners that share an address gets the next connection. */
    private int turn;

    /**
     * An address that is taken.
     *
     * @param bothFamilies whether a wildcard address takes IPv4 and IPv6
     */
    private record Entry(VirtualSocket socket, InetSocketAddress address, boolean shared, boolean bothFamilies) {
        boolean overlaps(Entry other) {
            return takes(other.address) || other.takes(address);
        }

        boolean takes(InetSocketAddress other) {
            InetAddress here = address.getAddress();
            InetAddress there = other.getAddress();
            return address.getPort() == other.getPort()
                    && (here.equals(there)
                            || (here.isAnyLocalAddress() && (bothFamilies || here.getClass() == there.getClass())));
        }
    }

    /**
     * Takes an address.
     *
     * @param wanted port 0 takes any that is free
     * @param shared whether others that also want to share may have it, too
     * @param bothFamilies whether a wildcard address takes IPv4 and IPv6
     * @param doing what this is for
     */
    InetSocketAddress take(
            VirtualSocket socket, InetSocketAddress wanted, boolean shared, boolean bothFamilies, String doing) {
        VirtualSocket.checkResolved(wanted);
        InetSocketAddress address = wanted.getPort() == 0
                ? new InetSocketAddress(wanted.getAddress(), freePort(wanted.getAddress(), doing))
                : wanted;
        Entry entry = new Entry(socket, address, shared, bothFamilies);
        for (Entry taken : entries) {
            if (taken.overlaps(entry) && !(taken.shared() && shared)) {
                throw VirtualSocket.failure(Errno.EADDRINUSE, doing);
            }
        }
        entries.add(entry);
        return address;
    }

    private int freePort(InetAddress host, String doing) {
        for (int tries = FIRST_EPHEMERAL; tries <= LAST_PORT; tries++) {
            int port = nextEphemeral;
            nextEphemeral = port == LAST_PORT ? FIRST_EPHEMERAL : port + 1;
            InetSocketAddress candidate = new InetSocketAddress(host, port);
            if (entries.stream().noneMatch(taken -> mayOverlap(taken.address(), candidate))) {
                return port;
            }
        }
        throw VirtualSocket.failure(Errno.EADDRINUSE, doing);
    }

    private static boolean mayOverlap(InetSocketAddress one, InetSocketAddress other) {
        return one.getPort() == other.getPort()
                && (one.getAddress().equals(other.getAddress())
                        || one.getAddress().isAnyLocalAddress()
                        || other.getAddress().isAnyLocalAddress());
    }

    /** Gives the addresses of a socket back. */
    void free(VirtualSocket socket) {
        entries.removeIf(entry -> entry.socket() == socket);
    }

    /** The listener that a connect to this address reaches. */
    @Nullable
    VirtualListener listenerAt(InetSocketAddress address) {
        List<VirtualListener> found = new ArrayList<>(1);
        for (Entry entry : entries) {
            if (entry.socket() instanceof VirtualListener listener && entry.takes(address)) {
                found.add(listener);
            }
        }
        return found.isEmpty() ? null : found.get(turn++ % found.size());
    }

    /** Where a connect to this address really goes: the wildcard is the machine itself. */
    static InetSocketAddress destination(InetSocketAddress address) {
        return address.getAddress().isAnyLocalAddress()
                ? new InetSocketAddress(loopbackLike(address.getAddress()), address.getPort())
                : address;
    }

    /** 127.0.0.1 or ::1, whichever can talk to this address. */
    static InetAddress loopbackLike(InetAddress address) {
        byte[] loopback = address instanceof Inet6Address ? new byte[16] : new byte[] {127, 0, 0, 1};
        loopback[loopback.length - 1] = 1;
        try {
            return InetAddress.getByAddress(loopback);
        } catch (UnknownHostException wrongLength) {
            throw new AssertionError(wrongLength);
        }
    }
}

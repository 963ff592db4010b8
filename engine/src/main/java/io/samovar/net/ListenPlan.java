package io.samovar.net;

import io.samovar.transport.ListenOptions;
import io.samovar.transport.ListenSocket;
import io.samovar.transport.Transport;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** Where a server is to listen. Its sockets are opened all together or not at all. */
final class ListenPlan {
    private static final Logger LOG = System.getLogger("io.samovar.net");

    private final List<Step> steps = new ArrayList<>();

    /** Opens some sockets and adds each to {@code opened} at once, so that what is open is known when a later one fails. */
    @FunctionalInterface
    private interface Step {
        void open(Opener opener, List<ListenSocket> opened);
    }

    /** How sockets are opened. */
    record Opener(Transport transport, int backlog, boolean reusePort, boolean dualStack) {
        ListenSocket listen(InetSocketAddress address) {
            return transport.listen(new ListenOptions(address, backlog, reusePort, dualStack));
        }
    }

    void add(InetSocketAddress address) {
        steps.add((opener, opened) -> opened.add(opener.listen(address)));
    }

    /** Those of the addresses that this machine has: a name may have some of another family, or of another machine. */
    void addAvailable(Collection<InetSocketAddress> addresses) {
        List<InetSocketAddress> candidates = List.copyOf(addresses);
        if (candidates.isEmpty()) {
            throw new IllegalArgumentException("there is no address to listen on");
        }
        steps.add((opener, opened) -> openAvailable(candidates, opener, opened));
    }

    void adopt(Collection<InheritedSocket> sockets) {
        List<InheritedSocket> inherited = List.copyOf(sockets);
        if (inherited.isEmpty()) {
            throw new IllegalArgumentException(
                    "there is no inherited socket to listen on: the process was not started with one"
                            + " of that name, or what started it passed them to another process (LISTEN_PID)");
        }
        for (InheritedSocket socket : inherited) {
            steps.add((opener, opened) -> opened.add(opener.transport().adopt(socket.descriptor())));
        }
    }

    private static void openAvailable(List<InetSocketAddress> candidates, Opener opener, List<ListenSocket> opened) {
        AddressNotAvailableException last = null;
        boolean any = false;
        for (InetSocketAddress address : candidates) {
            try {
                opened.add(opener.listen(address));
                any = true;
            } catch (AddressNotAvailableException notHere) {
                LOG.log(Level.DEBUG, "an address is left out that this machine does not have", notHere);
                last = notHere;
            }
        }
        if (!any && last != null) {
            throw last;
        }
    }

    /** Opens all, or closes those that were opened and fails. */
    List<ListenSocket> open(Opener opener) {
        List<ListenSocket> opened = new ArrayList<>();
        try {
            steps.forEach(step -> step.open(opener, opened));
        } catch (Throwable failure) {
            opened.forEach(ListenSocket::close);
            throw failure;
        }
        return opened;
    }
}

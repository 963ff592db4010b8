package io.samovar.net;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;

/** IPv4 and IPv6. */
final class Families {
    private Families() {}

    static boolean areSame(InetAddress one, InetAddress other) {
        return isIpv6(one) == isIpv6(other);
    }

    static boolean isIpv6(InetAddress address) {
        return address instanceof Inet6Address;
    }

    /** One address of each family after the other, beginning with the first one's, else in their order: RFC 8305, section 4. */
    static List<InetSocketAddress> takingTurns(List<InetSocketAddress> addresses) {
        if (addresses.size() < 3) {
            return addresses;
        }
        InetAddress first = addresses.get(0).getAddress();
        Queue<InetSocketAddress> like = new ArrayDeque<>();
        Queue<InetSocketAddress> unlike = new ArrayDeque<>();
        for (InetSocketAddress address : addresses) {
            (areSame(first, address.getAddress()) ? like : unlike).add(address);
        }
        List<InetSocketAddress> ordered = new ArrayList<>(addresses.size());
        while (!like.isEmpty() || !unlike.isEmpty()) {
            if (!like.isEmpty()) {
                ordered.add(like.remove());
            }
            if (!unlike.isEmpty()) {
                ordered.add(unlike.remove());
            }
        }
        return ordered;
    }
}

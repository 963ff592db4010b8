package io.samovar.tests.net;

import io.samovar.testing.VirtualClock;
import io.samovar.testing.VirtualConnection;
import io.samovar.testing.VirtualNetwork;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Which addresses of a virtual network somebody tries to connect to, and when; and how far away they are. */
final class Attempts {
    private final List<String> seen = new ArrayList<>();
    private final Map<InetSocketAddress, Duration> distances = new HashMap<>();

    Attempts(VirtualNetwork network, VirtualClock clock) {
        network.onConnect(connection -> {
            seen.add(connection.serverAddress().getAddress().getHostAddress() + " at "
                    + clock.elapsed().toMillis());
            approach(connection);
        });
    }

    private void approach(VirtualConnection connection) {
        Duration distance = distances.get(connection.serverAddress());
        if (distance != null) {
            connection.latency(distance);
        }
    }

    /** A connect to this address takes so long, whatever becomes of it. */
    void takes(InetSocketAddress address, Duration connect) {
        distances.put(address, connect.dividedBy(2));
    }

    /** Each attempt with its time in milliseconds, in their order. */
    List<String> seen() {
        return seen;
    }
}

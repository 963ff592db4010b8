package io.samovar.testing;

import java.util.ArrayDeque;
import java.util.Queue;

/** One direction of a connection: what is sent arrives in its order, after the connection's latency. */
final class Lane {
    private final VirtualNetwork network;
    private final VirtualConnection connection;
    /** What has arrived while the connection was stalled. */
    private final Queue<Runnable> held = new ArrayDeque<>();
    /** When what was sent last arrives: nothing overtakes it. */
    private long lastArrival = Long.MIN_VALUE;

    Lane(VirtualNetwork network, VirtualConnection connection) {
        this.network = network;
        this.connection = connection;
    }

    /** Sends something, which does {@code arrival} at the other end. */
    void send(Runnable arrival) {
        long latency = connection.latencyNanos();
        long at = network.now() > Long.MAX_VALUE - latency ? Long.MAX_VALUE : network.now() + latency;
        lastArrival = Math.max(lastArrival, at);
        network.agenda().add(lastArrival, () -> arrive(arrival));
    }

    private void arrive(Runnable arrival) {
        if (connection.isStalled() || !held.isEmpty()) {
            held.add(arrival);
        } else if (!connection.isCut()) {
            arrival.run();
        }
    }

    /** The connection is not stalled any more. */
    void resume() {
        network.agenda().add(network.now(), this::release);
    }

    /** One at a time: what it tells a listener may throw. */
    private void release() {
        if (connection.isStalled() || held.isEmpty()) {
            return;
        }
        Runnable first = held.remove();
        if (!held.isEmpty()) {
            network.agenda().add(network.now(), this::release);
        }
        if (!connection.isCut()) {
            first.run();
        }
    }
}

package io.samovar.testing;

import java.net.InetSocketAddress;
import java.time.Duration;

/**
 * One connection of a {@link VirtualNetwork}, and what can be wrong with it. Each fault may be set at any time, works in both
 * directions, and counts for what is sent, read or written from then on.
 *
 * <pre>{@code
 * network.onConnect(connection -> connection.chunks(1));   // a byte at a time, for parsers
 * pair.connection().latency(Duration.ofMillis(40));
 * pair.connection().stall();                               // a cable is cut, and nobody is told
 * pair.connection().reset();                               // both ends get a ConnectionResetException
 * }</pre>
 *
 * <p>Belongs to the loop's thread.
 */
public final class VirtualConnection {
    /** Bytes that one end may have sent and the other not read. */
    private static final int DEFAULT_CAPACITY = 64 * 1024;

    private final VirtualNetwork network;
    private final VirtualStream client;
    private final InetSocketAddress clientAddress;
    private final InetSocketAddress serverAddress;
    private final Lane toServer;
    private final Lane toClient;

    private long latencyNanos;
    private int readLimit = Integer.MAX_VALUE;
    private int writeLimit = Integer.MAX_VALUE;
    private int capacity = DEFAULT_CAPACITY;
    private boolean stalled;
    /** Nothing goes over the connection any more. */
    private boolean cut;

    VirtualConnection(VirtualNetwork network, VirtualStream client, InetSocketAddress from, InetSocketAddress to) {
        this.network = network;
        this.client = client;
        this.clientAddress = from;
        this.serverAddress = to;
        this.toServer = new Lane(network, this);
        this.toClient = new Lane(network, this);
    }

    /** The end that connected. */
    public InetSocketAddress clientAddress() {
        return clientAddress;
    }

    /** The end that was connected to. */
    public InetSocketAddress serverAddress() {
        return serverAddress;
    }

    /**
     * Makes each read give at most so many bytes, and each write take at most so many: {@code readsAtMost} and {@code
     * writesAtMost} in one.
     */
    public VirtualConnection chunks(int bytes) {
        return readsAtMost(bytes).writesAtMost(bytes);
    }

    /** The most bytes that one read gives; no limit by default. */
    public VirtualConnection readsAtMost(int bytes) {
        readLimit = atLeastOne(bytes);
        return this;
    }

    /** The most bytes that one write takes, so that the stream has to wait with the rest; no limit by default. */
    public VirtualConnection writesAtMost(int bytes) {
        writeLimit = atLeastOne(bytes);
        return this;
    }

    /** How many bytes one end may have sent that the other has not read, before its writes wait; 64 KiB by default. */
    public VirtualConnection capacity(int bytes) {
        capacity = atLeastOne(bytes);
        return this;
    }

    /** How long everything takes from one end to the other; no time by default. A connect takes it twice. */
    public VirtualConnection latency(Duration oneWay) {
        if (oneWay.isNegative()) {
            throw new IllegalArgumentException("nothing arrives before it was sent: " + oneWay);
        }
        latencyNanos = oneWay.toNanos();
        return this;
    }

    /** Holds everything back that is under way or sent from now on, until {@link #resume()}. Neither end is told. */
    public VirtualConnection stall() {
        stalled = true;
        return this;
    }

    /** Lets what was held back arrive, in its order. */
    public VirtualConnection resume() {
        if (stalled) {
            stalled = false;
            toServer.resume();
            toClient.resume();
        }
        return this;
    }

    /** Cuts the connection: what is under way is lost, and both ends see a reset in the loop's next iteration. */
    public void reset() {
        if (cut) {
            return;
        }
        cut = true;
        network.agenda().add(network.now(), () -> client.hangUp());
        VirtualStream server = client.peer();
        if (server != null) {
            network.agenda().add(network.now(), server::hangUp);
        }
    }

    private static int atLeastOne(int bytes) {
        if (bytes < 1) {
            throw new IllegalArgumentException("at least 1 byte must go through, not " + bytes);
        }
        return bytes;
    }

    Lane toServer() {
        return toServer;
    }

    Lane toClient() {
        return toClient;
    }

    long latencyNanos() {
        return latencyNanos;
    }

    int readLimit() {
        return readLimit;
    }

    int writeLimit() {
        return writeLimit;
    }

    int capacity() {
        return capacity;
    }

    boolean isStalled() {
        return stalled;
    }

    boolean isCut() {
        return cut;
    }

    /** Neither end is open any more. */
    boolean isOver() {
        VirtualStream server = client.peer();
        return !client.isOpen() && (server == null || !server.isOpen());
    }

    @Override
    public String toString() {
        return "VirtualConnection(" + clientAddress + " -> " + serverAddress + (stalled ? ", stalled)" : ")");
    }
}

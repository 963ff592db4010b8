package io.samovar.net;

import java.time.Duration;

/**
 * What a server allows its peers and its handlers; zero or {@link Long#MAX_VALUE} is no limit.
 *
 * @param maxConnections connections that may be open at once
 * @param idleTimeout how long a connection may be without a byte
 * @param firstByteTimeout how long a peer may take to say something
 * @param maxBufferedPerConnection bytes that may wait to be written on one connection
 * @param maxBuffered bytes that may wait to be written on all together
 */
record ServerLimits(
        int maxConnections,
        Duration idleTimeout,
        Duration firstByteTimeout,
        long maxBufferedPerConnection,
        long maxBuffered) {
    static final ServerLimits NONE =
            new ServerLimits(Integer.MAX_VALUE, Duration.ZERO, Duration.ZERO, Long.MAX_VALUE, Long.MAX_VALUE);

    ServerLimits maxConnections(int connections) {
        return new ServerLimits(
                atLeastOne("maxConnections", connections),
                idleTimeout,
                firstByteTimeout,
                maxBufferedPerConnection,
                maxBuffered);
    }

    ServerLimits idleTimeout(Duration limit) {
        return new ServerLimits(
                maxConnections,
                positive("idleTimeout", limit),
                firstByteTimeout,
                maxBufferedPerConnection,
                maxBuffered);
    }

    ServerLimits firstByteTimeout(Duration limit) {
        return new ServerLimits(
                maxConnections,
                idleTimeout,
                positive("firstByteTimeout", limit),
                maxBufferedPerConnection,
                maxBuffered);
    }

    ServerLimits maxBufferedPerConnection(long bytes) {
        return new ServerLimits(
                maxConnections,
                idleTimeout,
                firstByteTimeout,
                atLeastOne("maxBufferedBytesPerConnection", bytes),
                maxBuffered);
    }

    ServerLimits maxBuffered(long bytes) {
        return new ServerLimits(
                maxConnections,
                idleTimeout,
                firstByteTimeout,
                maxBufferedPerConnection,
                atLeastOne("maxBufferedBytes", bytes));
    }

    boolean limitsTime() {
        return !idleTimeout.isZero() || !firstByteTimeout.isZero();
    }

    boolean limitsBuffers() {
        return maxBufferedPerConnection < Long.MAX_VALUE || maxBuffered < Long.MAX_VALUE;
    }

    /** Sees to it that a task which awaits its writes never meets a limit. */
    void checkFits(TcpOptions options) {
        checkFits("maxBufferedBytesPerConnection", maxBufferedPerConnection, options);
        checkFits("maxBufferedBytes", maxBuffered, options);
    }

    private static void checkFits(String name, long bytes, TcpOptions options) {
        if (bytes <= options.highWaterMark()) {
            throw new IllegalArgumentException(name + " must be more than the high water mark, "
                    + options.highWaterMark() + " bytes, at which writes begin to wait, and is " + bytes);
        }
    }

    static int atLeastOne(String name, int value) {
        return (int) atLeastOne(name, (long) value);
    }

    private static long atLeastOne(String name, long value) {
        if (value < 1) {
            throw new IllegalArgumentException(name + " must be at least 1, and is " + value);
        }
        return value;
    }

    private static Duration positive(String name, Duration value) {
        if (value.isNegative() || value.isZero()) {
            throw new IllegalArgumentException(name + " must be positive, and is " + value);
        }
        return value;
    }
}

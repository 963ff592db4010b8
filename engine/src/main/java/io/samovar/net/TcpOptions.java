package io.samovar.net;

import io.samovar.transport.StreamSocket;
import java.net.SocketOption;
import java.net.StandardSocketOptions;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import jdk.net.ExtendedSocketOptions;

/**
 * How a connection shall behave. Immutable; any thread may use it.
 *
 * <pre>{@code
 * TcpOptions.DEFAULT
 *         .keepAlive(Duration.ofMinutes(1), Duration.ofSeconds(10), 3)
 *         .with(StandardSocketOptions.SO_SNDBUF, 1 << 20)
 *         .waterMarks(256 * 1024, 64 * 1024);
 * }</pre>
 */
public final class TcpOptions {
    /**
     * {@code TCP_NODELAY} on, water marks at 64 and 16 KiB, a read limit of 64 KiB and a close limit of 30 s (all asyncio's);
     * everything else as the system has it.
     */
    public static final TcpOptions DEFAULT = new TcpOptions(
            Map.of(StandardSocketOptions.TCP_NODELAY, true), 64 * 1024, 16 * 1024, 64 * 1024, Duration.ofSeconds(30));

    private final Map<SocketOption<?>, Object> socketOptions;
    private final long highWaterMark;
    private final long lowWaterMark;
    private final int readLimit;
    private final Duration closeLimit;

    private TcpOptions(
            Map<SocketOption<?>, Object> socketOptions,
            long highWaterMark,
            long lowWaterMark,
            int readLimit,
            Duration closeLimit) {
        this.socketOptions = socketOptions;
        this.highWaterMark = highWaterMark;
        this.lowWaterMark = lowWaterMark;
        this.readLimit = readLimit;
        this.closeLimit = closeLimit;
    }

    /** These options and one more, such as {@link StandardSocketOptions#SO_RCVBUF} in bytes. */
    public <T> TcpOptions with(SocketOption<T> option, T value) {
        Map<SocketOption<?>, Object> more = new LinkedHashMap<>(socketOptions);
        more.put(option, value);
        return new TcpOptions(more, highWaterMark, lowWaterMark, readLimit, closeLimit);
    }

    /** Whether small writes leave at once, {@code TCP_NODELAY}; on by default. */
    public TcpOptions noDelay(boolean on) {
        return with(StandardSocketOptions.TCP_NODELAY, on);
    }

    /**
     * Has the system probe a silent peer.
     *
     * @param idle silence before the first probe, whole seconds
     * @param interval time between probes, whole seconds
     * @param count probes without an answer after which the connection is given up
     */
    public TcpOptions keepAlive(Duration idle, Duration interval, int count) {
        return with(StandardSocketOptions.SO_KEEPALIVE, true)
                .with(ExtendedSocketOptions.TCP_KEEPIDLE, seconds(idle))
                .with(ExtendedSocketOptions.TCP_KEEPINTERVAL, seconds(interval))
                .with(ExtendedSocketOptions.TCP_KEEPCOUNT, count);
    }

    /**
     * How much may wait to be written before a write makes its task wait.
     *
     * @param high bytes; a write that leaves more than this waiting makes its task wait
     * @param low bytes; it goes on when no more than this is left
     * @throws IllegalArgumentException unless {@code 0 <= low <= high}
     */
    public TcpOptions waterMarks(long high, long low) {
        if (low < 0 || low > high) {
            throw new IllegalArgumentException(
                    "water marks must be 0 <= low <= high, and are low=" + low + ", high=" + high);
        }
        return new TcpOptions(socketOptions, high, low, readLimit, closeLimit);
    }

    /**
     * How long what {@link TcpStream#readLine} and {@link TcpStream#readUntil} look for may be, without its end.
     *
     * @param bytes at least 1
     */
    public TcpOptions readLimit(int bytes) {
        if (bytes < 1) {
            throw new IllegalArgumentException("the read limit must be at least 1 byte, and is " + bytes);
        }
        return new TcpOptions(socketOptions, highWaterMark, lowWaterMark, bytes, closeLimit);
    }

    /**
     * How long {@link TcpStream#close} may wait for the peer's goodbye, when everything is written, before the connection is cut.
     * Only TLS has one.
     *
     * @param limit more than zero
     */
    public TcpOptions closeLimit(Duration limit) {
        if (limit.isNegative() || limit.isZero()) {
            throw new IllegalArgumentException("the close limit must be more than zero, and is " + limit);
        }
        return new TcpOptions(socketOptions, highWaterMark, lowWaterMark, readLimit, limit);
    }

    /** Bytes that a line may have. */
    public int readLimit() {
        return readLimit;
    }

    /** How long a close may wait for the peer's goodbye. */
    public Duration closeLimit() {
        return closeLimit;
    }

    /** Bytes that may wait to be written before a write makes its task wait. */
    public long highWaterMark() {
        return highWaterMark;
    }

    /** Bytes at which a task that waits to write goes on. */
    public long lowWaterMark() {
        return lowWaterMark;
    }

    void applyTo(StreamSocket socket) {
        socketOptions.forEach((option, value) -> set(socket, option, value));
    }

    @SuppressWarnings("unchecked") // with() took a value of the option's type
    private static <T> void set(StreamSocket socket, SocketOption<T> option, Object value) {
        socket.setOption(option, (T) value);
    }

    private static int seconds(Duration duration) {
        return Math.toIntExact(Math.max(1, duration.toSeconds()));
    }
}

package io.samovar.testing;

import java.net.SocketOption;
import java.net.StandardSocketOptions;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import jdk.net.ExtendedSocketOptions;

/** The options of a virtual stream: those that the real transports know. They are kept, and two of them have an effect. */
final class SocketOptions {
    private static final Map<SocketOption<?>, Object> DEFAULTS = Map.ofEntries(
            Map.entry(StandardSocketOptions.TCP_NODELAY, false),
            Map.entry(StandardSocketOptions.SO_KEEPALIVE, false),
            Map.entry(StandardSocketOptions.SO_SNDBUF, 64 * 1024),
            Map.entry(StandardSocketOptions.SO_RCVBUF, 64 * 1024),
            Map.entry(StandardSocketOptions.SO_LINGER, -1),
            Map.entry(StandardSocketOptions.SO_REUSEADDR, false),
            Map.entry(StandardSocketOptions.SO_REUSEPORT, false),
            Map.entry(StandardSocketOptions.IP_TOS, 0),
            Map.entry(ExtendedSocketOptions.TCP_KEEPIDLE, 7200),
            Map.entry(ExtendedSocketOptions.TCP_KEEPINTERVAL, 75),
            Map.entry(ExtendedSocketOptions.TCP_KEEPCOUNT, 9));

    private final Map<SocketOption<?>, Object> values = new HashMap<>(DEFAULTS);

    <T> void set(SocketOption<T> option, T value) {
        checkKnown(option);
        values.put(option, value);
    }

    <T> T get(SocketOption<T> option) {
        checkKnown(option);
        return option.type().cast(Objects.requireNonNull(values.get(option)));
    }

    private static void checkKnown(SocketOption<?> option) {
        if (!DEFAULTS.containsKey(option)) {
            throw new UnsupportedOperationException("this transport does not know the socket option " + option);
        }
    }

    boolean isReusePort() {
        return get(StandardSocketOptions.SO_REUSEPORT);
    }

    /** Whether a close is to be a reset. */
    boolean lingersNot() {
        return get(StandardSocketOptions.SO_LINGER) == 0;
    }
}

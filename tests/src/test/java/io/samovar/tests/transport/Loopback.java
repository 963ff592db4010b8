package io.samovar.tests.transport;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;
import java.util.Locale;

/** The addresses that tests use; none leaves the machine. */
final class Loopback {
    private static final String OS = System.getProperty("os.name").toLowerCase(Locale.ROOT);

    static final boolean LINUX = OS.startsWith("linux");

    /** Whether the system counts its errors as the BSDs do. */
    static final boolean BSD = OS.startsWith("mac") || OS.contains("bsd");

    static final InetAddress V4 = address(127, 0, 0, 1);
    static final InetAddress V6 = address(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1);
    static final InetAddress ANY_V4 = address(0, 0, 0, 0);
    static final InetAddress ANY_V6 = address(new int[16]);

    /** Of a range that is for documentation, so that no machine has it (RFC 5737). */
    static final InetAddress NOT_OURS = address(203, 0, 113, 1);

    private Loopback() {}

    static InetSocketAddress v4(int port) {
        return new InetSocketAddress(V4, port);
    }

    static void assumeV6() {
        boolean available;
        try (ServerSocket probe = new ServerSocket(0, 1, V6)) {
            available = probe.isBound();
        } catch (IOException none) {
            available = false;
        }
        assumeTrue(available, "this machine has no ::1");
    }

    static InetAddress address(int... bytes) {
        try {
            return InetAddress.getByAddress(Pair.bytes(bytes));
        } catch (UnknownHostException wrongLength) {
            throw new IllegalArgumentException(wrongLength);
        }
    }
}

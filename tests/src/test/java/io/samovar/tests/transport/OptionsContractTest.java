package io.samovar.tests.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.samovar.tests.support.TransportTest;
import io.samovar.transport.StreamSocket;
import io.samovar.transport.TransportProvider;
import java.io.IOException;
import java.net.SocketOption;
import java.net.StandardSocketOptions;
import jdk.net.ExtendedSocketOptions;

class OptionsContractTest {
    @TransportTest
    void anOptionKeepsTheValueThatItWasGiven(TransportProvider provider) throws IOException {
        try (Driver driver = new Driver(provider);
                Pair accepted = Pair.accepted(driver);
                Pair connected = Pair.connected(driver);
                StreamSocket fresh = driver.transport().stream()) {
            for (StreamSocket socket : new StreamSocket[] {fresh, accepted.ours, connected.ours}) {
                assertKeeps(socket, StandardSocketOptions.TCP_NODELAY, true, false);
                assertKeeps(socket, StandardSocketOptions.SO_KEEPALIVE, true, false);
                assertKeeps(socket, StandardSocketOptions.SO_REUSEADDR, true, false);
                assertKeeps(socket, StandardSocketOptions.SO_LINGER, 5, 0, -1);
                assertKeeps(socket, ExtendedSocketOptions.TCP_KEEPIDLE, 77, 78);
                assertKeeps(socket, ExtendedSocketOptions.TCP_KEEPINTERVAL, 7, 8);
                assertKeeps(socket, ExtendedSocketOptions.TCP_KEEPCOUNT, 3, 4);
            }
        }
    }

    @SafeVarargs
    private static <T> void assertKeeps(StreamSocket socket, SocketOption<T> option, T... values) {
        for (T value : values) {
            socket.setOption(option, value);
            assertThat(socket.getOption(option)).as(option.name()).isEqualTo(value);
        }
    }

    @TransportTest
    void aBufferIsAtLeastAsLargeAsItWasAskedToBe(TransportProvider provider) {
        try (Driver driver = new Driver(provider);
                StreamSocket socket = driver.transport().stream()) {
            for (int size : new int[] {20_000, 40_000}) {
                socket.setOption(StandardSocketOptions.SO_SNDBUF, size);
                socket.setOption(StandardSocketOptions.SO_RCVBUF, size);
                // Linux doubles it, for its own books.
                assertThat(socket.getOption(StandardSocketOptions.SO_SNDBUF)).isBetween(size, 2 * size);
                assertThat(socket.getOption(StandardSocketOptions.SO_RCVBUF)).isBetween(size, 2 * size);
            }
        }
    }

    @TransportTest
    void anOptionThatTheTransportDoesNotKnowIsUnsupported(TransportProvider provider) {
        try (Driver driver = new Driver(provider);
                StreamSocket socket = driver.transport().stream()) {
            assertThatThrownBy(() -> socket.setOption(StandardSocketOptions.IP_MULTICAST_TTL, 3))
                    .isInstanceOf(UnsupportedOperationException.class)
                    .hasMessageContaining("IP_MULTICAST_TTL");
            assertThatThrownBy(() -> socket.getOption(StandardSocketOptions.IP_MULTICAST_TTL))
                    .isInstanceOf(UnsupportedOperationException.class)
                    .hasMessageContaining("IP_MULTICAST_TTL");
        }
    }

    @TransportTest
    void aSmallSendBufferMakesAWritePartial(TransportProvider provider) throws IOException {
        try (Driver driver = new Driver(provider);
                Pair pair = Pair.accepted(driver)) {
            pair.ours.setOption(StandardSocketOptions.SO_SNDBUF, 16 * 1024);
            int buffers = pair.ours.getOption(StandardSocketOptions.SO_SNDBUF) + pair.peer.getReceiveBufferSize();
            assertThat(pair.write(new byte[1024 * 1024])).isPositive().isLessThan(4 * buffers);
        }
    }
}

package io.samovar.tests.net;

import static io.samovar.Async.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.samovar.Coroutine;
import io.samovar.net.StreamClosedException;
import io.samovar.net.TcpOptions;
import io.samovar.net.TcpServer;
import io.samovar.net.TcpStream;
import io.samovar.tests.support.TransportTest;
import io.samovar.transport.TransportProvider;
import java.net.SocketOption;
import java.net.StandardSocketOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import jdk.net.ExtendedSocketOptions;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class OptionsTest {
    /** One that no transport knows. */
    private static final SocketOption<Integer> UNKNOWN = new SocketOption<>() {
        @Override
        public String name() {
            return "UNKNOWN";
        }

        @Override
        public Class<Integer> type() {
            return Integer.class;
        }

        @Override
        public String toString() {
            return name();
        }
    };

    @TransportTest
    void smallWritesLeaveAtOnceByDefault(TransportProvider provider) {
        try (Net net = Net.on(provider)) {
            TcpStream byDefault = net.line().stream();
            TcpStream delaying = net.line(TcpOptions.DEFAULT.noDelay(false)).stream();
            assertThat(byDefault.getOption(StandardSocketOptions.TCP_NODELAY)).isTrue();
            assertThat(delaying.getOption(StandardSocketOptions.TCP_NODELAY)).isFalse();
            byDefault.close();
            delaying.close();
        }
    }

    @TransportTest
    void keepAliveSetsIdleTimeIntervalAndCount(TransportProvider provider) {
        try (Net net = Net.on(provider)) {
            TcpOptions options = TcpOptions.DEFAULT.keepAlive(Duration.ofMinutes(2), Duration.ofSeconds(7), 3);
            TcpStream stream = net.line(options).stream();
            assertThat(stream.getOption(StandardSocketOptions.SO_KEEPALIVE)).isTrue();
            assertThat(stream.getOption(ExtendedSocketOptions.TCP_KEEPIDLE)).isEqualTo(120);
            assertThat(stream.getOption(ExtendedSocketOptions.TCP_KEEPINTERVAL)).isEqualTo(7);
            assertThat(stream.getOption(ExtendedSocketOptions.TCP_KEEPCOUNT)).isEqualTo(3);
            stream.close();
        }
    }

    @TransportTest
    void bufferSizesReachTheKernel(TransportProvider provider) {
        try (Net net = Net.on(provider)) {
            TcpStream stream = net
                    .line(TcpOptions.DEFAULT
                            .with(StandardSocketOptions.SO_SNDBUF, 40_000)
                            .with(StandardSocketOptions.SO_RCVBUF, 30_000))
                    .stream();
            // Linux doubles what is asked for.
            assertThat(stream.getOption(StandardSocketOptions.SO_SNDBUF)).isBetween(40_000, 80_000);
            assertThat(stream.getOption(StandardSocketOptions.SO_RCVBUF)).isBetween(30_000, 60_000);
            stream.close();
        }
    }

    @TransportTest
    void theServersOptionsAreThoseOfItsConnections(TransportProvider provider) {
        try (Net net = Net.on(provider)) {
            List<Boolean> noDelay = new ArrayList<>();
            List<Boolean> keepAlive = new ArrayList<>();
            TcpServer server = net.serve(
                    TcpServer.bind(Net.loopback(0))
                            .options(TcpOptions.DEFAULT.noDelay(false).with(StandardSocketOptions.SO_KEEPALIVE, true)),
                    peer -> {
                        noDelay.add(peer.getOption(StandardSocketOptions.TCP_NODELAY));
                        keepAlive.add(peer.getOption(StandardSocketOptions.SO_KEEPALIVE));
                        return Coroutine.done();
                    });
            Peer peer = net.connectTo(server);
            assertThat(net.run(peer.readToTheEnd())).isEmpty();
            assertThat(noDelay).containsExactly(false);
            assertThat(keepAlive).containsExactly(true);
            server.close();
        }
    }

    @TransportTest
    void anOptionCanBeSetOnAnOpenStream(TransportProvider provider) {
        try (Net net = Net.on(provider)) {
            TcpStream stream = net.line().stream();
            stream.setOption(StandardSocketOptions.TCP_NODELAY, false);
            stream.setOption(ExtendedSocketOptions.TCP_KEEPIDLE, 99);
            assertThat(stream.getOption(StandardSocketOptions.TCP_NODELAY)).isFalse();
            assertThat(stream.getOption(ExtendedSocketOptions.TCP_KEEPIDLE)).isEqualTo(99);
            stream.close();
        }
    }

    @TransportTest
    void anOptionOfAClosedStreamIsRefused(TransportProvider provider) {
        try (Net net = Net.on(provider)) {
            TcpStream stream = net.line().stream();
            stream.close();
            assertThatThrownBy(() -> stream.setOption(StandardSocketOptions.TCP_NODELAY, true))
                    .isInstanceOf(StreamClosedException.class);
            assertThatThrownBy(() -> stream.getOption(StandardSocketOptions.TCP_NODELAY))
                    .isInstanceOf(StreamClosedException.class);
        }
    }

    @TransportTest
    void anOptionThatTheTransportDoesNotKnowIsRefused(TransportProvider provider) {
        try (Net net = Net.on(provider)) {
            TcpStream stream = net.line().stream();
            assertThatThrownBy(() -> stream.setOption(UNKNOWN, 1))
                    .isInstanceOf(UnsupportedOperationException.class)
                    .hasMessageContaining("UNKNOWN");
            assertThatThrownBy(() -> stream.getOption(UNKNOWN)).isInstanceOf(UnsupportedOperationException.class);
            stream.close();
        }
    }

    @TransportTest
    void connectingWithAnUnknownOptionFailsAndLeavesNothingOpen(TransportProvider provider) {
        try (Net net = Net.on(provider)) {
            int before = Descriptors.sockets();
            assertThatThrownBy(() -> net.run(TcpStream.connector(Net.loopback(1))
                            .options(TcpOptions.DEFAULT.with(UNKNOWN, 1))
                            .connect()))
                    .isInstanceOf(UnsupportedOperationException.class);
            net.turn();
            assertThat(Descriptors.sockets()).isEqualTo(before);
        }
    }

    @TransportTest
    void aServerWithAnUnknownOptionDoesNotStartAndLeavesNothingOpen(TransportProvider provider) {
        try (Net net = Net.on(provider)) {
            int before = Descriptors.sockets();
            assertThatThrownBy(() -> net.serve(
                            TcpServer.bind(Net.loopback(0)).options(TcpOptions.DEFAULT.with(UNKNOWN, 1)),
                            peer -> Coroutine.done()))
                    .isInstanceOf(UnsupportedOperationException.class)
                    .hasMessageContaining("UNKNOWN");
            net.turn();
            assertThat(Descriptors.sockets()).isEqualTo(before);
        }
    }

    @TransportTest
    void bothEndsAgreeOnTheirAddresses(TransportProvider provider) {
        try (Net net = Net.on(provider)) {
            List<TcpStream> accepted = new ArrayList<>();
            TcpServer server = net.serve(peer -> {
                accepted.add(peer);
                return Coroutine.of(await(peer.read()));
            });
            TcpStream stream = net.run(TcpStream.connect(server.address()));
            net.until(() -> !accepted.isEmpty());
            assertThat(stream.remoteAddress()).isEqualTo(server.address());
            assertThat(accepted.get(0).localAddress()).isEqualTo(server.address());
            assertThat(accepted.get(0).remoteAddress()).isEqualTo(stream.localAddress());
            stream.close();
            assertThat(stream.localAddress()).isNull();
            assertThat(stream.remoteAddress()).as("for the log").isEqualTo(server.address());
            net.run(accepted.get(0).closed());
            server.close();
        }
    }
}

package io.samovar.tests.net;

import static io.samovar.tests.net.Bytes.direct;
import static io.samovar.tests.net.Bytes.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.samovar.AsyncTimeoutException;
import io.samovar.CancelledError;
import io.samovar.Task;
import io.samovar.net.AddressNotAvailableException;
import io.samovar.net.ConnectFailedException;
import io.samovar.net.ConnectionRefusedException;
import io.samovar.net.TcpConnector;
import io.samovar.net.TcpStream;
import io.samovar.tests.support.TransportTest;
import io.samovar.transport.TransportProvider;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@Timeout(60)
class ConnectTest {
    @TransportTest
    void connectGivesAStreamThatCarriesBytesBothWays(TransportProvider provider) {
        try (Net net = Net.on(provider)) {
            Net.Line line = net.line();
            net.run(line.stream().write(direct("there")));
            assertThat(text(net.run(line.peer().read(5)))).isEqualTo("there");
            line.peer().send("back");
            assertThat(text(net.run(line.stream().read()))).isEqualTo("back");
            line.stream().close();
        }
    }

    @TransportTest
    void connectFailsWhereNobodyListens(TransportProvider provider) throws IOException {
        try (Net net = Net.on(provider);
                Socket taken = new Socket()) {
            taken.bind(Net.loopback(0)); // nobody else gets the port, and nobody listens
            InetSocketAddress address = (InetSocketAddress) taken.getLocalSocketAddress();
            int before = Descriptors.sockets();
            assertThatThrownBy(() -> net.run(TcpStream.connect(address)))
                    .isInstanceOf(ConnectionRefusedException.class)
                    .hasMessageContaining("connect to ")
                    .hasMessageContaining(String.valueOf(address.getPort()))
                    .hasMessageContaining("connection refused (ECONNREFUSED)");
            net.turn();
            assertThat(Descriptors.sockets()).isEqualTo(before);
        }
    }

    @TransportTest
    @EnabledOnOs(OS.LINUX)
    void connectFailsWhenItsTimeIsOver(TransportProvider provider) throws IOException {
        AtomicLong clock = new AtomicLong();
        try (Net net = Net.on(provider, clock::get);
                DeafListener listener = new DeafListener()) {
            int before = Descriptors.sockets();
            Task<TcpStream> connecting = net.start(() -> TcpStream.connector(listener.address())
                    .timeLimit(Duration.ofMinutes(3))
                    .connect());
            clock.addAndGet(Duration.ofMinutes(3).toNanos() - 1);
            net.turn();
            assertThat(connecting.isDone()).isFalse();
            assertThat(Descriptors.sockets()).isEqualTo(before + 1);
            clock.incrementAndGet();
            assertThatThrownBy(() -> net.run(connecting))
                    .isInstanceOf(AsyncTimeoutException.class)
                    .hasMessage("connect to " + listener.address() + " took longer than PT3M");
            net.turn();
            assertThat(Descriptors.sockets()).isEqualTo(before);
        }
    }

    @TransportTest
    @Tag("L17")
    void connectTellsOfEveryAddressThatFailed(TransportProvider provider) throws IOException {
        try (Net net = Net.on(provider);
                Socket first = new Socket();
                Socket second = new Socket()) {
            first.bind(Net.loopback(0)); // nobody else gets the ports, and nobody listens
            second.bind(Net.loopback(0));
            List<InetSocketAddress> addresses =
                    List.of((InetSocketAddress) first.getLocalSocketAddress(), (InetSocketAddress)
                            second.getLocalSocketAddress());
            int before = Descriptors.sockets();
            assertThatThrownBy(() -> net.run(TcpStream.connector(addresses).connect()))
                    .isInstanceOfSatisfying(ConnectFailedException.class, failure -> {
                        assertThat(failure.failures())
                                .hasSize(2)
                                .hasOnlyElementsOfType(ConnectionRefusedException.class);
                        assertThat(failure.getSuppressed()).containsExactlyElementsOf(failure.failures());
                        assertThat(failure.errno())
                                .isEqualTo(failure.failures().get(0).errno());
                    })
                    .hasMessageStartingWith("none of 2 addresses: connect to ")
                    .hasMessageContaining(":" + first.getLocalPort())
                    .hasMessageContaining(":" + second.getLocalPort());
            assertThatThrownBy(() ->
                            net.run(TcpStream.connector(addresses.subList(0, 1)).connect()))
                    .isInstanceOf(ConnectionRefusedException.class);
            net.turn();
            assertThat(Descriptors.sockets()).isEqualTo(before);
        }
    }

    @TransportTest
    void connectTakesTheFirstAddressThatCanBeReached(TransportProvider provider) throws IOException {
        try (Net net = Net.on(provider);
                Socket taken = new Socket();
                ServerSocket listener = new ServerSocket()) {
            taken.bind(Net.loopback(0));
            listener.bind(Net.loopback(0));
            InetSocketAddress open = (InetSocketAddress) listener.getLocalSocketAddress();
            TcpStream stream = net.run(TcpStream.connector(
                            List.of((InetSocketAddress) taken.getLocalSocketAddress(), open, Net.loopback(1)))
                    .connect());
            assertThat(stream.remoteAddress()).isEqualTo(open);
            stream.close();
        }
    }

    @TransportTest
    @EnabledOnOs(OS.LINUX)
    void theTimeLimitIsForAllAddressesTogether(TransportProvider provider) throws IOException {
        AtomicLong clock = new AtomicLong();
        try (Net net = Net.on(provider, clock::get);
                DeafListener deaf = new DeafListener();
                ServerSocket listener = new ServerSocket()) {
            listener.bind(Net.loopback(0));
            Task<TcpStream> connecting = net.start(() -> TcpStream.connector(
                            List.of(deaf.address(), (InetSocketAddress) listener.getLocalSocketAddress()))
                    .timeLimit(Duration.ofMinutes(3))
                    .connect());
            clock.addAndGet(Duration.ofMinutes(3).toNanos());
            assertThatThrownBy(() -> net.run(connecting)).isInstanceOf(AsyncTimeoutException.class);
        }
    }

    @Test
    void aConnectorNeedsAnAddress() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TcpStream.connector(List.of()))
                .withMessage("there is no address to connect to");
    }

    @TransportTest
    void aTimeLimitThatIsKeptHasNoEffect(TransportProvider provider) throws IOException {
        AtomicLong clock = new AtomicLong();
        try (Net net = Net.on(provider, clock::get);
                ServerSocket listener = new ServerSocket()) {
            listener.bind(Net.loopback(0));
            TcpStream stream = net.run(TcpStream.connector((InetSocketAddress) listener.getLocalSocketAddress())
                    .timeLimit(Duration.ofMinutes(3))
                    .connect());
            clock.addAndGet(Duration.ofHours(1).toNanos());
            net.turn();
            assertThat(stream.isClosing()).isFalse();
            stream.close();
        }
    }

    @TransportTest
    @EnabledOnOs(OS.LINUX)
    void aConnectThatIsCancelledHalfWayLeavesNothingOpen(TransportProvider provider) throws IOException {
        try (Net net = Net.on(provider);
                DeafListener listener = new DeafListener()) {
            int before = Descriptors.sockets();
            Task<TcpStream> connecting = net.start(() -> TcpStream.connect(listener.address()));
            assertThat(connecting.isDone()).isFalse();
            assertThat(Descriptors.sockets()).isEqualTo(before + 1);
            connecting.cancel();
            assertThatThrownBy(() -> net.run(connecting)).isInstanceOf(CancelledError.class);
            net.turn();
            assertThat(Descriptors.sockets()).isEqualTo(before);
        }
    }

    @TransportTest
    void aConnectThatIsCancelledAsItSucceedsLeavesNothingOpen(TransportProvider provider) throws IOException {
        try (Net net = Net.on(provider);
                ServerSocket listener = new ServerSocket()) {
            listener.bind(Net.loopback(0));
            int before = Descriptors.sockets();
            Task<TcpStream> connecting =
                    net.loop().createTask(TcpStream.connect((InetSocketAddress) listener.getLocalSocketAddress()));
            // Runs in the iteration after the connect's first step, before what the socket wakes in it.
            net.loop().callSoon(() -> net.loop().callSoon(connecting::cancel));
            net.until(connecting::isDone);
            if (!connecting.isCancelled()) { // it may stand at once, without any wait
                connecting.result().close();
            }
            net.turn();
            assertThat(Descriptors.sockets()).isEqualTo(before);
        }
    }

    @TransportTest
    void aConnectThatIsCancelledBeforeItBeginsOpensNothing(TransportProvider provider) {
        try (Net net = Net.on(provider)) {
            int before = Descriptors.sockets();
            Task<TcpStream> connecting = net.loop().createTask(TcpStream.connect(Net.loopback(1)));
            connecting.cancel();
            assertThatThrownBy(() -> net.run(connecting)).isInstanceOf(CancelledError.class);
            assertThat(Descriptors.sockets()).isEqualTo(before);
        }
    }

    @TransportTest
    @EnabledOnOs(OS.LINUX)
    void theLocalAddressIsTheOneAskedFor(TransportProvider provider) throws IOException {
        try (Net net = Net.on(provider);
                ServerSocket listener = new ServerSocket()) {
            listener.bind(Net.loopback(0));
            TcpStream stream = net.run(TcpStream.connector((InetSocketAddress) listener.getLocalSocketAddress())
                    .localAddress(new InetSocketAddress("127.0.0.2", 0))
                    .connect());
            InetSocketAddress local = stream.localAddress();
            try (Socket accepted = listener.accept()) {
                assertThat(local.getAddress().getHostAddress()).isEqualTo("127.0.0.2");
                assertThat(accepted.getRemoteSocketAddress()).isEqualTo(local);
            }
            stream.close();
        }
    }

    @TransportTest
    void aLocalAddressOfAnotherMachineIsRefused(TransportProvider provider) {
        try (Net net = Net.on(provider)) {
            int before = Descriptors.sockets();
            assertThatThrownBy(() -> net.run(TcpStream.connector(Net.loopback(1))
                            .localAddress(new InetSocketAddress("192.0.2.1", 0)) // reserved for documentation
                            .connect()))
                    .isInstanceOf(AddressNotAvailableException.class)
                    .hasMessageContaining("bind to /192.0.2.1:0");
            net.turn();
            assertThat(Descriptors.sockets()).isEqualTo(before);
        }
    }

    @TransportTest
    void anAddressThatIsNotResolvedIs(TransportProvider provider) throws IOException {
        try (Net net = Net.on(provider);
                ServerSocket listener = new ServerSocket()) {
            listener.bind(Net.loopback(0));
            InetSocketAddress unresolved = InetSocketAddress.createUnresolved("127.0.0.1", listener.getLocalPort());
            TcpStream stream = net.run(TcpStream.connect(unresolved));
            assertThat(stream.remoteAddress()).isEqualTo(listener.getLocalSocketAddress());
            stream.close();
        }
    }

    @TransportTest
    void aConnectorMakesAnyNumberOfConnections(TransportProvider provider) throws IOException {
        try (Net net = Net.on(provider);
                ServerSocket listener = new ServerSocket()) {
            listener.bind(Net.loopback(0));
            TcpConnector connector = TcpStream.connector((InetSocketAddress) listener.getLocalSocketAddress());
            TcpStream first = net.run(connector.connect());
            TcpStream second = net.run(connector.connect());
            assertThat(first.localAddress()).isNotEqualTo(second.localAddress());
            first.close();
            second.close();
        }
    }
}

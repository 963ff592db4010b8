package io.samovar.tests.transport;

import static io.samovar.tests.transport.Failures.assertClosed;
import static io.samovar.tests.transport.Failures.assertFails;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.samovar.net.AddressInUseException;
import io.samovar.net.AddressNotAvailableException;
import io.samovar.net.ConnectionRefusedException;
import io.samovar.net.ConnectionResetException;
import io.samovar.net.NetworkException;
import io.samovar.net.UnreachableException;
import io.samovar.tests.support.TransportTest;
import io.samovar.transport.Errno;
import io.samovar.transport.StreamSocket;
import io.samovar.transport.TransportProvider;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;

class ConnectContractTest {
    @TransportTest
    void aConnectThatThePeerTakesStands(TransportProvider provider) throws IOException {
        try (Driver driver = new Driver(provider);
                Pair pair = Pair.connected(driver)) {
            assertThat(pair.ours.isOpen()).isTrue();
            assertThat(pair.ours.finishConnect()).as("asked once more").isTrue();
            assertThat(pair.write(1, 2, 3)).isEqualTo(3);
            assertThat(pair.peer.getInputStream().readNBytes(3)).containsExactly(1, 2, 3);
        }
    }

    @TransportTest
    void aConnectionStillStandsWhenAWriteWouldBlock(TransportProvider provider) throws IOException {
        byte[] much = new byte[8 * 1024 * 1024];
        try (Driver driver = new Driver(provider);
                Pair pair = Pair.connected(driver)) {
            assertThat(pair.write(much)).isLessThan(much.length);
            assertThat(pair.ours.finishConnect()).isTrue();
        }
    }

    @TransportTest
    void aRefusedConnectIsAConnectionRefusedExceptionThatNamesTheAddress(TransportProvider provider)
            throws IOException {
        assertRefused(provider, Loopback.V4);
    }

    @TransportTest
    void aRefusedConnectOverIpv6Is(TransportProvider provider) throws IOException {
        Loopback.assumeV6();
        assertRefused(provider, Loopback.V6);
    }

    private static void assertRefused(TransportProvider provider, InetAddress host) throws IOException {
        try (Driver driver = new Driver(provider);
                Socket bound = new Socket();
                StreamSocket socket = driver.transport().stream()) {
            bound.bind(new InetSocketAddress(host, 0)); // nobody listens there, and nobody can come to
            InetSocketAddress nobody = (InetSocketAddress) bound.getLocalSocketAddress();
            assertFails(
                    () -> Pair.connect(driver, socket, new Events(), nobody),
                    ConnectionRefusedException.class,
                    Errno.ECONNREFUSED,
                    "connect to " + nobody);
        }
    }

    @TransportTest
    void aConnectThatFailedDoesNotKeepThePollBusy(TransportProvider provider) throws IOException {
        try (Driver driver = new Driver(provider);
                Socket bound = new Socket();
                StreamSocket socket = driver.transport().stream()) {
            bound.bind(Loopback.v4(0));
            InetSocketAddress nobody = (InetSocketAddress) bound.getLocalSocketAddress();
            assertThatThrownBy(() -> Pair.connect(driver, socket, new Events(), nobody))
                    .isInstanceOf(ConnectionRefusedException.class);
            assertThat(driver.pollsDuring(ReadinessContractTest.A_WHILE)).isLessThan(ReadinessContractTest.FEW);
        }
    }

    @TransportTest
    void aConnectToAnAddressThatNoWayLeadsToIsAnUnreachableException(TransportProvider provider) {
        assumeTrue(Loopback.LINUX, "only Linux is known to refuse a TCP connect to loopback's broadcast address");
        InetSocketAddress broadcast = new InetSocketAddress(Loopback.address(127, 255, 255, 255), 9);
        try (Driver driver = new Driver(provider);
                StreamSocket socket = driver.transport().stream()) {
            assertThatThrownBy(() -> Pair.connect(driver, socket, new Events(), broadcast))
                    .isExactlyInstanceOf(UnreachableException.class)
                    .hasMessageStartingWith("connect to " + broadcast + ": ")
                    .extracting(failure -> ((NetworkException) failure).errno())
                    .as("Netty tells no number here")
                    .isIn(0, Errno.ENETUNREACH.number(Loopback.BSD));
        }
    }

    @TransportTest
    void aConnectUnderWayDoesNotStandHoweverOftenItIsAsked(TransportProvider provider) throws IOException {
        try (Driver driver = new Driver(provider);
                Crowd crowd = new Crowd();
                StreamSocket socket = driver.transport().stream()) {
            Events events = new Events();
            socket.listener(events);
            assertThat(socket.connect(crowd.address())).isFalse();
            assertThat(socket.finishConnect()).as("at once").isFalse();
            driver.settle();
            assertThat(socket.finishConnect()).as("after a poll").isFalse();
            assertThat(events.calls).isZero();
            driver.pollUntil("the connect, once there is room", () -> {
                disperse(crowd);
                return events.writable > 0 && socket.finishConnect();
            });
        }
    }

    private static void disperse(Crowd crowd) {
        try {
            crowd.disperse();
        } catch (IOException impossible) {
            throw new AssertionError(impossible);
        }
    }

    @TransportTest
    void aConnectThatIsClosedHalfWayIsNeverReported(TransportProvider provider) throws IOException {
        try (Driver driver = new Driver(provider);
                Crowd crowd = new Crowd()) {
            StreamSocket socket = driver.transport().stream();
            Events events = new Events();
            socket.listener(events);
            assertThat(socket.connect(crowd.address())).isFalse();
            socket.close();
            crowd.disperse();
            driver.settle();
            assertThat(events.calls).isZero();
            assertClosed("connect", socket::finishConnect);
        }
    }

    @TransportTest
    void aPeersResetRightAfterTheConnectIsFoundByTheFirstRead(TransportProvider provider) throws IOException {
        try (Driver driver = new Driver(provider);
                Pair pair = Pair.connected(driver)) {
            pair.resetByPeer();
            assertThatThrownBy(pair::receiveEnd).isInstanceOf(ConnectionResetException.class);
        }
    }

    @TransportTest
    void theLocalEndIsTheOneThatWasBound(TransportProvider provider) throws IOException {
        int port = freePort();
        try (Driver driver = new Driver(provider);
                ServerSocket server = new ServerSocket(0, 1, Loopback.V4)) {
            StreamSocket socket = driver.transport().stream();
            socket.bind(Loopback.v4(port));
            assertThat(socket.localAddress()).isEqualTo(Loopback.v4(port));
            try (Pair pair = Pair.connected(driver, socket, server)) {
                assertThat(pair.peer.getPort()).isEqualTo(port);
                pair.resetByPeer(); // leaves no TIME_WAIT
            }
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket probe = new ServerSocket(0, 1, Loopback.V4)) {
            return probe.getLocalPort();
        }
    }

    @TransportTest
    void bindingToAPortThatIsTakenIsAnAddressInUseException(TransportProvider provider) throws IOException {
        try (Driver driver = new Driver(provider);
                ServerSocket taken = new ServerSocket(0, 1, Loopback.V4);
                StreamSocket socket = driver.transport().stream()) {
            InetSocketAddress address = (InetSocketAddress) taken.getLocalSocketAddress();
            assertFails(
                    () -> socket.bind(address), AddressInUseException.class, Errno.EADDRINUSE, "bind to " + address);
        }
    }

    @TransportTest
    void bindingToAnotherMachinesAddressIsAnAddressNotAvailableException(TransportProvider provider) {
        InetSocketAddress address = new InetSocketAddress(Loopback.NOT_OURS, 0);
        try (Driver driver = new Driver(provider);
                StreamSocket socket = driver.transport().stream()) {
            assertFails(
                    () -> socket.bind(address),
                    AddressNotAvailableException.class,
                    Errno.EADDRNOTAVAIL,
                    "bind to " + address);
        }
    }

    @TransportTest
    void anUnresolvedAddressIsAMistakeThatTheMessageTellsHowToMend(TransportProvider provider) {
        InetSocketAddress unresolved = InetSocketAddress.createUnresolved("somewhere.invalid", 7);
        try (Driver driver = new Driver(provider);
                StreamSocket socket = driver.transport().stream()) {
            socket.listener(new Events());
            String message = "the address somewhere.invalid is not resolved: resolve it off the loop thread first";
            assertThatThrownBy(() -> socket.connect(unresolved))
                    .isExactlyInstanceOf(IllegalArgumentException.class)
                    .hasMessage(message);
            assertThatThrownBy(() -> socket.bind(unresolved))
                    .isExactlyInstanceOf(IllegalArgumentException.class)
                    .hasMessage(message);
            assertThatThrownBy(() -> driver.listen(unresolved, 1))
                    .isExactlyInstanceOf(IllegalArgumentException.class)
                    .hasMessage(message);
        }
    }
}

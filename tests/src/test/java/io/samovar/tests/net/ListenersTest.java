package io.samovar.tests.net;

import static io.samovar.tests.net.Bytes.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.samovar.Coroutine;
import io.samovar.net.AddressInUseException;
import io.samovar.net.AddressNotAvailableException;
import io.samovar.net.ConnectionRefusedException;
import io.samovar.net.TcpServer;
import io.samovar.net.TcpStream;
import io.samovar.tests.support.TransportTest;
import io.samovar.transport.TransportProvider;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Servers that listen in several places. */
@Timeout(60)
class ListenersTest {
    /** Of a range that is for documentation, so that no machine has it (RFC 5737). */
    private static final InetSocketAddress ELSEWHERE = new InetSocketAddress("203.0.113.1", 0);

    private static void assertEchoes(Net net, InetSocketAddress address) {
        try (Peer peer = Peer.connect(address)) {
            peer.send("tea");
            assertThat(text(net.run(peer.read(3)))).isEqualTo("tea");
        }
    }

    private static InetSocketAddress any(String wildcard, int port) {
        try {
            return new InetSocketAddress(InetAddress.getByName(wildcard), port);
        } catch (UnknownHostException e) {
            throw new AssertionError(e);
        }
    }

    private static InetSocketAddress loopbackV6(int port) {
        return any("::1", port);
    }

    private static void assumeV6() {
        boolean available;
        try (ServerSocket probe = new ServerSocket(0, 1, loopbackV6(0).getAddress())) {
            available = probe.isBound();
        } catch (IOException none) {
            available = false;
        }
        assumeTrue(available, "this machine has no ::1");
    }

    @TransportTest
    void aServerListensAtEachOfItsAddresses(TransportProvider provider) {
        try (Net net = Net.on(provider)) {
            TcpServer server = net.serve(
                    TcpServer.bind(Net.loopback(0)).and(Net.loopback(0)).and(Net.loopback(0)), ServerTest::echo);
            List<InetSocketAddress> addresses = server.addresses();
            assertThat(addresses).hasSize(3).doesNotHaveDuplicates().allMatch(address -> address.getPort() > 0);
            assertThat(server.address()).isEqualTo(addresses.get(0));
            assertThat(server)
                    .hasToString(
                            "TcpServer(" + addresses.get(0) + ", " + addresses.get(1) + ", " + addresses.get(2) + ")");
            addresses.forEach(address -> assertEchoes(net, address));
            server.close();
            assertThat(server.addresses()).isEmpty();
            assertThat(addresses).as("a snapshot").hasSize(3);
            for (InetSocketAddress address : addresses) {
                assertThatThrownBy(() -> net.run(TcpStream.connect(address)))
                        .isInstanceOf(ConnectionRefusedException.class);
            }
            net.run(server.waitClosed());
        }
    }

    @TransportTest
    void ifOneAddressCannotBeHadNoneIsLeftOpen(TransportProvider provider) {
        try (Net net = Net.on(provider)) {
            TcpServer other = net.serve(ServerTest::echo);
            net.turn();
            int before = Descriptors.sockets();
            assertThatThrownBy(() -> net.serve(
                            TcpServer.bind(Net.loopback(0)).and(Net.loopback(0)).and(other.address()),
                            ServerTest::echo))
                    .isInstanceOf(AddressInUseException.class);
            net.turn();
            assertThat(Descriptors.sockets()).isEqualTo(before);
            other.close();
        }
    }

    @TransportTest
    void ofTheAddressesOfAHostThoseAreLeftOutThatThisMachineDoesNotHave(TransportProvider provider) {
        try (Net net = Net.on(provider)) {
            TcpServer server = net.serve(
                    TcpServer.bindAvailable(List.of(ELSEWHERE, Net.loopback(0)))
                            .andAvailable(List.of(Net.loopback(0), ELSEWHERE)),
                    ServerTest::echo);
            assertThat(server.addresses())
                    .hasSize(2)
                    .allMatch(address -> address.getAddress().isLoopbackAddress());
            server.addresses().forEach(address -> assertEchoes(net, address));
            server.close();
            net.run(server.waitClosed());
        }
    }

    @TransportTest
    void aHostOfWhichThisMachineHasNoAddressIsRefused(TransportProvider provider) {
        try (Net net = Net.on(provider)) {
            int before = Descriptors.sockets();
            assertThatThrownBy(() -> net.serve(
                            TcpServer.bind(Net.loopback(0)).andAvailable(List.of(ELSEWHERE, ELSEWHERE)),
                            ServerTest::echo))
                    .isInstanceOf(AddressNotAvailableException.class);
            net.turn();
            assertThat(Descriptors.sockets()).isEqualTo(before);
        }
    }

    @TransportTest
    void anAddressOfAHostThatIsInUseIsNotLeftOut(TransportProvider provider) {
        try (Net net = Net.on(provider)) {
            TcpServer other = net.serve(ServerTest::echo);
            assertThatThrownBy(() -> net.serve(
                            TcpServer.bindAvailable(List.of(Net.loopback(0), other.address())), ServerTest::echo))
                    .isInstanceOf(AddressInUseException.class);
            other.close();
        }
    }

    @TransportTest
    void oneWildcardTakesBothFamilies(TransportProvider provider) {
        assumeV6();
        try (Net net = Net.on(provider)) {
            for (String wildcard : List.of("::", "0.0.0.0")) {
                TcpServer server = net.serve(TcpServer.bind(any(wildcard, 0)), ServerTest::echo);
                assertEchoes(net, Net.loopback(server.address().getPort()));
                assertEchoes(net, loopbackV6(server.address().getPort()));
                server.close();
                net.run(server.waitClosed());
            }
        }
    }

    @TransportTest
    void withoutDualStackEachFamilyHasASocketOfItsOwn(TransportProvider provider) {
        assumeV6();
        assumeTrue(!provider.name().equals("nio"), "the JDK cannot: see the next test");
        try (Net net = Net.on(provider)) {
            TcpServer v4 = net.serve(TcpServer.bind(any("0.0.0.0", 0)).dualStack(false), ServerTest::echo);
            int port = v4.address().getPort();
            TcpServer v6 = net.serve(TcpServer.bind(any("::", port)).dualStack(false), peer -> Coroutine.done());
            assertEchoes(net, Net.loopback(port));
            assertThat(net.run(Peer.connect(loopbackV6(port)).readToTheEnd())).isEmpty();
            v4.close();
            v6.close();
            TcpServer both = net.serve(
                    TcpServer.bind(any("0.0.0.0", port)).and(any("::", port)).dualStack(false), ServerTest::echo);
            assertEchoes(net, Net.loopback(port));
            assertEchoes(net, loopbackV6(port));
            both.close();
            net.run(both.waitClosed());
        }
    }

    @TransportTest
    void nioTakesIpv4AloneAndSaysThatItCannotTakeIpv6Alone(TransportProvider provider) {
        assumeV6();
        assumeTrue(provider.name().equals("nio"), "the others can do both");
        try (Net net = Net.on(provider)) {
            int before = Descriptors.sockets();
            TcpServer v4 = net.serve(TcpServer.bind(any("0.0.0.0", 0)).dualStack(false), ServerTest::echo);
            assertEchoes(net, Net.loopback(v4.address().getPort()));
            assertThatThrownBy(() ->
                            net.run(TcpStream.connect(loopbackV6(v4.address().getPort()))))
                    .isInstanceOf(ConnectionRefusedException.class);
            v4.close();
            net.run(v4.waitClosed());
            assertThatThrownBy(() -> net.serve(TcpServer.bind(any("::", 0)).dualStack(false), ServerTest::echo))
                    .isInstanceOf(UnsupportedOperationException.class)
                    .hasMessageContaining("dualStack");
            TcpServer v6 = net.serve(TcpServer.bind(loopbackV6(0)).dualStack(false), ServerTest::echo);
            assertEchoes(net, v6.address());
            v6.close();
            net.run(v6.waitClosed());
            net.turn();
            assertThat(Descriptors.sockets()).isEqualTo(before);
        }
    }

    @TransportTest
    void roomIsGivenToTheListenersInTurn(TransportProvider provider) {
        try (Net net = Net.on(provider)) {
            StringBuilder served = new StringBuilder();
            TcpServer[] server = new TcpServer[1];
            server[0] = net.serve(
                    TcpServer.bind(Net.loopback(0)).and(Net.loopback(0)).maxConnections(1), peer -> {
                        served.append(server[0].addresses().indexOf(peer.localAddress()));
                        return Coroutine.done();
                    });
            List<InetSocketAddress> addresses = server[0].addresses();
            for (int i = 0; i < 4; i++) {
                addresses.forEach(Peer::connect);
            }
            net.until(() -> served.length() == 8);
            assertThat(served.toString())
                    .doesNotContain("000")
                    .doesNotContain("111")
                    .contains("0101");
            // Who finds nobody at its door leaves the room to the other.
            for (int i = 0; i < 4; i++) {
                Peer unused = Peer.connect(addresses.get(1));
            }
            net.until(() -> served.length() == 12);
            server[0].close();
            net.run(server[0].waitClosed());
        }
    }

    @Test
    void thereMustBeAnAddress() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TcpServer.bindAvailable(List.of()))
                .withMessage("there is no address to listen on");
        assertThatIllegalArgumentException()
                .isThrownBy(TcpServer::inherited)
                .withMessageStartingWith("there is no inherited socket to listen on");
    }
}

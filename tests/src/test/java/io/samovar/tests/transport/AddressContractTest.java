package io.samovar.tests.transport;

import static io.samovar.tests.transport.Failures.assertFails;
import static org.assertj.core.api.Assertions.assertThat;

import io.samovar.net.AddressInUseException;
import io.samovar.net.AddressNotAvailableException;
import io.samovar.tests.support.TransportTest;
import io.samovar.transport.Errno;
import io.samovar.transport.ListenOptions;
import io.samovar.transport.ListenSocket;
import io.samovar.transport.StreamSocket;
import io.samovar.transport.TransportProvider;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;

/** Where sockets listen and what they call their ends. */
class AddressContractTest {
    @TransportTest
    void bothEndsOfAnIpv4ConnectionAgreeOnItsAddresses(TransportProvider provider) throws IOException {
        assertEndsAgree(provider, Loopback.V4);
    }

    @TransportTest
    void bothEndsOfAnIpv6ConnectionAgreeOnItsAddresses(TransportProvider provider) throws IOException {
        Loopback.assumeV6();
        assertEndsAgree(provider, Loopback.V6);
    }

    private static void assertEndsAgree(TransportProvider provider, InetAddress host) throws IOException {
        try (Driver driver = new Driver(provider);
                ListenSocket listener = driver.listen(new InetSocketAddress(host, 0), 1);
                ServerSocket server = new ServerSocket(0, 1, host)) {
            assertThat(listener.localAddress().getAddress()).isEqualTo(host);
            assertThat(listener.localAddress().getPort()).isPositive();
            listener.listener(new Events());
            try (Pair accepted = Pair.accepted(driver, listener);
                    Pair connected = Pair.connected(driver, driver.transport().stream(), server)) {
                for (Pair pair : new Pair[] {accepted, connected}) {
                    assertThat(pair.ours.localAddress()).isEqualTo(pair.peer.getRemoteSocketAddress());
                    assertThat(pair.ours.remoteAddress()).isEqualTo(pair.peer.getLocalSocketAddress());
                }
            }
        }
    }

    @TransportTest
    void aFreshSocketHasNoAddresses(TransportProvider provider) {
        try (Driver driver = new Driver(provider);
                StreamSocket socket = driver.transport().stream()) {
            assertThat(socket.localAddress()).isNull();
            assertThat(socket.remoteAddress()).isNull();
        }
    }

    @TransportTest
    void thePeersAddressIsStillKnownAfterItsReset(TransportProvider provider) throws IOException {
        try (Driver driver = new Driver(provider);
                Pair pair = Pair.accepted(driver)) {
            var peer = pair.peer.getLocalSocketAddress();
            pair.resetByPeer();
            driver.pollUntil("a report", () -> pair.events.readable > 0);
            assertThat(pair.ours.remoteAddress()).isEqualTo(peer);
        }
    }

    @TransportTest
    void anIpv6WildcardListensOnBothFamilies(TransportProvider provider) throws IOException {
        Loopback.assumeV6();
        try (Driver driver = new Driver(provider);
                ListenSocket listener = driver.listen(new InetSocketAddress(Loopback.ANY_V6, 0), 2)) {
            assertReached(driver, listener, Loopback.V4);
            assertReached(driver, listener, Loopback.V6);
        }
    }

    @TransportTest
    void anIpv4WildcardListensOnBothFamiliesToo(TransportProvider provider) throws IOException {
        Loopback.assumeV6();
        try (Driver driver = new Driver(provider);
                ListenSocket listener = driver.listen(new InetSocketAddress(Loopback.ANY_V4, 0), 1)) {
            assertReached(driver, listener, Loopback.V4);
            assertReached(driver, listener, Loopback.V6);
        }
    }

    private static void assertReached(Driver driver, ListenSocket listener, InetAddress host) throws IOException {
        Events events = new Events();
        listener.listener(events);
        try (Socket peer = new Socket(host, listener.localAddress().getPort())) {
            driver.pollUntil("a peer at " + host, () -> events.readable > 0);
            try (StreamSocket accepted = listener.accept()) {
                assertThat(accepted.remoteAddress()).isEqualTo(peer.getLocalSocketAddress());
                assertThat(accepted.localAddress()).isEqualTo(peer.getRemoteSocketAddress());
            }
            assertThat(listener.accept()).isNull();
        }
    }

    @TransportTest
    void listeningOnAPortThatIsTakenIsAnAddressInUseException(TransportProvider provider) throws IOException {
        try (Driver driver = new Driver(provider);
                ListenSocket taken = driver.listen(1);
                ServerSocket plain = new ServerSocket(0, 1, Loopback.V4)) {
            for (InetSocketAddress address :
                    new InetSocketAddress[] {taken.localAddress(), (InetSocketAddress) plain.getLocalSocketAddress()}) {
                assertFails(
                        () -> driver.listen(address, 1),
                        AddressInUseException.class,
                        Errno.EADDRINUSE,
                        "listen on " + address);
            }
        }
    }

    @TransportTest
    void aPortCanBeListenedOnAgainWhileItsOldConnectionsLinger(TransportProvider provider) throws IOException {
        try (Driver driver = new Driver(provider)) {
            InetSocketAddress address;
            try (ListenSocket listener = driver.listen(1)) {
                listener.listener(new Events());
                address = listener.localAddress();
                try (Pair pair = Pair.accepted(driver, listener)) {
                    pair.ours.shutdownOutput(); // who ends first is left in TIME_WAIT
                    assertThat(pair.peer.getInputStream().read()).isEqualTo(-1);
                    pair.peer.shutdownOutput();
                    pair.receiveEnd();
                }
            }
            driver.listen(address, 1).close();
        }
    }

    @TransportTest
    void listeningOnAnotherMachinesAddressIsAnAddressNotAvailableException(TransportProvider provider) {
        InetSocketAddress address = new InetSocketAddress(Loopback.NOT_OURS, 0);
        try (Driver driver = new Driver(provider)) {
            assertFails(
                    () -> driver.listen(address, 1),
                    AddressNotAvailableException.class,
                    Errno.EADDRNOTAVAIL,
                    "listen on " + address);
        }
    }

    @TransportTest
    void twoListenersShareAPortIfBothWantTo(TransportProvider provider) throws IOException {
        try (Driver driver = new Driver(provider);
                ListenSocket first = driver.transport().listen(new ListenOptions(Loopback.v4(0), 16, true));
                ListenSocket second = driver.transport().listen(new ListenOptions(first.localAddress(), 16, true))) {
            assertThat(second.localAddress()).isEqualTo(first.localAddress());
            assertFails(
                    () -> driver.listen(first.localAddress(), 1),
                    AddressInUseException.class,
                    Errno.EADDRINUSE,
                    "listen on " + first.localAddress());
            Events[] events = {new Events(), new Events()};
            first.listener(events[0]);
            second.listener(events[1]);
            try (Socket peer = new Socket(Loopback.V4, first.localAddress().getPort())) {
                driver.pollUntil("a report to one of them", () -> events[0].readable + events[1].readable > 0);
                ListenSocket chosen = events[0].readable > 0 ? first : second;
                try (StreamSocket accepted = chosen.accept()) {
                    assertThat(accepted.remoteAddress()).isEqualTo(peer.getLocalSocketAddress());
                }
            }
        }
    }
}

package io.samovar.tests.net;

import static io.samovar.Async.await;
import static io.samovar.tests.net.Bytes.direct;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.samovar.Async;
import io.samovar.AsyncTimeoutException;
import io.samovar.Coroutine;
import io.samovar.EventLoop;
import io.samovar.Task;
import io.samovar.net.ConnectFailedException;
import io.samovar.net.HostNotFoundException;
import io.samovar.net.Resolver;
import io.samovar.net.TcpConnector;
import io.samovar.net.TcpStream;
import io.samovar.tests.support.TransportTest;
import io.samovar.transport.TransportProvider;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** Connecting to hosts and to one of several addresses on real sockets, and what is left open. */
@Timeout(60)
class HostConnectTest {
    private static final String IPV6_LOOPBACK = "::1";

    /** Listens at one address and accepts as long as the test wants it to. */
    private static ServerSocket listen(String address) throws IOException {
        ServerSocket listener = new ServerSocket();
        listener.bind(new InetSocketAddress(address, 0));
        listener.setSoTimeout(Net.LIMIT_MILLIS);
        return listener;
    }

    private static ServerSocket listenOnIpv6() {
        try {
            return listen(IPV6_LOOPBACK);
        } catch (IOException noIpv6) {
            return Assumptions.abort("this machine has no IPv6: " + noIpv6);
        }
    }

    private static Resolver knows(String... addresses) {
        InetAddress[] found = new InetAddress[addresses.length];
        for (int i = 0; i < addresses.length; i++) {
            found[i] = new InetSocketAddress(addresses[i], 0).getAddress();
        }
        return host -> Coroutine.of(List.of(found));
    }

    @TransportTest
    void localhostIsFoundOnTheResolversThreads(TransportProvider provider) throws IOException {
        try (Net net = Net.on(provider);
                ServerSocket listener = listen("localhost")) {
            int before = Descriptors.sockets();
            TcpStream stream = net.run(TcpStream.connect("localhost", listener.getLocalPort()));
            try (Socket accepted = listener.accept()) {
                net.run(stream.write(direct("!")));
                assertThat(accepted.getInputStream().read()).isEqualTo('!');
            }
            assertThat(stream.remoteAddress()).isEqualTo(listener.getLocalSocketAddress());
            stream.close();
            net.turn();
            assertThat(Descriptors.sockets()).isEqualTo(before);
        }
    }

    @TransportTest
    @EnabledOnOs(OS.LINUX) // elsewhere there is only one loopback address
    void anAddressMayBeGivenAsAText(TransportProvider provider) throws IOException {
        try (Net net = Net.on(provider);
                ServerSocket listener = listen("127.0.0.2")) {
            TcpStream stream = net.run(TcpStream.connect("127.0.0.2", listener.getLocalPort()));
            assertThat(stream.remoteAddress()).isEqualTo(listener.getLocalSocketAddress());
            stream.close();
        }
    }

    @TransportTest
    void anIpv6AddressMayHaveBrackets(TransportProvider provider) throws IOException {
        try (Net net = Net.on(provider);
                ServerSocket listener = listenOnIpv6()) {
            for (String host : List.of(IPV6_LOOPBACK, '[' + IPV6_LOOPBACK + ']')) {
                TcpStream stream = net.run(TcpStream.connect(host, listener.getLocalPort()));
                assertThat(stream.remoteAddress()).isEqualTo(listener.getLocalSocketAddress());
                stream.close();
            }
        }
    }

    @TransportTest
    void aHostThatIsNotFoundOpensNothing(TransportProvider provider) {
        try (Net net = Net.on(provider)) {
            int before = Descriptors.sockets();
            assertThatThrownBy(() -> net.run(TcpStream.connect("ket tle", 7)))
                    .isInstanceOf(HostNotFoundException.class)
                    .hasMessage("cannot resolve 'ket tle': a name has no ' '");
            assertThat(Descriptors.sockets()).isEqualTo(before);
        }
    }

    @TransportTest
    @EnabledOnOs(OS.LINUX)
    void theAddressThatListensIsFoundAmongOthersThatDoNot(TransportProvider provider) throws IOException {
        try (Net net = Net.on(provider);
                ServerSocket listener = listen("127.0.0.3")) {
            int before = Descriptors.sockets();
            TcpStream stream = net.run(TcpStream.connector("kettle", listener.getLocalPort())
                    .resolver(knows("127.0.0.1", IPV6_LOOPBACK, "127.0.0.2", "127.0.0.3"))
                    .connect());
            assertThat(stream.remoteAddress()).isEqualTo(listener.getLocalSocketAddress());
            assertThat(stream.remoteAddress().getHostString()).isEqualTo("kettle");
            assertThat(Descriptors.sockets()).isEqualTo(before + 1);
            stream.close();
            net.turn();
            assertThat(Descriptors.sockets()).isEqualTo(before);
        }
    }

    @TransportTest
    @EnabledOnOs(OS.LINUX)
    void whenNoAddressListensEachIsToldOf(TransportProvider provider) throws IOException {
        try (Net net = Net.on(provider);
                Socket taken = new Socket()) {
            taken.bind(Net.loopback(0)); // nobody listens there, nor is it likely on the others
            int before = Descriptors.sockets();
            assertThatThrownBy(() -> net.run(TcpStream.connector("kettle", taken.getLocalPort())
                            .resolver(knows("127.0.0.1", "127.0.0.2"))
                            .connect()))
                    .isInstanceOf(ConnectFailedException.class)
                    .hasMessageMatching("none of 2 addresses: connect to kettle/127.0.0.1:\\d+: connection refused"
                            + " \\(ECONNREFUSED\\); connect to kettle/127.0.0.2:\\d+: connection refused"
                            + " \\(ECONNREFUSED\\)");
            net.turn();
            assertThat(Descriptors.sockets()).isEqualTo(before);
        }
    }

    @TransportTest
    @EnabledOnOs(OS.LINUX)
    void anAddressThatDoesNotAnswerIsOvertakenAndClosed(TransportProvider provider) throws IOException {
        AtomicLong clock = new AtomicLong();
        try (Net net = Net.on(provider, clock::get);
                DeafListener deaf = new DeafListener();
                ServerSocket listener = listen("127.0.0.1")) {
            int before = Descriptors.sockets();
            Task<TcpStream> connecting = net.start(() -> TcpStream.connector(
                            List.of(deaf.address(), (InetSocketAddress) listener.getLocalSocketAddress()))
                    .connect());
            clock.addAndGet(Duration.ofMillis(250).toNanos() - 1);
            net.turn();
            assertThat(connecting.isDone()).isFalse();
            assertThat(Descriptors.sockets()).isEqualTo(before + 1);
            clock.incrementAndGet();
            TcpStream stream = net.run(connecting);
            assertThat(stream.remoteAddress()).isEqualTo(listener.getLocalSocketAddress());
            net.turn();
            assertThat(Descriptors.sockets()).isEqualTo(before + 1);
            stream.close();
            net.turn();
            assertThat(Descriptors.sockets()).isEqualTo(before);
        }
    }

    @TransportTest
    void ofSeveralThatStandAtOnceOneIsGivenAndTheOthersAreClosed(TransportProvider provider) throws IOException {
        try (Net net = Net.on(provider);
                ServerSocket one = listen("127.0.0.1");
                ServerSocket two = listen("127.0.0.1");
                ServerSocket three = listen("127.0.0.1")) {
            int before = Descriptors.sockets();
            TcpConnector connector = TcpStream.connector(List.of(address(one), address(two), address(three)))
                    .attemptDelay(Duration.ZERO);
            for (int i = 0; i < 50; i++) {
                TcpStream stream = net.run(connector.connect());
                assertThat(stream.isClosing()).isFalse();
                stream.close();
            }
            net.turn();
            assertThat(Descriptors.sockets()).isEqualTo(before);
        }
    }

    private static InetSocketAddress address(ServerSocket listener) {
        return (InetSocketAddress) listener.getLocalSocketAddress();
    }

    @TransportTest
    @EnabledOnOs(OS.LINUX)
    void aTimeLimitClosesEveryAttempt(TransportProvider provider) throws IOException {
        AtomicLong clock = new AtomicLong();
        try (Net net = Net.on(provider, clock::get);
                DeafListener deaf = new DeafListener();
                DeafListener other = new DeafListener()) {
            int before = Descriptors.sockets();
            Task<TcpStream> connecting = net.start(() -> TcpStream.connector(List.of(deaf.address(), other.address()))
                    .timeLimit(Duration.ofSeconds(1))
                    .connect());
            clock.addAndGet(Duration.ofMillis(999).toNanos());
            net.turn();
            net.turn();
            assertThat(Descriptors.sockets()).isEqualTo(before + 2);
            clock.addAndGet(Duration.ofMillis(1).toNanos());
            assertThatThrownBy(() -> net.run(connecting)).isInstanceOf(AsyncTimeoutException.class);
            net.turn();
            assertThat(Descriptors.sockets()).isEqualTo(before);
        }
    }

    @TransportTest
    @EnabledOnOs(OS.LINUX)
    void aTaskThatIsCancelledAfterAnyNumberOfIterationsLeavesNothingOpen(TransportProvider provider)
            throws IOException {
        AtomicLong clock = new AtomicLong();
        try (Net net = Net.on(provider, clock::get);
                Socket taken = new Socket();
                DeafListener deaf = new DeafListener();
                ServerSocket listener = listen("127.0.0.1")) {
            taken.bind(Net.loopback(0));
            List<InetSocketAddress> names = List.of(
                    named(taken.getLocalPort()), named(deaf.address().getPort()), named(listener.getLocalPort()));
            int before = Descriptors.sockets();
            int cancelled = 0;
            boolean connected = false;
            for (int turns = 0; !connected; turns++) {
                Task<TcpStream> connecting = net.loop()
                        .createTask(TcpStream.connector(names)
                                .resolver(HostConnectTest::slowly)
                                .connect());
                for (int i = 0; i < turns; i++) {
                    net.turn();
                    clock.addAndGet(Duration.ofMillis(50).toNanos());
                }
                connecting.cancel();
                net.until(connecting::isDone);
                connected = !connecting.isCancelled();
                if (connected) {
                    connecting.result().close();
                } else {
                    cancelled++;
                }
                net.turn();
                assertThat(Descriptors.sockets())
                        .as("after %s iterations", turns)
                        .isEqualTo(before);
            }
            assertThat(cancelled).isGreaterThan(6);
        }
    }

    private static InetSocketAddress named(int port) {
        return InetSocketAddress.createUnresolved("kettle", port);
    }

    /** Takes some iterations. */
    private static Coroutine<List<InetAddress>> slowly(String host) {
        await(Async.sleep(Duration.ZERO));
        await(Async.sleep(Duration.ZERO));
        return Coroutine.of(List.of(InetAddress.getLoopbackAddress()));
    }

    @TransportTest
    @EnabledOnOs(OS.LINUX)
    void aLoopThatIsClosedMeanwhileClosesEveryAttempt(TransportProvider provider) throws IOException {
        AtomicLong clock = new AtomicLong();
        try (DeafListener deaf = new DeafListener();
                DeafListener other = new DeafListener()) {
            int withListeners = Descriptors.sockets();
            Task<TcpStream> connecting;
            try (EventLoop loop = EventLoop.builder()
                    .transport(provider)
                    .clock(clock::get)
                    .exceptionHandler((failed, failure) -> {})
                    .open()) {
                connecting = loop.createTask(TcpStream.connector(List.of(deaf.address(), other.address()))
                        .connect());
                for (int i = 0; i < 3; i++) {
                    loop.stop();
                    loop.runForever();
                    clock.addAndGet(Duration.ofMillis(250).toNanos());
                }
                assertThat(Descriptors.sockets()).isEqualTo(withListeners + 2);
            }
            assertThat(connecting.isDone()).isFalse();
            assertThat(Descriptors.sockets()).isEqualTo(withListeners);
        }
    }

    @TransportTest
    void theWildcardIsALocalAddressOfEitherFamily(TransportProvider provider) throws IOException {
        try (Net net = Net.on(provider);
                ServerSocket six = listenOnIpv6();
                ServerSocket four = listen("127.0.0.1")) {
            for (String wildcard : List.of("0.0.0.0", "::")) {
                for (ServerSocket listener : List.of(six, four)) {
                    TcpStream stream = net.run(TcpStream.connector(address(listener))
                            .localAddress(new InetSocketAddress(wildcard, 0))
                            .connect());
                    assertThat(stream.remoteAddress()).isEqualTo(address(listener));
                    assertThat(stream.localAddress().getAddress()).isEqualTo(listener.getInetAddress());
                    stream.close();
                }
            }
        }
    }
}

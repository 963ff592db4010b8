package io.samovar.tests.net;

import static io.samovar.Async.await;
import static io.samovar.testing.TestLoop.runTest;
import static org.assertj.core.api.Assertions.assertThat;

import io.samovar.Async;
import io.samovar.AsyncTimeoutException;
import io.samovar.CancelledError;
import io.samovar.Coroutine;
import io.samovar.Task;
import io.samovar.net.AddressNotAvailableException;
import io.samovar.net.ConnectFailedException;
import io.samovar.net.ConnectionRefusedException;
import io.samovar.net.HostNotFoundException;
import io.samovar.net.Resolver;
import io.samovar.net.TcpConnector;
import io.samovar.net.TcpServer;
import io.samovar.net.TcpStream;
import io.samovar.testing.SamovarExtension;
import io.samovar.testing.VirtualClock;
import io.samovar.testing.VirtualNetwork;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** From a name to a connection, on virtual time and with names of our own. */
@ExtendWith(SamovarExtension.class)
class ConnectByNameTest {
    private static final String SIX = "2001:db8::1";
    private static final String FOUR = "198.51.100.1";
    private static final String FOUR_TOO = "198.51.100.2";

    private final Map<String, List<InetAddress>> known = new HashMap<>();
    private final List<String> asked = new ArrayList<>();
    private final Resolver resolver = this::lookUp;
    private VirtualNetwork network;
    private VirtualClock clock;
    private Attempts attempts;

    @BeforeEach
    void watch(VirtualNetwork itsNetwork, VirtualClock itsClock) {
        network = itsNetwork;
        clock = itsClock;
        attempts = new Attempts(network, clock);
    }

    /** Takes 100 milliseconds. */
    private Coroutine<List<InetAddress>> lookUp(String host) {
        asked.add(host);
        await(Async.sleep(Duration.ofMillis(100)));
        List<InetAddress> found = known.get(host);
        if (found == null) {
            throw new HostNotFoundException(host, "nobody knows it", false, new UnknownHostException(host));
        }
        return Coroutine.of(found);
    }

    private void know(String host, String... addresses) {
        known.put(host, Arrays.stream(addresses).map(ConnectByNameTest::address).toList());
    }

    private static InetAddress address(String text) {
        return new InetSocketAddress(text, 0).getAddress();
    }

    private static InetSocketAddress port7(String text) {
        return new InetSocketAddress(text, 7);
    }

    private static TcpServer serve(String address) {
        return TcpServer.bind(port7(address)).start(peer -> {
            peer.close();
            return Coroutine.done();
        });
    }

    private TcpConnector to(String host) {
        return TcpStream.connector(host, 7).resolver(resolver);
    }

    private static Coroutine<Throwable> failure(TcpConnector connector) {
        try (TcpStream unexpected = await(connector.connect())) {
            throw new AssertionError("connected " + unexpected);
        } catch (RuntimeException failure) {
            return Coroutine.of(failure);
        }
    }

    private long now() {
        return clock.elapsed().toMillis();
    }

    @Test
    void aNameIsResolvedAndItsAddressesAreTried() {
        runTest(() -> {
            know("kettle", SIX, FOUR);
            network.silence(port7(SIX));
            try (TcpServer server = serve(FOUR);
                    TcpStream peer = await(to("kettle").connect())) {
                assertThat(peer.remoteAddress()).isEqualTo(server.address());
                assertThat(asked).containsExactly("kettle");
                assertThat(attempts.seen()).containsExactly("2001:db8:0:0:0:0:0:1 at 100", "198.51.100.1 at 350");
            }
            return Coroutine.done();
        });
    }

    @Test
    void anAddressIsNotAskedFor() {
        runTest(() -> {
            try (TcpServer four = serve(FOUR);
                    TcpServer six = serve(SIX);
                    TcpStream one = await(to(FOUR).connect());
                    TcpStream two = await(to(SIX).connect());
                    TcpStream three = await(to('[' + SIX + ']').connect())) {
                assertThat(one.remoteAddress()).isEqualTo(four.address());
                assertThat(two.remoteAddress()).isEqualTo(six.address());
                assertThat(three.remoteAddress()).isEqualTo(six.address());
                assertThat(asked).isEmpty();
            }
            return Coroutine.done();
        });
    }

    @Test
    void theFailureOfAHostsOnlyAddressNamesTheHost() {
        runTest(() -> {
            know("kettle", FOUR);
            assertThat(await(failure(to("kettle"))))
                    .isInstanceOf(ConnectionRefusedException.class)
                    .hasMessage("connect to kettle/198.51.100.1:7: connection refused (ECONNREFUSED)");
            return Coroutine.done();
        });
    }

    @Test
    void aHostThatIsNotFoundIsTheFailure() {
        runTest(() -> {
            assertThat(await(failure(to("pot"))))
                    .isInstanceOf(HostNotFoundException.class)
                    .hasMessage("cannot resolve 'pot': nobody knows it");
            assertThat(await(failure(to("a..b")))).isInstanceOf(HostNotFoundException.class);
            assertThat(asked).containsExactly("pot");
            return Coroutine.done();
        });
    }

    @Test
    void theTimeLimitIsForTheResolverAndTheConnectionTogether() {
        runTest(() -> {
            know("kettle", FOUR);
            network.silence(port7(FOUR));
            assertThat(await(failure(to("kettle").timeLimit(Duration.ofMillis(150)))))
                    .isInstanceOf(AsyncTimeoutException.class)
                    .hasMessage("connect to kettle:7 took longer than PT0.15S");
            assertThat(now()).isEqualTo(150);
            assertThat(await(failure(to("kettle").timeLimit(Duration.ofMillis(99)))))
                    .isInstanceOf(AsyncTimeoutException.class);
            assertThat(now()).isEqualTo(249);
            assertThat(attempts.seen()).hasSize(1);
            assertThat(await(failure(to("kettle").timeLimit(Duration.ZERO)))).isInstanceOf(AsyncTimeoutException.class);
            assertThat(asked).hasSize(2);
            assertThat(network.connections()).isEmpty();
            return Coroutine.done();
        });
    }

    @Test
    void aTaskThatIsCancelledInItsLookUpTriesNothing() {
        runTest(() -> {
            know("kettle", FOUR);
            for (int millis : new int[] {0, 50, 99}) {
                Task<TcpStream> connecting = Async.createTask(to("kettle").connect());
                await(Async.sleep(Duration.ofMillis(millis)));
                connecting.cancel();
                assertThat(await(wasCancelled(connecting))).isTrue();
            }
            await(clock.advance(Duration.ofSeconds(1)));
            assertThat(attempts.seen()).isEmpty();
            return Coroutine.done();
        });
    }

    private static Coroutine<Boolean> wasCancelled(Task<TcpStream> connecting) {
        try (TcpStream peer = await(connecting)) {
            return Coroutine.of(peer.isClosing());
        } catch (CancelledError cancelled) {
            return Coroutine.of(true);
        }
    }

    @Test
    void severalNamesAreResolvedAtTheSameTimeAndTriedInTheirOrder() {
        runTest(() -> {
            know("kettle", FOUR_TOO);
            know("pot", SIX, FOUR_TOO); // the second is known by then
            List.of(FOUR, FOUR_TOO, SIX).forEach(address -> network.silence(port7(address)));
            TcpConnector connector = TcpStream.connector(List.of(
                            InetSocketAddress.createUnresolved("kettle", 7),
                            port7(FOUR),
                            InetSocketAddress.createUnresolved("pot", 7)))
                    .resolver(resolver)
                    .timeLimit(Duration.ofSeconds(2));
            assertThat(await(failure(connector)))
                    .hasMessage("connect to kettle:7, /198.51.100.1:7, pot:7 took longer than PT2S");
            assertThat(attempts.seen())
                    .containsExactly("198.51.100.2 at 100", "2001:db8:0:0:0:0:0:1 at 350", "198.51.100.1 at 600");
            return Coroutine.done();
        });
    }

    @Test
    void aNameThatIsNotFoundLeavesTheOthers() {
        runTest(() -> {
            know("kettle", FOUR);
            List<InetSocketAddress> names = List.of(
                    InetSocketAddress.createUnresolved("pot", 7), InetSocketAddress.createUnresolved("kettle", 7));
            assertThat(await(failure(TcpStream.connector(names).resolver(resolver))))
                    .isInstanceOfSatisfying(
                            ConnectFailedException.class,
                            failed -> assertThat(failed.failures())
                                    .satisfiesExactly(
                                            first -> assertThat(first).isInstanceOf(HostNotFoundException.class),
                                            second ->
                                                    assertThat(second).isInstanceOf(ConnectionRefusedException.class)));
            try (TcpServer server = serve(FOUR);
                    TcpStream peer =
                            await(TcpStream.connector(names).resolver(resolver).connect())) {
                assertThat(peer.remoteAddress()).isEqualTo(server.address());
            }
            known.clear();
            assertThat(await(failure(TcpStream.connector(names).resolver(resolver))))
                    .isInstanceOfSatisfying(
                            ConnectFailedException.class,
                            failed -> assertThat(failed.failures())
                                    .hasSize(2)
                                    .hasOnlyElementsOfType(HostNotFoundException.class));
            return Coroutine.done();
        });
    }

    @Test
    void aTaskThatIsCancelledWhileItResolvesSeveralNamesCancelsEachLookUp() {
        runTest(() -> {
            List<InetSocketAddress> names = List.of(
                    InetSocketAddress.createUnresolved("pot", 7), InetSocketAddress.createUnresolved("kettle", 7));
            Task<TcpStream> connecting = Async.createTask(
                    TcpStream.connector(names).resolver(resolver).connect());
            await(Async.sleep(Duration.ofMillis(50)));
            connecting.cancel();
            assertThat(await(wasCancelled(connecting))).isTrue();
            assertThat(asked).hasSize(2);
            assertThat(Async.allTasks()).hasSize(1);
            return Coroutine.done();
        });
    }

    @Test
    void aFutureOfAnotherLibraryMakesAResolver() {
        runTest(() -> {
            CompletableFuture<List<InetAddress>> answer = CompletableFuture.completedFuture(List.of(address(FOUR)));
            try (TcpServer server = serve(FOUR);
                    TcpStream peer = await(TcpStream.connector("kettle", 7)
                            .resolver(host -> Coroutine.of(await(answer)))
                            .connect())) {
                assertThat(peer.remoteAddress()).isEqualTo(server.address());
                assertThat(peer.remoteAddress().getHostString()).isEqualTo("kettle");
            }
            return Coroutine.done();
        });
    }

    @Test
    void whatAnotherLibrarysResolverThrowsIsAHostThatWasNotFound() {
        runTest(() -> {
            CompletableFuture<List<InetAddress>> answer =
                    CompletableFuture.failedFuture(new UnknownHostException("no such host"));
            assertThat(await(failure(TcpStream.connector("kettle", 7).resolver(host -> Coroutine.of(await(answer))))))
                    .isInstanceOf(HostNotFoundException.class)
                    .hasMessage("cannot resolve 'kettle': no such host");
            assertThat(await(failure(TcpStream.connector("kettle", 7).resolver(host -> Coroutine.of(List.of())))))
                    .isInstanceOf(HostNotFoundException.class);
            return Coroutine.done();
        });
    }

    @Test
    void aTimeLimitOfTheResolversOwnMayBeATemporaryFailure() {
        runTest(() -> {
            Resolver limited =
                    host -> Coroutine.of(await(Async.timeout(Duration.ofMillis(10), resolver.resolve(host))));
            assertThat(await(failure(to("kettle").resolver(limited).timeLimit(Duration.ofSeconds(1)))))
                    .isInstanceOfSatisfying(
                            HostNotFoundException.class,
                            failure -> assertThat(failure.mayBeTemporary()).isTrue())
                    .hasMessage("cannot resolve 'kettle': the look-up took too long");
            return Coroutine.done();
        });
    }

    @Test
    void theDefaultResolverIsTheOneOfTheTimeOfConnecting() {
        runTest(() -> {
            know("kettle", FOUR);
            TcpConnector connector = TcpStream.connector("kettle", 7);
            Resolver.setDefault(resolver);
            try (TcpServer server = serve(FOUR);
                    TcpStream peer = await(TcpStream.connect("kettle", 7));
                    TcpStream other = await(connector.connect())) {
                assertThat(peer.remoteAddress()).isEqualTo(server.address());
                assertThat(other.remoteAddress()).isEqualTo(server.address());
            } finally {
                Resolver.setDefault(Resolver.system());
            }
            return Coroutine.done();
        });
    }

    @Test
    void addressesOfAnotherFamilyThanTheLocalOneAreLeftOut() {
        runTest(() -> {
            know("kettle", SIX, FOUR, FOUR_TOO);
            try (TcpServer server = serve(FOUR_TOO);
                    TcpStream peer = await(to("kettle")
                            .localAddress(new InetSocketAddress("192.0.2.9", 0))
                            .connect())) {
                assertThat(peer.remoteAddress()).isEqualTo(server.address());
                assertThat(peer.localAddress().getAddress()).isEqualTo(address("192.0.2.9"));
                assertThat(attempts.seen()).containsExactly("198.51.100.1 at 100", "198.51.100.2 at 100");
            }
            return Coroutine.done();
        });
    }

    @Test
    void aLocalAddressThatNoneFitsIsSaidSo() {
        runTest(() -> {
            know("kettle", FOUR);
            assertThat(await(failure(to("kettle").localAddress(new InetSocketAddress("2001:db8::9", 0)))))
                    .isInstanceOf(AddressNotAvailableException.class)
                    .hasMessage("connect to [kettle/198.51.100.1:7] from [/[2001:db8:0:0:0:0:0:9]:0]:"
                            + " one is an IPv4 address and the other an IPv6 address");
            assertThat(attempts.seen()).isEmpty();
            return Coroutine.done();
        });
    }

    @Test
    void theWildcardFitsBothFamilies() {
        runTest(() -> {
            know("kettle", SIX, FOUR);
            network.silence(port7(SIX));
            try (TcpServer server = serve(FOUR)) {
                for (String wildcard : List.of("0.0.0.0", "::")) {
                    try (TcpStream peer = await(to("kettle")
                            .localAddress(new InetSocketAddress(address(wildcard), 0))
                            .connect())) {
                        assertThat(peer.remoteAddress()).isEqualTo(server.address());
                        assertThat(peer.localAddress().getAddress()).isEqualTo(address("0.0.0.0"));
                    }
                }
                assertThat(attempts.seen()).hasSize(4);
            }
            return Coroutine.done();
        });
    }

    @Test
    void aLocalPortIsUsedByOneAttemptAfterTheOther() {
        runTest(() -> {
            know("kettle", FOUR, FOUR_TOO);
            network.silence(port7(FOUR));
            try (TcpServer server = serve(FOUR_TOO);
                    TcpStream peer = await(to("kettle")
                            .localAddress(new InetSocketAddress("192.0.2.9", 5_000))
                            .connect())) {
                assertThat(peer.remoteAddress()).isEqualTo(server.address());
                assertThat(peer.localAddress()).isEqualTo(new InetSocketAddress("192.0.2.9", 5_000));
                assertThat(attempts.seen()).containsExactly("198.51.100.1 at 100", "198.51.100.2 at 127100");
            }
            return Coroutine.done();
        });
    }

    @Test
    void aLocalNameIsResolvedAndTheNextOfItsAddressesIsTakenIfOneCannotBeHad() {
        runTest(() -> {
            know("kettle", FOUR);
            know("here", "2001:db8::9", "192.0.2.8", "192.0.2.9");
            try (TcpServer server = serve(FOUR);
                    TcpServer taken = TcpServer.bind(new InetSocketAddress("192.0.2.8", 5_000))
                            .start(peer -> Coroutine.done());
                    TcpStream peer = await(to("kettle")
                            .localAddress(InetSocketAddress.createUnresolved("here", 5_000))
                            .connect())) {
                assertThat(peer.remoteAddress()).isEqualTo(server.address());
                assertThat(peer.localAddress().getAddress()).isEqualTo(address("192.0.2.9"));
                assertThat(taken.connections()).isZero();
            }
            return Coroutine.done();
        });
    }
}

package io.samovar.samples;

import static io.samovar.Async.await;
import static io.samovar.testing.TestLoop.runTest;
import static org.assertj.core.api.Assertions.assertThat;

import io.samovar.Coroutine;
import io.samovar.net.HostNotFoundException;
import io.samovar.net.Resolver;
import io.samovar.net.TcpServer;
import io.samovar.net.TcpStream;
import io.samovar.testing.SamovarExtension;
import io.samovar.testing.VirtualClock;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(SamovarExtension.class)
class HostsTest {
    private static final InetSocketAddress ADDRESS = new InetSocketAddress("198.51.100.7", 7);
    private static final Resolver KETTLE = Hosts.knowing(Map.of("kettle", List.of(ADDRESS.getAddress())));

    private int asked;

    private static TcpServer greet() {
        return TcpServer.bind(ADDRESS).start(HostsTest::greeting);
    }

    private static Coroutine<Void> greeting(TcpStream peer) {
        try (peer) {
            await(peer.write("220 whistling\r\n"));
        }
        return Coroutine.done();
    }

    @Test
    void aHostIsReachedByItsAddressOrItsName(VirtualClock clock) {
        runTest(() -> {
            try (TcpServer server = greet();
                    TcpStream named = await(Hosts.connectPatiently("kettle", 7, KETTLE))) {
                assertThat(await(Hosts.banner("198.51.100.7", 7))).isEqualTo("220 whistling");
                assertThat(named.remoteAddress()).isEqualTo(server.address());
                assertThat(clock.elapsed()).isZero();
            }
            return Coroutine.done();
        });
    }

    /** Answers the third time. */
    private Coroutine<List<InetAddress>> overloaded(String host) {
        if (++asked < 3) {
            throw new HostNotFoundException(host, "no answer", true, new UnknownHostException(host));
        }
        return Coroutine.of(await(KETTLE.resolve(host)));
    }

    @Test
    void aFailureThatMayBeTemporaryIsTriedAgain(VirtualClock clock) {
        runTest(() -> {
            try (TcpServer server = greet();
                    TcpStream peer = await(Hosts.connectPatiently("kettle", 7, this::overloaded))) {
                assertThat(peer.remoteAddress()).isEqualTo(server.address());
                assertThat(clock.elapsed()).isEqualTo(Duration.ofSeconds(3));
                assertThat(asked).isEqualTo(3);
            }
            return Coroutine.done();
        });
    }

    @Test
    void aHostThatDoesNotExistIsNotTriedAgain(VirtualClock clock) {
        runTest(() -> {
            try (TcpStream unexpected = await(Hosts.connectPatiently("pot", 7, KETTLE))) {
                throw new AssertionError("connected " + unexpected);
            } catch (HostNotFoundException notFound) {
                assertThat(notFound).hasMessage("cannot resolve 'pot': it is not on the list");
                assertThat(clock.elapsed()).isZero();
            }
            return Coroutine.done();
        });
    }
}

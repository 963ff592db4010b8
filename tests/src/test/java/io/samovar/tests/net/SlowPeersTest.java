package io.samovar.tests.net;

import static io.samovar.Async.await;
import static io.samovar.testing.TestLoop.runTest;
import static org.assertj.core.api.Assertions.assertThat;

import io.samovar.Async;
import io.samovar.AsyncTimeoutException;
import io.samovar.Coroutine;
import io.samovar.net.FirstByteTimeoutException;
import io.samovar.net.IdleTimeoutException;
import io.samovar.net.NetworkException;
import io.samovar.net.TcpServer;
import io.samovar.net.TcpStream;
import io.samovar.testing.SamovarExtension;
import io.samovar.testing.VirtualClock;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Peers that take their time, in no time. */
@ExtendWith(SamovarExtension.class)
class SlowPeersTest {
    private static final InetSocketAddress ADDRESS = new InetSocketAddress("198.51.100.7", 7);
    private static final Duration SECOND = Duration.ofSeconds(1);

    private final List<Throwable> seen = new ArrayList<>();
    private final List<String> lines = new ArrayList<>();

    /** Gives each line a limit of its own, so that a peer which sends a byte now and then does not hold a connection for ever. */
    private Coroutine<Void> readLines(TcpStream peer) {
        try {
            for (String line; (line = await(Async.timeout(Duration.ofSeconds(10), peer.readLine()))) != null; ) {
                lines.add(line);
            }
        } catch (AsyncTimeoutException | NetworkException tooSlow) {
            seen.add(tooSlow);
        }
        return Coroutine.done();
    }

    /** Sends a byte a second until the connection ends; gives how many. */
    private static Coroutine<Integer> trickle(TcpStream stream, String text) {
        int sent = 0;
        try (stream) {
            while (sent < text.length()) {
                await(stream.write(text.substring(sent, sent + 1)));
                sent++;
                await(Async.sleep(SECOND));
            }
        } catch (NetworkException ended) {
            // as expected
        }
        return Coroutine.of(sent);
    }

    @Test
    void aPeerThatSendsAByteASecondIsStoppedByTheLimitOfALine(VirtualClock clock) {
        runTest(() -> {
            try (TcpServer server = TcpServer.bind(ADDRESS)
                    .idleTimeout(Duration.ofSeconds(5))
                    .firstByteTimeout(Duration.ofSeconds(5))
                    .start(this::readLines)) {
                TcpStream stream = await(TcpStream.connect(ADDRESS));
                int sent = await(trickle(stream, "teatea\ntoolongline\n"));
                assertThat(sent).isBetween(16, 18);
                assertThat(lines).containsExactly("teatea");
                assertThat(seen).singleElement().isInstanceOf(AsyncTimeoutException.class);
                await(server.drain(SECOND));
            }
            return Coroutine.done();
        });
    }

    @Test
    void theLimitOfAnIdleConnectionIsKeptToAnEighth(VirtualClock clock) {
        runTest(() -> {
            for (int seconds : new int[] {1, 7, 60, 86_400}) {
                Duration limit = Duration.ofSeconds(seconds);
                try (TcpServer server =
                        TcpServer.bind(ADDRESS).idleTimeout(limit).start(this::readToTheEnd)) {
                    TcpStream stream = await(TcpStream.connect(ADDRESS));
                    await(Async.sleep(limit.dividedBy(3)));
                    await(stream.write("x"));
                    Duration start = clock.elapsed();
                    assertThat(await(stream.read())).isNull();
                    assertThat(server.connections()).isZero();
                    assertThat(clock.elapsed().minus(start))
                            .isBetween(limit, limit.plus(limit.dividedBy(8)).plusMillis(1));
                    stream.close();
                }
            }
            assertThat(seen).hasSize(4).allMatch(IdleTimeoutException.class::isInstance);
            return Coroutine.done();
        });
    }

    private Coroutine<Void> readToTheEnd(TcpStream peer) {
        try {
            while (true) {
                var data = await(peer.read());
                if (data == null) {
                    return Coroutine.done();
                }
                data.release();
            }
        } catch (NetworkException failure) {
            seen.add(failure);
            throw failure;
        }
    }

    @Test
    void aLineReaderIsToldThatItsPeerWasIdle(VirtualClock clock) {
        runTest(() -> {
            try (TcpServer server =
                    TcpServer.bind(ADDRESS).idleTimeout(Duration.ofSeconds(5)).start(this::readLines)) {
                TcpStream stream = await(TcpStream.connect(ADDRESS));
                await(stream.write("half a li"));
                assertThat(await(stream.read())).isNull();
                stream.close();
                await(server.drain(SECOND));
            }
            assertThat(lines).isEmpty();
            assertThat(seen).singleElement().isInstanceOf(IdleTimeoutException.class);
            return Coroutine.done();
        });
    }

    @Test
    void manySilentPeersAreEndedTogetherAndNewOnesLetIn(VirtualClock clock) {
        runTest(() -> {
            try (TcpServer server = TcpServer.bind(ADDRESS)
                    .maxConnections(50)
                    .firstByteTimeout(Duration.ofSeconds(5))
                    .start(this::readLines)) {
                List<TcpStream> silent = new ArrayList<>();
                for (int i = 0; i < 200; i++) {
                    silent.add(await(TcpStream.connect(ADDRESS)));
                }
                TcpStream honest = await(TcpStream.connect(ADDRESS));
                await(honest.write("hello\n"));
                while (lines.isEmpty()) {
                    assertThat(server.connections()).isLessThanOrEqualTo(50);
                    await(Async.sleep(SECOND));
                }
                honest.close();
                silent.forEach(TcpStream::abort);
                await(server.drain(SECOND));
            }
            assertThat(seen).hasSize(200).allMatch(FirstByteTimeoutException.class::isInstance);
            return Coroutine.done();
        });
    }
}

package io.samovar.tests.net;

import static io.samovar.Async.await;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.samovar.Coroutine;
import io.samovar.Task;
import io.samovar.net.ConnectionResetException;
import io.samovar.net.NetworkException;
import io.samovar.net.OutputShutDownException;
import io.samovar.net.StreamClosedException;
import io.samovar.net.TcpOptions;
import io.samovar.net.TcpServer;
import io.samovar.net.TcpStream;
import io.samovar.net.TlsException;
import io.samovar.net.TlsTruncatedException;
import io.samovar.transport.TransportProvider;
import java.io.IOException;
import java.net.StandardSocketOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class TlsCloseTest {
    private static final List<String> VERSIONS = List.of("TLSv1.3", "TLSv1.2");

    /** A connection of two streams of ours; the far one is plain underneath for whoever wants to cut it. */
    private record Ends(TcpStream client, TcpStream server, TcpServer listener) {
        void close(Net net) {
            client.close();
            server.close();
            net.run(client.closed());
            net.run(server.closed());
            listener.close();
        }
    }

    private static Ends ends(Net net, String tls, String version, TcpOptions options) {
        List<TcpStream> accepted = new ArrayList<>();
        TcpServer listener = net.serve(
                TcpServer.bind(Net.loopback(0)).tls(TlsFiles.server(tls)).options(options),
                peer -> kept(peer, accepted));
        TcpStream client =
                net.run(TcpStream.connector(listener.address()).options(options).connect());
        net.run(client.startTls(TlsFiles.client(tls).protocols(version), TlsFiles.HOST));
        net.until(() -> !accepted.isEmpty());
        return new Ends(client, accepted.get(0), listener);
    }

    /** The server closes what its coroutine leaves, so this one stays. */
    private static Coroutine<Void> kept(TcpStream peer, List<TcpStream> accepted) {
        accepted.add(peer);
        await(peer.closed());
        return Coroutine.done();
    }

    private static final TcpOptions NARROW = TcpOptions.DEFAULT
            .with(StandardSocketOptions.SO_SNDBUF, Net.NARROW)
            .with(StandardSocketOptions.SO_RCVBUF, Net.NARROW);

    @TlsTest
    void closeTellsThePeerAndWaitsForItsGoodbye(TransportProvider provider, String tls) {
        try (Net net = Net.on(provider)) {
            for (String version : VERSIONS) {
                Ends ends = ends(net, tls, version, TcpOptions.DEFAULT);
                ends.client().close();
                assertThat(ends.client().closed().isDone()).isFalse();
                assertThat(net.run(ends.server().read())).isNull();
                if (version.equals("TLSv1.3") && tls.equals("jdk")) { // else the goodbye is answered at once
                    net.turn();
                    assertThat(ends.client().closed().isDone()).isFalse();
                }
                ends.server().close();
                net.run(ends.client().closed());
                net.run(ends.server().closed());
                ends.listener().close();
            }
        }
    }

    @TlsTest
    void aPeerThatNeverSaysGoodbyeIsNotWaitedForForEver(TransportProvider provider, String tls) {
        AtomicLong clock = new AtomicLong();
        try (Net net = Net.on(provider, clock::get)) {
            TcpServer server = TlsNet.echo(net, TlsFiles.server(tls).shutdownLimit(Duration.ofSeconds(2)));
            TcpStream client = net.run(TlsNet.connect(server, TlsFiles.client(tls)));
            assertThat(net.run(TlsNet.exchange(client, new byte[100]))).hasSize(100);
            server.closeClients();
            clock.set(Duration.ofMillis(1_900).toNanos());
            net.turn();
            assertThat(server.connections()).isEqualTo(1);
            clock.set(Duration.ofMillis(2_100).toNanos());
            net.until(() -> server.connections() == 0);
            assertThat(net.run(client.read())).isNull(); // closed in order, and not cut
            server.close();
            client.close();
            net.run(client.closed());
            net.turn();
        }
    }

    @TlsTest
    void shutdownOutputEndsOneDirectionOnly(TransportProvider provider, String tls) {
        try (Net net = Net.on(provider)) {
            Ends ends = ends(net, tls, "TLSv1.3", TcpOptions.DEFAULT);
            net.run(ends.client().write(Bytes.direct("question")));
            ends.client().shutdownOutput();
            assertThat(Bytes.text(net.run(TlsNet.readToTheEnd(ends.server())))).isEqualTo("question");
            assertThatThrownBy(() -> ends.client().write(Bytes.direct("more")))
                    .isInstanceOf(OutputShutDownException.class);
            if (tls.equals("jdk")) { // Netty's engine over BoringSSL ends both directions
                net.run(ends.server().write(Bytes.direct("answer")));
                assertThat(Bytes.text(net.run(ends.client().read()))).isEqualTo("answer");
            }
            ends.close(net);
        }
    }

    /** Both as TLS has it, by close_notify, and as too many peers do, by the end of TCP alone. */
    @Tag("X7")
    @TlsTest
    void aPeerThatHasEndedStillGetsWhatWaits(TransportProvider provider, String tls) {
        try (Net net = Net.on(provider)) {
            byte[] backlog = Bytes.pattern(4 * 1024 * 1024);
            for (String version : VERSIONS) {
                for (boolean goodbye : new boolean[] {true, false}) {
                    trailing(net, tls, version, goodbye, backlog);
                }
            }
        }
    }

    private static void trailing(Net net, String tls, String version, boolean goodbye, byte[] backlog) {
        TcpServer server = net.serve(
                TcpServer.bind(Net.loopback(0)).tls(TlsFiles.server(tls)).options(NARROW),
                peer -> sendAndReadToTheEnd(peer, backlog));
        try (JavaPeer peer = JavaPeer.connect(server.address(), version)) {
            CompletableFuture<byte[]> received = JavaPeer.run(() -> {
                peer.socket().startHandshake();
                peer.socket().getOutputStream().write('x');
                if (goodbye) {
                    peer.socket().shutdownOutput();
                } else {
                    peer.shutdownTcp();
                }
                return peer.socket().getInputStream().readAllBytes();
            });
            assertThat(Arrays.equals(net.run(received), backlog))
                    .as("%s, goodbye: %s", version, goodbye)
                    .isTrue();
        }
        server.close();
        net.run(server.waitClosed());
        net.turn();
    }

    private static Coroutine<Void> sendAndReadToTheEnd(TcpStream peer, byte[] backlog) {
        Object unused = peer.write(Bytes.direct(backlog));
        await(peer.read()).release();
        try {
            assertThat(await(peer.read())).isNull();
        } catch (TlsTruncatedException cutOff) {
            // and yet the peer may read
        }
        return Coroutine.done();
    }

    @Tag("X8")
    @TlsTest
    void closeSendsEverythingToASlowPeer(TransportProvider provider, String tls) {
        try (Net net = Net.on(provider)) {
            Ends ends = ends(net, tls, "TLSv1.3", NARROW);
            byte[] piece = Bytes.pattern(128 * 1024);
            for (int i = 0; i < 32; i++) {
                Object unused = ends.client().write(Bytes.direct(piece));
            }
            ends.client().close();
            for (int i = 0; i < 10; i++) {
                net.turn(); // the peer does not read yet
            }
            assertThat(ends.client().pendingBytes()).isPositive();
            byte[] all = net.run(TlsNet.readToTheEnd(ends.server()));
            assertThat(all).hasSize(32 * piece.length);
            for (int i = 0; i < 32; i++) {
                assertThat(Arrays.equals(all, i * piece.length, (i + 1) * piece.length, piece, 0, piece.length))
                        .isTrue();
            }
            ends.close(net);
        }
    }

    @TlsTest
    void anEndWithoutGoodbyeIsAFailure(TransportProvider provider, String tls) {
        try (Net net = Net.on(provider)) {
            for (String version : VERSIONS) {
                List<Throwable> failures = new ArrayList<>();
                TcpServer server = net.serve(
                        TcpServer.bind(Net.loopback(0)).tls(TlsFiles.server(tls)), peer -> readAll(peer, failures));
                try (JavaPeer peer = JavaPeer.connect(server.address(), version)) {
                    CompletableFuture<Integer> done = JavaPeer.run(() -> {
                        peer.socket().startHandshake();
                        peer.socket().getOutputStream().write("half of".getBytes(UTF_8));
                        peer.shutdownTcp();
                        return 1;
                    });
                    net.run(done);
                    net.until(() -> !failures.isEmpty());
                }
                assertThat(failures.get(0))
                        .isInstanceOf(TlsTruncatedException.class)
                        .hasMessageContaining("without TLS's close_notify");
                server.close();
                net.run(server.waitClosed());
                net.turn();
            }
        }
    }

    private static Coroutine<Void> readAll(TcpStream peer, List<Throwable> failures) {
        try {
            await(TlsNet.readToTheEnd(peer));
        } catch (NetworkException failure) {
            failures.add(failure);
        }
        return Coroutine.done();
    }

    /** Forged bytes behind a good handshake: the reader is told, and the peer gets an alert. */
    @TlsTest
    void aDamagedRecordEndsTheConnection(TransportProvider provider, String tls) {
        try (Net net = Net.on(provider)) {
            List<Throwable> failures = new ArrayList<>();
            TcpServer server = net.serve(
                    TcpServer.bind(Net.loopback(0)).tls(TlsFiles.server(tls)), peer -> readAll(peer, failures));
            try (JavaPeer peer = JavaPeer.connect(server.address(), "TLSv1.3")) {
                CompletableFuture<Throwable> told = JavaPeer.run(() -> {
                    peer.socket().startHandshake();
                    peer.socket().getOutputStream().write(1);
                    peer.sendBelow(new byte[] {
                        23, 3, 3, 0, 20, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20
                    });
                    try {
                        return new AssertionError(
                                "read " + peer.socket().getInputStream().read());
                    } catch (IOException alert) {
                        return alert;
                    }
                });
                assertThat(net.run(told)).hasMessageContaining("bad_record_mac");
            }
            net.until(() -> !failures.isEmpty());
            assertThat(failures.get(0)).isInstanceOf(TlsException.class).isNotInstanceOf(TlsTruncatedException.class);
            server.close();
            net.run(server.waitClosed());
            net.turn();
        }
    }

    @Tag("X10")
    @TlsTest
    void whatComesAfterOurCloseIsDropped(TransportProvider provider, String tls) {
        try (Net net = Net.on(provider)) {
            Ends ends = ends(net, tls, "TLSv1.3", TcpOptions.DEFAULT);
            ends.client().close();
            Object unused = ends.server().write(Bytes.direct(Bytes.pattern(3_000_000)));
            assertThatThrownBy(() -> ends.client().write(Bytes.direct("late")))
                    .isInstanceOf(StreamClosedException.class);
            ends.close(net);
        }
    }

    @Tag("X10")
    @TlsTest
    void aResetBelowReachesWhoeverWrites(TransportProvider provider, String tls) {
        try (Net net = Net.on(provider)) {
            Ends ends = ends(net, tls, "TLSv1.3", NARROW);
            Task<Void> writing = net.start(() -> ends.client().write(Bytes.direct(Bytes.pattern(4_000_000))));
            net.turn();
            assertThat(writing.isDone()).isFalse();
            ends.server().abort();
            assertThatThrownBy(() -> net.run(writing)).isInstanceOf(NetworkException.class);
            assertThatThrownBy(() -> net.run(ends.client().read())).isInstanceOf(ConnectionResetException.class);
            ends.close(net);
        }
    }

    /** What was encrypted and thrown away has not left. */
    @Tag("X10")
    @TlsTest
    void aFlushAfterAResetFails(TransportProvider provider, String tls) {
        try (Net net = Net.on(provider)) {
            Ends ends = ends(net, tls, "TLSv1.3", TcpOptions.DEFAULT);
            ends.server().abort();
            net.run(ends.server().closed());
            Object unused = ends.client().write(Bytes.direct("lost"));
            assertThatThrownBy(() -> net.run(ends.client().flush())).isInstanceOf(NetworkException.class);
            ends.close(net);
        }
    }

    @Tag("X10")
    @TlsTest
    void abortingWithAFullBufferLeavesNothing(TransportProvider provider, String tls) {
        try (Net net = Net.on(provider)) {
            Ends ends = ends(net, tls, "TLSv1.3", NARROW);
            ByteBuf bytes = Bytes.direct(Bytes.pattern(4_000_000));
            Task<Void> writing = net.start(() -> ends.client().write(bytes));
            ends.client().abort();
            assertThatThrownBy(() -> net.run(writing)).isInstanceOf(StreamClosedException.class);
            assertThat(bytes.refCnt()).isZero();
            ends.close(net);
        }
    }

    @TlsTest
    void aReadThatIsCancelledLosesNothing(TransportProvider provider, String tls) {
        try (Net net = Net.on(provider)) {
            Ends ends = ends(net, tls, "TLSv1.3", TcpOptions.DEFAULT);
            byte[] bytes = Bytes.pattern(200_000);
            Object unused = ends.server().write(Bytes.direct(bytes));
            ByteBuf all = Bytes.heapRoom(bytes.length);
            while (all.isWritable()) {
                Task<ByteBuf> reading = net.start(ends.client()::read);
                if (reading.cancel()) {
                    net.turn();
                    continue;
                }
                ByteBuf got = reading.result();
                all.writeBytes(got);
                got.release();
            }
            assertThat(Bytes.taken(all)).isEqualTo(bytes);
            ends.close(net);
        }
    }

    @TlsTest
    void closingTheLoopClosesAStreamInAnyState(TransportProvider provider, String tls) {
        int sockets = Descriptors.sockets();
        Net net = Net.on(provider);
        Ends ends = ends(net, tls, "TLSv1.3", NARROW);
        Object unused = ends.client().write(Bytes.direct(Bytes.pattern(4_000_000)));
        net.turn();
        Net.Line line = net.line();
        Task<Void> shaking = net.start(() -> line.stream().startTls(TlsFiles.client(tls), TlsFiles.HOST));
        line.peer().close();
        assertThat(shaking.isDone()).isFalse();
        assertThatThrownBy(net::close).hasMessageContaining("the event loop was closed before this task was done");
        assertThat(Descriptors.sockets()).isEqualTo(sockets);
    }
}

package io.samovar.tests.net;

import static io.samovar.Async.await;
import static io.samovar.net.TlsHandshakeException.Reason.CLOSED_BY_PEER;
import static io.samovar.net.TlsHandshakeException.Reason.EXPIRED;
import static io.samovar.net.TlsHandshakeException.Reason.NOT_TLS;
import static io.samovar.net.TlsHandshakeException.Reason.NOT_YET_VALID;
import static io.samovar.net.TlsHandshakeException.Reason.NO_COMMON_PROTOCOL;
import static io.samovar.net.TlsHandshakeException.Reason.SELF_SIGNED;
import static io.samovar.net.TlsHandshakeException.Reason.TIMED_OUT;
import static io.samovar.net.TlsHandshakeException.Reason.UNTRUSTED;
import static io.samovar.net.TlsHandshakeException.Reason.WRONG_HOST;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.samovar.CancelledError;
import io.samovar.Coroutine;
import io.samovar.Task;
import io.samovar.net.ConcurrentReadException;
import io.samovar.net.NetworkException;
import io.samovar.net.StreamClosedException;
import io.samovar.net.TcpServer;
import io.samovar.net.TcpStream;
import io.samovar.net.TlsClient;
import io.samovar.net.TlsHandshakeException;
import io.samovar.net.TlsHandshakeException.Reason;
import io.samovar.net.TlsServer;
import io.samovar.transport.TransportProvider;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class TlsHandshakeTest {
    @TlsTest
    void aCertificateThatHasExpiredIsRefused(TransportProvider provider, String tls) {
        refuses(provider, tls, TlsFiles.EXPIRED, TlsFiles.client(tls), EXPIRED, "has expired at ");
    }

    @TlsTest
    void aCertificateOfTomorrowIsRefused(TransportProvider provider, String tls) {
        refuses(provider, tls, TlsFiles.NOT_YET, TlsFiles.client(tls), NOT_YET_VALID, "is not valid before ");
    }

    @TlsTest
    void theCertificateOfAnotherHostIsRefused(TransportProvider provider, String tls) {
        String words = "is not for localhost, but for other.example";
        refuses(provider, tls, TlsFiles.OTHER_HOST, TlsFiles.client(tls), WRONG_HOST, words);
    }

    @TlsTest
    void aCertificateOfAnUnknownAuthorityIsRefused(TransportProvider provider, String tls) {
        refuses(
                provider,
                tls,
                TlsFiles.STRANGER,
                TlsFiles.client(tls),
                UNTRUSTED,
                "issued by CN=Unknown CA, is not trusted");
    }

    @TlsTest
    void aSelfSignedCertificateIsRefused(TransportProvider provider, String tls) {
        refuses(provider, tls, TlsFiles.SELF_SIGNED, TlsFiles.client(tls), SELF_SIGNED, "is signed by itself");
    }

    private static void refuses(
            TransportProvider provider, String tls, TlsFiles.Pair pair, TlsClient client, Reason reason, String words) {
        try (Net net = Net.on(provider)) {
            List<Throwable> served = new ArrayList<>();
            TcpServer server = TlsNet.echo(net, pair.server().provider(tls));
            TcpServer plain = net.serve(peer -> watched(peer, pair.server().provider(tls), served));
            assertHandshakeFails(net, server, client, reason, words);
            assertHandshakeFails(net, plain, client, reason, words);
            net.until(() -> !served.isEmpty());
            // Up to TLS 1.2 the server still shakes hands; in TLS 1.3, too. Either way our alert has reached it.
            assertThat(served.get(0))
                    .isInstanceOf(TlsHandshakeException.class)
                    .hasMessageContaining("the peer refused with the alert");
            server.close();
            plain.close();
            net.run(server.waitClosed());
            net.run(plain.waitClosed());
        }
    }

    private static Coroutine<Void> watched(TcpStream peer, TlsServer tls, List<Throwable> failures) {
        try {
            await(peer.startTls(tls));
            await(TlsNet.echo(peer));
        } catch (NetworkException failure) {
            failures.add(failure);
        }
        return Coroutine.done();
    }

    private static void assertHandshakeFails(Net net, TcpServer server, TlsClient client, Reason reason, String words) {
        TlsHandshakeException failure =
                catchThrowableOfType(TlsHandshakeException.class, () -> net.run(TlsNet.connect(server, client)));
        assertThat(failure).isNotNull().hasMessageContaining(words);
        assertThat(failure.reason()).isEqualTo(reason);
    }

    @TlsTest
    void whoeverDisablesTheChecksSaysSo(TransportProvider provider, String tls) {
        try (Net net = Net.on(provider)) {
            TcpServer other = TlsNet.echo(net, TlsFiles.OTHER_HOST.server().provider(tls));
            TcpServer stranger = TlsNet.echo(net, TlsFiles.STRANGER.server().provider(tls));
            TlsClient client = TlsFiles.client(tls);
            net.run(TlsNet.connect(other, client.insecureSkipHostNameCheck())).close();
            assertHandshakeFails(net, stranger, client.insecureSkipHostNameCheck(), UNTRUSTED, "not trusted");
            net.run(TlsNet.connect(stranger, client.insecureTrustEverybody())).close();
            other.close();
            stranger.close();
            net.run(other.waitClosed());
            net.run(stranger.waitClosed());
        }
    }

    @TlsTest
    void peersWithoutACommonVersionSaySo(TransportProvider provider, String tls) {
        try (Net net = Net.on(provider)) {
            TcpServer server = TlsNet.echo(net, TlsFiles.server(tls).protocols("TLSv1.2"));
            TlsClient client = TlsFiles.client(tls).protocols("TLSv1.3");
            assertHandshakeFails(net, server, client, NO_COMMON_PROTOCOL, "no version of TLS is allowed by both sides");
            server.close();
        }
    }

    /** A ClientHello as an old program sends it. */
    @TlsTest
    void tls11IsRefused(TransportProvider provider, String tls) {
        try (Net net = Net.on(provider)) {
            TcpServer server = TlsNet.echo(net, TlsFiles.server(tls));
            Peer peer = net.connectTo(server);
            peer.send(HexFormat.of()
                    .parseHex("16030100310100002d0302" + "00".repeat(32) + "00" + "0006c014c00a002f" + "0100"));
            byte[] answer = net.run(peer.readToTheEnd());
            // alert, fatal, protocol_version
            assertThat(HexFormat.of().formatHex(answer)).matches("15030[123]00020246");
            server.close();
            net.run(server.waitClosed());
        }
    }

    @TlsTest
    void aPeerThatSpeaksHttpIsToldApart(TransportProvider provider, String tls) {
        try (Net net = Net.on(provider)) {
            Net.Line line = net.line();
            Task<Void> handshake = net.start(() -> line.stream().startTls(TlsFiles.client(tls), TlsFiles.HOST));
            line.peer().send("HTTP/1.1 400 Bad Request\r\n\r\n");
            TlsHandshakeException failure = catchThrowableOfType(TlsHandshakeException.class, () -> net.run(handshake));
            assertThat(failure).hasMessageContaining("what the peer sent is not TLS: it is plain HTTP");
            assertThat(failure.reason()).isEqualTo(NOT_TLS);
            assertThat(line.stream().isClosing()).isTrue();
        }
    }

    @TlsTest
    void aServerIsNotDisturbedByGarbage(TransportProvider provider, String tls) {
        try (Net net = Net.on(provider)) {
            TcpServer server = TlsNet.echo(net, TlsFiles.server(tls));
            for (String garbage :
                    List.of("GET / HTTP/1.1\r\n\r\n", "\0\0\0\0\0\0\0\0", "\u0016\u0003\u0001\u0002\0garbage")) {
                Peer peer = net.connectTo(server);
                peer.send(garbage);
                peer.shutdownOutput();
                Object unused = net.run(peer.readToTheEnd().handle((bytes, reset) -> 0));
            }
            byte[] bytes = Bytes.pattern(1000);
            TcpStream stream = net.run(TlsNet.connect(server, TlsFiles.client(tls)));
            assertThat(net.run(TlsNet.exchange(stream, bytes))).isEqualTo(bytes);
            stream.close();
            server.close();
            net.run(server.waitClosed());
        }
    }

    @TlsTest
    void aPeerThatClosesInTheMiddleIsNamed(TransportProvider provider, String tls) {
        try (Net net = Net.on(provider)) {
            Net.Line line = net.line();
            Task<Void> handshake = net.start(() -> line.stream().startTls(TlsFiles.client(tls), TlsFiles.HOST));
            line.peer().close();
            assertThatThrownBy(() -> net.run(handshake)).isInstanceOf(NetworkException.class);
            assertThat(line.stream().isClosing()).isTrue();
            Net.Line other = net.line();
            other.peer().shutdownOutput();
            TlsHandshakeException failure = catchThrowableOfType(
                    TlsHandshakeException.class,
                    () -> net.run(other.stream().startTls(TlsFiles.client(tls), TlsFiles.HOST)));
            assertThat(failure.reason()).isEqualTo(CLOSED_BY_PEER);
        }
    }

    @TlsTest
    void aHandshakeThatTakesTooLongIsGivenUp(TransportProvider provider, String tls) {
        AtomicLong clock = new AtomicLong();
        try (Net net = Net.on(provider, clock::get)) {
            Net.Line client = net.line();
            Net.Line server = net.line();
            int sockets = Descriptors.sockets();
            Task<Void> shaking = net.start(() -> client.stream().startTls(TlsFiles.client(tls), TlsFiles.HOST));
            Task<Void> served = net.start(
                    () -> server.stream().startTls(TlsFiles.server(tls).handshakeLimit(Duration.ofSeconds(3))));
            net.until(client.peer()::hasBytes); // it waits for the answer
            clock.set(Duration.ofMillis(2_999).toNanos());
            net.turn();
            net.turn();
            assertThat(served.isDone()).isFalse();
            clock.set(Duration.ofMillis(3_001).toNanos());
            assertTimedOut(net, served, "PT3S");
            assertThat(shaking.isDone()).isFalse();
            clock.set(Duration.ofMillis(10_001).toNanos());
            assertTimedOut(net, shaking, "PT10S");
            net.until(() -> Descriptors.sockets() == sockets - 2);
        }
    }

    private static void assertTimedOut(Net net, Task<Void> handshake, String limit) {
        TlsHandshakeException failure = catchThrowableOfType(TlsHandshakeException.class, () -> net.run(handshake));
        assertThat(failure).hasMessageContaining("it took longer than " + limit);
        assertThat(failure.reason()).isEqualTo(TIMED_OUT);
    }

    @TlsTest
    void cancellingAHandshakeClosesTheStream(TransportProvider provider, String tls) {
        try (Net net = Net.on(provider)) {
            Net.Line line = net.line();
            Task<Void> handshake = net.start(() -> line.stream().startTls(TlsFiles.client(tls), TlsFiles.HOST));
            net.until(line.peer()::hasBytes);
            handshake.cancel();
            assertThatThrownBy(() -> net.run(handshake)).isInstanceOf(CancelledError.class);
            assertThat(line.stream().isClosing()).isTrue();
            assertThat(line.stream().closed().isDone()).isTrue();
        }
    }

    /** Whatever a task does just then: working off the loop, waiting for bytes, or about to go on. */
    @TlsTest
    void cancellingAtAnyTimeLeavesNothingBehind(TransportProvider provider, String tls) {
        try (Net net = Net.on(provider)) {
            TcpServer server = TlsNet.echo(net, TlsFiles.server(tls));
            TlsClient client = TlsFiles.client(tls);
            net.turn(); // NIO closes a moment later what the server tried its options on
            int sockets = Descriptors.sockets();
            net.run(TlsNet.connect(server, client)).close();
            for (int turns = 0; turns < 30; turns++) {
                Task<TcpStream> connecting = net.start(() -> TlsNet.connect(server, client));
                for (int i = 0; i < turns; i++) {
                    net.turn();
                }
                if (connecting.cancel()) {
                    assertThatThrownBy(() -> net.run(connecting)).isInstanceOf(CancelledError.class);
                } else {
                    connecting.result().close();
                }
                net.until(() -> server.connections() == 0 && Descriptors.sockets() == sockets);
            }
            server.close();
            net.turn(); // what the last task has ended with is seen
        }
    }

    @Tag("X10")
    @TlsTest
    void closingDuringTheHandshakeEndsIt(TransportProvider provider, String tls) {
        try (Net net = Net.on(provider)) {
            Net.Line line = net.line();
            Task<Void> handshake = net.start(() -> line.stream().startTls(TlsFiles.client(tls), TlsFiles.HOST));
            net.until(line.peer()::hasBytes);
            line.stream().close();
            assertThatThrownBy(() -> net.run(handshake)).isInstanceOf(StreamClosedException.class);
            assertThat(line.stream().closed().isDone()).isTrue();
        }
    }

    @TlsTest
    void aTaskThatReadsKeepsAHandshakeFromStarting(TransportProvider provider, String tls) {
        try (Net net = Net.on(provider)) {
            Net.Line line = net.line();
            Task<?> reading = net.start(line.stream()::read);
            assertThatThrownBy(() -> net.run(line.stream().startTls(TlsFiles.client(tls), TlsFiles.HOST)))
                    .isInstanceOf(ConcurrentReadException.class);
            assertThat(line.stream().isClosing()).isFalse();
            reading.cancel();
            line.stream().close();
            net.turn();
        }
    }

    /** The line and the hello behind it come as one piece, and are read together. */
    @Tag("P8")
    @TlsTest
    void bytesThatWereReadAlreadyBelongToTheHandshake(TransportProvider provider, String tls) {
        try (Net net = Net.on(provider)) {
            byte[] hello = TlsNet.hello(net, tls);
            TcpServer server = net.serve(peer -> upgrade(peer, TlsFiles.server(tls)));
            Peer peer = net.connectTo(server);
            byte[] line = "STARTTLS\n".getBytes(UTF_8);
            byte[] both = Arrays.copyOf(line, line.length + hello.length);
            System.arraycopy(hello, 0, both, line.length, hello.length);
            peer.send(both);
            byte[] answer = net.run(peer.read(6));
            assertThat(answer[0]).as("the type of a record of the handshake").isEqualTo((byte) 22);
            assertThat(answer[5]).as("the type of a server's hello").isEqualTo((byte) 2);
            peer.close();
            server.close();
            net.run(server.waitClosed());
            net.turn();
        }
    }

    @TlsTest
    void aLiveStreamGoesOnWithTls(TransportProvider provider, String tls) {
        try (Net net = Net.on(provider)) {
            TcpServer server = net.serve(peer -> upgrade(peer, TlsFiles.server(tls)));
            byte[] bytes = Bytes.pattern(10_000);
            assertThat(net.run(askForTls(server, TlsFiles.client(tls), bytes))).isEqualTo(bytes);
            server.close();
            net.run(server.waitClosed());
        }
    }

    private static Coroutine<Void> upgrade(TcpStream peer, TlsServer tls) {
        assertThat(await(peer.readLine())).isEqualTo("STARTTLS");
        await(peer.startTls(tls));
        await(TlsNet.echo(peer));
        return Coroutine.done();
    }

    private static Coroutine<byte[]> askForTls(TcpServer server, TlsClient tls, byte[] bytes) {
        try (TcpStream stream = await(TcpStream.connect(server.address()))) {
            Object unused = stream.write("STARTTLS\n");
            await(stream.startTls(tls, TlsFiles.HOST));
            return Coroutine.of(await(TlsNet.exchange(stream, bytes)));
        }
    }

    /** The recorded hello of a client, cut off at each byte, by the end of the stream or by silence and then a reset. */
    @TlsTest
    void aHandshakeThatIsCutOffAtAnyByteDoesNoHarm(TransportProvider provider, String tls) {
        try (Net net = Net.on(provider)) {
            TcpServer server = TlsNet.echo(net, TlsFiles.server(tls));
            net.turn(); // NIO closes a moment later what the server tried its options on
            int sockets = Descriptors.sockets();
            byte[] hello = TlsNet.hello(net, tls);
            for (int length = 0; length < hello.length; length++) {
                byte[] part = Arrays.copyOf(hello, length);
                Peer ends = net.connectTo(server);
                ends.send(part);
                ends.shutdownOutput();
                Peer resets = net.connectTo(server);
                resets.send(part);
                resets.reset();
                Object unused = net.run(ends.readToTheEnd().handle((bytes, reset) -> 0));
                ends.close();
            }
            net.until(() -> server.connections() == 0 && Descriptors.sockets() == sockets);
            TcpStream stream = net.run(TlsNet.connect(server, TlsFiles.client(tls)));
            stream.close();
            server.close();
            net.run(server.waitClosed());
        }
    }

    /** Each byte of the hello wrong in turn: the server shakes hands, refuses with an alert, or waits for more; it never fails. */
    @TlsTest
    void aHandshakeWithAnyByteWrongDoesNoHarm(TransportProvider provider, String tls) {
        try (Net net = Net.on(provider)) {
            byte[] hello = TlsNet.hello(net, tls);
            TcpServer server = TlsNet.echo(net, TlsFiles.server(tls));
            for (int i = 0; i < hello.length; i++) {
                byte[] wrong = hello.clone();
                wrong[i] ^= (byte) 0xA5;
                Peer peer = net.connectTo(server);
                peer.send(wrong);
                peer.shutdownOutput();
                CompletableFuture<Integer> end = peer.readToTheEnd().handle((bytes, reset) -> 0);
                Object unused = net.run(end);
                peer.close();
            }
            net.until(() -> server.connections() == 0);
            server.close();
            net.run(server.waitClosed());
        }
    }

    /** Whenever it comes: a certificate is not taken because somebody ended the output meanwhile. */
    @TlsTest
    void endingTheOutputDuringTheHandshakeAcceptsNothing(TransportProvider provider, String tls) {
        try (Net net = Net.on(provider)) {
            TcpServer server = TlsNet.echo(net, TlsFiles.STRANGER.server().provider(tls));
            TlsClient client = TlsFiles.client(tls);
            assertHandshakeFails(net, server, client, UNTRUSTED, "not trusted"); // and it has read its files
            for (int turns = 0; turns < 20; turns++) {
                TcpStream stream = net.run(TcpStream.connect(server.address()));
                Task<Void> handshake = net.start(() -> stream.startTls(client, TlsFiles.HOST));
                endOutputAfter(net, stream, turns);
                TlsHandshakeException failure =
                        catchThrowableOfType(TlsHandshakeException.class, () -> net.run(handshake));
                assertThat(failure).as("after %d turns", turns).isNotNull();
                assertThat(failure.reason()).isEqualTo(UNTRUSTED);
            }
            server.close();
            net.run(server.waitClosed());
        }
    }

    @TlsTest
    void theOutputEndsBehindTheHandshake(TransportProvider provider, String tls) {
        try (Net net = Net.on(provider)) {
            TcpServer server = TlsNet.echo(net, TlsFiles.server(tls));
            TlsClient client = TlsFiles.client(tls);
            net.run(TlsNet.connect(server, client)).close(); // and it has read its files
            for (int turns = 0; turns < 20; turns++) {
                TcpStream stream = net.run(TcpStream.connect(server.address()));
                Task<Void> handshake = net.start(() -> stream.startTls(client, TlsFiles.HOST));
                endOutputAfter(net, stream, turns);
                net.run(handshake);
                assertThat(net.run(stream.read())).isNull(); // the server has seen the end, and closed
                stream.close();
                net.run(stream.closed());
            }
            server.close();
            net.run(server.waitClosed());
        }
    }

    private static void endOutputAfter(Net net, TcpStream stream, int turns) {
        for (int i = 0; i < turns; i++) {
            net.turn();
        }
        if (!stream.isClosing()) { // the handshake may have failed already
            stream.shutdownOutput();
        }
    }

    /** {@code URI.getHost()} may be null: then there would be no name to check. */
    @TlsTest
    void aClientNamesTheHost(TransportProvider provider, String tls) {
        try (Net net = Net.on(provider)) {
            TcpStream stream = net.line().stream();
            assertThatThrownBy(() -> net.run(stream.startTls(TlsFiles.client(tls), null)))
                    .isInstanceOf(NullPointerException.class)
                    .hasMessage("host");
            assertThatThrownBy(() -> net.run(stream.startTls(TlsFiles.client(tls), "")))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("TLS needs the name of the host, which is empty");
            assertThat(stream.isClosing()).isFalse();
            stream.close();
        }
    }
}

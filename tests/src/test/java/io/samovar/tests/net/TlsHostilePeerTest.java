package io.samovar.tests.net;

import static io.samovar.Async.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.samovar.Coroutine;
import io.samovar.net.NetworkException;
import io.samovar.net.TcpServer;
import io.samovar.net.TcpStream;
import io.samovar.net.TlsException;
import io.samovar.net.TlsHandshakeException;
import io.samovar.net.TlsServer;
import io.samovar.net.TlsTruncatedException;
import io.samovar.tests.support.TransportTest;
import io.samovar.transport.TransportProvider;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Timeout;

/** Peers that would rather keep the loop busy than talk. */
@Timeout(60)
class TlsHostilePeerTest {
    /** The JDK's engine takes records of up to 33 KB, and then wants buffers for such ones. */
    private static final int TOO_LARGE = 17_000;

    @TlsTest
    void aHelloInARecordThatIsTooLargeIsRefused(TransportProvider provider, String tls) {
        byte[] alert = alertFor(provider, tls, message -> records(message, message.length), TOO_LARGE);
        if (tls.equals("jdk")) {
            assertThat(alert).startsWith(21, 3).endsWith(0, 2, 2, 10); // fatal: unexpected_message
        }
    }

    @TlsTest
    void aHelloInTooManyPiecesIsRefused(TransportProvider provider, String tls) {
        byte[] alert = alertFor(provider, tls, message -> records(message, 1), 2_000);
        if (tls.equals("jdk")) {
            assertThat(alert).startsWith(21, 3).endsWith(0, 2, 2, 10);
        }
    }

    @TlsTest
    void aHelloInSomePiecesIsTaken(TransportProvider provider, String tls) {
        try (Net net = Net.on(provider)) {
            List<Throwable> failures = new ArrayList<>();
            TcpServer server = net.serve(peer -> shakeHands(peer, TlsFiles.server(tls), failures));
            Peer peer = net.connectTo(server);
            peer.send(records(hello(net, 600), 1));
            assertThat(net.run(peer.read(6))[5])
                    .as("the type of a server's hello")
                    .isEqualTo((byte) 2);
            peer.close();
            net.until(() -> !failures.isEmpty());
            end(net, server);
        }
    }

    /** How a message is cut into records. */
    private interface Cut {
        byte[] records(byte[] message);
    }

    /** Sends a hello that was padded to this length, which must be refused; returns what comes back. */
    private static byte[] alertFor(TransportProvider provider, String tls, Cut cut, int length) {
        try (Net net = Net.on(provider)) {
            List<Throwable> failures = new ArrayList<>();
            TcpServer server = net.serve(peer -> shakeHands(peer, TlsFiles.server(tls), failures));
            Peer peer = net.connectTo(server);
            peer.send(cut.records(hello(net, length)));
            byte[] answer = net.run(peer.readToTheEnd());
            net.until(() -> !failures.isEmpty());
            assertThat(failures.get(0)).isInstanceOf(TlsHandshakeException.class);
            end(net, server);
            return answer;
        }
    }

    private static Coroutine<Void> shakeHands(TcpStream peer, TlsServer tls, List<Throwable> failures) {
        try {
            await(peer.startTls(tls));
            await(TlsNet.readToTheEnd(peer));
        } catch (NetworkException failure) {
            failures.add(failure);
        }
        return Coroutine.done();
    }

    /** The message of a client's hello, with the padding extension behind the others. */
    private static byte[] hello(Net net, int length) {
        byte[] record = TlsNet.hello(net, "jdk");
        ByteBuffer message = ByteBuffer.wrap(record, 5, record.length - 5).slice();
        int at = 4 + 2 + 32;
        at += 1 + message.get(at);
        at += 2 + message.getShort(at);
        at += 1 + message.get(at);
        int padding = length - message.remaining() - 4;
        ByteBuffer padded = ByteBuffer.allocate(length);
        padded.put(message).putShort((short) 21).putShort((short) padding);
        padded.putInt(0, (1 << 24) | (length - 4));
        padded.putShort(at, (short) (padded.getShort(at) + 4 + padding));
        return padded.array();
    }

    private static byte[] records(byte[] message, int size) {
        ByteArrayOutputStream records = new ByteArrayOutputStream();
        for (int at = 0; at < message.length; at += size) {
            int bytes = Math.min(size, message.length - at);
            records.writeBytes(new byte[] {22, 3, 1, (byte) (bytes >> 8), (byte) bytes});
            records.write(message, at, bytes);
        }
        return records.toByteArray();
    }

    /** BoringSSL waits for the rest of it. */
    @TransportTest
    void theBareHeaderOfARecordThatIsTooLargeEndsTheConnection(TransportProvider provider) {
        byte[] header = {23, 3, 3, (byte) (TOO_LARGE >> 8), (byte) TOO_LARGE};
        for (String version : List.of("TLSv1.3", "TLSv1.2")) {
            assertThat(failureFor(provider, "jdk", version, peer -> peer.sendBelow(header)))
                    .hasMessageContaining("a record of 17000 bytes is larger than TLS allows");
        }
    }

    /** New keys without data: each costs us an answer, too. */
    @TlsTest
    void aPeerThatOnlyChangesItsKeysIsRefused(TransportProvider provider, String tls) {
        Throwable failure = failureFor(provider, tls, "TLSv1.3", peer -> {
            for (int i = 0; i < 100; i++) {
                peer.socket().startHandshake();
            }
        });
        assertThat(failure).hasMessageContaining(tls.equals("jdk") ? "nothing but records without data" : "");
    }

    private interface Attack {
        void on(JavaPeer peer) throws IOException;
    }

    private static Throwable failureFor(TransportProvider provider, String tls, String version, Attack attack) {
        try (Net net = Net.on(provider)) {
            List<Throwable> failures = new ArrayList<>();
            TcpServer server = net.serve(peer -> shakeHands(peer, TlsFiles.server(tls), failures));
            try (JavaPeer peer = JavaPeer.connect(server.address(), version)) {
                CompletableFuture<Throwable> told = JavaPeer.run(() -> {
                    peer.socket().startHandshake();
                    peer.socket().getOutputStream().write(1);
                    try {
                        attack.on(peer);
                        return new AssertionError(
                                "read " + peer.socket().getInputStream().read());
                    } catch (IOException alert) {
                        return alert;
                    }
                });
                assertThat(net.run(told)).isInstanceOf(IOException.class);
                net.until(() -> !failures.isEmpty());
            }
            end(net, server);
            assertThat(failures.get(0)).isInstanceOf(TlsException.class).isNotInstanceOf(TlsTruncatedException.class);
            return failures.get(0);
        }
    }

    @TlsTest
    void newKeysBetweenDataAreWelcome(TransportProvider provider, String tls) {
        try (Net net = Net.on(provider)) {
            TcpServer server = TlsNet.echo(net, TlsFiles.server(tls));
            try (JavaPeer peer = JavaPeer.connect(server.address(), "TLSv1.3")) {
                CompletableFuture<byte[]> echoed = JavaPeer.run(() -> {
                    for (int i = 0; i < 100; i++) {
                        peer.socket().startHandshake();
                        peer.socket().getOutputStream().write(i);
                    }
                    return peer.socket().getInputStream().readNBytes(100);
                });
                assertThat(net.run(echoed)).hasSize(100);
            }
            end(net, server);
        }
    }

    private static void end(Net net, TcpServer server) {
        server.close();
        net.run(server.waitClosed());
        net.turn();
    }
}

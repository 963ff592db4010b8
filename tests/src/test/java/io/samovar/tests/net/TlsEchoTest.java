package io.samovar.tests.net;

import static io.samovar.Async.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.samovar.Coroutine;
import io.samovar.Task;
import io.samovar.net.TcpServer;
import io.samovar.net.TcpStream;
import io.samovar.net.TlsClient;
import io.samovar.transport.TransportProvider;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class TlsEchoTest {
    @TlsTest
    void bytesOfManySizesComeBack(TransportProvider provider, String tls) {
        try (Net net = Net.on(provider)) {
            for (String version : List.of("TLSv1.3", "TLSv1.2")) {
                TcpServer server = TlsNet.echo(net, TlsFiles.server(tls));
                TcpStream stream =
                        net.run(TlsNet.connect(server, TlsFiles.client(tls).protocols(version)));
                assertThat(stream.tlsSession().getProtocol()).isEqualTo(version);
                for (int size :
                        new int[] {1, 2, 3, 100, 1024, 16_383, 16_384, 16_385, 65_536, 100_000, 1_000_003, 5_000_000}) {
                    byte[] bytes = Bytes.pattern(size);
                    assertThat(net.run(TlsNet.exchange(stream, bytes)))
                            .as("%d bytes", size)
                            .isEqualTo(bytes);
                }
                stream.close();
                net.run(stream.closed());
                server.close();
                net.run(server.waitClosed());
            }
        }
    }

    @TlsTest
    void oneImplementationTalksToTheOther(TransportProvider provider, String tls) {
        try (Net net = Net.on(provider)) {
            String other = TlsFiles.PROVIDERS.get(TlsFiles.PROVIDERS.size() - 1 - TlsFiles.PROVIDERS.indexOf(tls));
            TcpServer server = TlsNet.echo(net, TlsFiles.server(tls));
            TcpStream stream = net.run(TlsNet.connect(server, TlsFiles.client(other)));
            byte[] bytes = Bytes.pattern(300_000);
            assertThat(net.run(TlsNet.exchange(stream, bytes))).isEqualTo(bytes);
            stream.close();
            net.run(stream.closed());
            server.close();
        }
    }

    @TlsTest
    void aReaderWithLittleRoomGetsEveryByte(TransportProvider provider, String tls) {
        try (Net net = Net.on(provider)) {
            TcpServer server = TlsNet.echo(net, TlsFiles.server(tls));
            TcpStream stream = net.run(TlsNet.connect(server, TlsFiles.client(tls)));
            byte[] bytes = Bytes.pattern(50_000);
            Object unused = stream.write(Bytes.direct(bytes));
            ByteBuf all = Bytes.heapRoom(bytes.length);
            ByteBuf room = Bytes.room(7);
            while (all.isWritable()) {
                room.clear();
                int count = net.run(stream.read(room));
                assertThat(count).isBetween(1, 7);
                all.writeBytes(room);
            }
            room.release();
            assertThat(Bytes.taken(all)).isEqualTo(bytes);
            stream.close();
            net.run(stream.closed());
            server.close();
        }
    }

    @TlsTest
    void smallAndLargeBuffersOfOneWriteArriveInOrder(TransportProvider provider, String tls) {
        try (Net net = Net.on(provider)) {
            TcpServer server = TlsNet.echo(net, TlsFiles.server(tls));
            TcpStream stream = net.run(TlsNet.connect(server, TlsFiles.client(tls)));
            byte[] bytes = Bytes.pattern(200_000);
            List<ByteBuf> pieces = new ArrayList<>();
            int at = 0;
            for (int size = 1; at < bytes.length; size = size * 3 % 70_001) {
                int length = Math.min(size, bytes.length - at);
                pieces.add(Bytes.direct(java.util.Arrays.copyOfRange(bytes, at, at + length)));
                at += length;
            }
            Object unused = stream.write(pieces.toArray(ByteBuf[]::new));
            assertThat(net.run(TlsNet.read(stream, bytes.length))).isEqualTo(bytes);
            stream.close();
            net.run(stream.closed());
            server.close();
        }
    }

    @Tag("X9")
    @TlsTest
    void tlsInsideTlsWorksForManyClients(TransportProvider provider, String tls) {
        try (Net net = Net.on(provider)) {
            TcpServer server =
                    net.serve(TcpServer.bind(Net.loopback(0)).tls(TlsFiles.server(tls)), peer -> innerEcho(peer, tls));
            List<Task<byte[]>> clients = new ArrayList<>();
            byte[] bytes = Bytes.pattern(300_000);
            TlsClient client = TlsFiles.client(tls);
            for (int i = 0; i < 20; i++) {
                clients.add(net.start(() -> innerExchange(server, client, bytes)));
            }
            for (Task<byte[]> got : clients) {
                assertThat(net.run(got)).isEqualTo(bytes);
            }
            server.close();
            net.run(server.waitClosed());
        }
    }

    private static Coroutine<Void> innerEcho(TcpStream peer, String tls) {
        await(peer.startTls(TlsFiles.server(tls)));
        await(TlsNet.echo(peer));
        return Coroutine.done();
    }

    private static Coroutine<byte[]> innerExchange(TcpServer server, TlsClient client, byte[] bytes) {
        try (TcpStream stream = await(TlsNet.connect(server, client))) {
            await(stream.startTls(client, TlsFiles.HOST));
            return Coroutine.of(await(TlsNet.exchange(stream, bytes)));
        }
    }
}

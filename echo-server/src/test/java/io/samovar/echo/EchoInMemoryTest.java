package io.samovar.echo;

import static io.samovar.Async.await;
import static io.samovar.testing.TestLoop.runTest;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.samovar.Async;
import io.samovar.Coroutine;
import io.samovar.Task;
import io.samovar.net.TcpStream;
import io.samovar.testing.SamovarExtension;
import io.samovar.testing.VirtualClock;
import io.samovar.testing.VirtualNetwork;
import java.io.ByteArrayOutputStream;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The server over a network in memory, which takes it apart as no kernel would. */
@ExtendWith(SamovarExtension.class)
class EchoInMemoryTest {
    private static final InetSocketAddress ADDRESS = new InetSocketAddress("192.0.2.7", 7);

    private static byte[] noise(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }

    @Test
    void everyByteComesBackInItsOrderOneAtATime(VirtualNetwork network) {
        byte[] said = noise(5_000);
        runTest(() -> {
            network.onConnect(connection -> connection.chunks(1));
            EchoServer server = new EchoServer(ADDRESS, 16);
            assertThat(await(echoOf(said))).isEqualTo(said);
            assertThat(server.bytes()).isEqualTo(said.length);
            assertThat(server.connections()).isOne();
            server.stop();
            await(server.closed());
            return Coroutine.done();
        });
    }

    /** Sends all, then the end, and gives all that comes back before the end. */
    private static Coroutine<byte[]> echoOf(byte[] said) {
        try (TcpStream peer = await(TcpStream.connect(ADDRESS))) {
            Task<Void> sending = Async.createTask(send(peer, said));
            ByteArrayOutputStream heard = new ByteArrayOutputStream();
            for (ByteBuf data; (data = await(peer.read())) != null; ) {
                byte[] some = ByteBufUtil.getBytes(data);
                data.release();
                heard.write(some, 0, some.length);
            }
            await(sending);
            return Coroutine.of(heard.toByteArray());
        }
    }

    private static Coroutine<Void> send(TcpStream peer, byte[] said) {
        await(peer.write(ByteBufAllocator.DEFAULT.directBuffer(said.length).writeBytes(said)));
        peer.shutdownOutput();
        return Coroutine.done();
    }

    @Test
    void stopCutsAConnectionWhosePeerTakesNothingAfterTwoSeconds(VirtualNetwork network, VirtualClock clock) {
        byte[] said = noise(1_000);
        runTest(() -> {
            network.onConnect(connection -> connection.capacity(100));
            EchoServer server = new EchoServer(ADDRESS, 16);
            try (TcpStream peer = await(TcpStream.connect(ADDRESS))) {
                Object unused =
                        peer.write(ByteBufAllocator.DEFAULT.directBuffer().writeBytes(said));
                await(clock.waitUntilBlocked());
                assertThat(server.bytes()).isPositive();
                server.stop();
                await(server.closed());
                assertThat(clock.elapsed()).isEqualTo(Duration.ofSeconds(2));
            }
            return Coroutine.done();
        });
    }
}

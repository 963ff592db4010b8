package io.samovar.tests.net;

import static io.samovar.Async.await;
import static io.samovar.tests.support.Coroutines.coroutine;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.samovar.Coroutine;
import io.samovar.EventLoop;
import io.samovar.net.StreamClosedException;
import io.samovar.net.TcpServer;
import io.samovar.net.TcpStream;
import io.samovar.tests.support.TransportTest;
import io.samovar.transport.TransportProvider;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Timeout;

/** A loop that is closed while streams are open takes them with it, and leaks nothing. */
@Timeout(30)
class LoopCloseTest {
    private static final int MORE_THAN_SOCKETS_HOLD = 16 << 20;

    @TransportTest
    void whatWaitsToBeWrittenIsReleasedWhenTheLoopIsClosed(TransportProvider provider) throws Exception {
        ByteBuf big =
                ByteBufAllocator.DEFAULT.directBuffer(MORE_THAN_SOCKETS_HOLD).writeZero(MORE_THAN_SOCKETS_HOLD);
        @Nullable TcpStream[] stream = {null};
        EventLoop loop = EventLoop.builder()
                .transport(provider)
                .exceptionHandler((l, failure) -> {})
                .open();
        TcpServer server = loop.runUntilComplete(coroutine(() ->
                Coroutine.of(TcpServer.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                        .maxConnections(1)
                        .start(peer -> {
                            stream[0] = peer;
                            peer.write(big);
                            peer.close();
                            loop.stop();
                            return Coroutine.of(await(peer.closed()));
                        }))));
        try (Socket client =
                new Socket(server.address().getAddress(), server.address().getPort())) {
            loop.runForever();
            TcpStream open = stream[0];
            assertThat(open).isNotNull();
            assertThat(open.pendingBytes()).isPositive();
            assertThat(big.refCnt()).isEqualTo(1);
            loop.close();
            assertThat(big.refCnt()).isZero();
            assertThat(open.pendingBytes()).isZero();
            assertThat(server.connections()).isZero();
            assertThatThrownBy(() ->
                            open.write(ByteBufAllocator.DEFAULT.directBuffer(1).writeByte(1)))
                    .isInstanceOf(StreamClosedException.class);
            assertThat(client.isConnected()).isTrue();
        }
    }
}

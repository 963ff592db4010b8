package io.samovar.samples;

import static io.samovar.Async.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.samovar.Coroutine;
import io.samovar.EventLoop;
import io.samovar.Task;
import io.samovar.tests.support.Coroutines;
import io.samovar.tests.support.TransportTest;
import io.samovar.transport.TransportProvider;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import org.junit.jupiter.api.Timeout;

/** The samples of the lowest level do what they say. */
@Timeout(30)
class WatchingTest {
    @TransportTest
    void aDatagramComesBackAndCanBeAwaited(TransportProvider provider) throws Exception {
        try (EventLoop loop = EventLoop.builder().transport(provider).open();
                DatagramChannel server = open();
                DatagramChannel client = open()) {
            Watching.echo(loop, server);
            client.connect(server.getLocalAddress());
            for (int length = 1; length <= 3; length++) {
                client.write(ByteBuffer.allocate(length));
                int received = loop.runUntilComplete(Coroutines.<Integer>coroutine(() -> {
                    await(Watching.readable(client));
                    return Coroutine.of(client.read(ByteBuffer.allocate(64)));
                }));
                assertThat(received).isEqualTo(length);
            }
            assertThat(loop.removeReader(client)).isFalse();
            assertThat(loop.removeReader(server)).isTrue();
        }
    }

    @TransportTest
    void whoIsCancelledWhileItWaitsLeavesNoReader(TransportProvider provider) throws Exception {
        try (EventLoop loop = EventLoop.builder().transport(provider).open();
                DatagramChannel silent = open()) {
            Task<Void> waiting = loop.createTask(Watching.readable(silent));
            loop.callSoon(() -> loop.callSoon(waiting::cancel));
            loop.callSoon(() -> waiting.addDoneCallback(done -> loop.stop()));
            loop.runForever();
            assertThat(waiting.isCancelled()).isTrue();
            assertThat(loop.removeReader(silent)).isFalse();
        }
    }

    private static DatagramChannel open() throws Exception {
        DatagramChannel channel = DatagramChannel.open();
        channel.configureBlocking(false);
        channel.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        return channel;
    }
}

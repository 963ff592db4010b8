package io.samovar.tests.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.samovar.EventLoop;
import io.samovar.Promise;
import io.samovar.tests.support.TransportTest;
import io.samovar.transport.TransportProvider;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Timeout;

/** What {@code addReader} and {@code addWriter} are used for with sockets, and what they cost while nothing happens. */
@Timeout(60)
class WatchSocketTest {
    @TransportTest
    void aDatagramChannelEchoes(TransportProvider provider) throws Exception {
        try (Net net = Net.on(provider);
                DatagramChannel channel = DatagramChannel.open();
                DatagramSocket client = new DatagramSocket(Net.loopback(0))) {
            channel.configureBlocking(false);
            channel.bind(Net.loopback(0));
            net.loop().addReader(channel, () -> echo(channel));
            SocketAddress server = channel.getLocalAddress();
            CompletableFuture<List<String>> answers = new CompletableFuture<>();
            Peer.onAThreadOfItsOwn(() -> answers.complete(exchange(client, server, List.of("one", "two", "three"))));
            assertThat(net.run(answers)).containsExactly("one", "two", "three");
            assertThat(net.loop().removeReader(channel)).isTrue();
        }
    }

    private static void echo(DatagramChannel channel) {
        ByteBuffer datagram = ByteBuffer.allocate(64);
        try {
            SocketAddress from = channel.receive(datagram);
            if (from != null) {
                channel.send(datagram.flip(), from);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> exchange(DatagramSocket client, SocketAddress server, List<String> messages) {
        List<String> answers = new ArrayList<>();
        try {
            client.setSoTimeout(Net.LIMIT_MILLIS);
            for (String message : messages) {
                byte[] bytes = message.getBytes(StandardCharsets.US_ASCII);
                client.send(new DatagramPacket(bytes, bytes.length, server));
                DatagramPacket answer = new DatagramPacket(new byte[64], 64);
                client.receive(answer);
                answers.add(new String(answer.getData(), 0, answer.getLength(), StandardCharsets.US_ASCII));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return answers;
    }

    @TransportTest
    void theEndOfAConnectIsAWritersBusiness(TransportProvider provider) throws Exception {
        try (Net net = Net.on(provider);
                ServerSocketChannel listener = ServerSocketChannel.open();
                SocketChannel channel = SocketChannel.open()) {
            listener.bind(Net.loopback(0));
            connect(net, channel, (InetSocketAddress) listener.getLocalAddress());
            assertThat(channel.isConnected()).isTrue();
            try (SocketChannel accepted = listener.accept()) {
                AtomicInteger read = new AtomicInteger();
                net.loop().addReader(channel, () -> read.addAndGet(readFrom(channel)));
                accepted.write(ByteBuffer.allocate(7));
                net.until(() -> read.get() == 7);
                assertThat(net.loop().removeReader(channel)).isTrue();
            }
        }
    }

    @TransportTest
    void aWriterIsToldOfAConnectThatFails(TransportProvider provider) throws Exception {
        InetSocketAddress nobody;
        try (ServerSocket bound = new ServerSocket()) {
            bound.bind(Net.loopback(0));
            nobody = (InetSocketAddress) bound.getLocalSocketAddress();
        }
        try (Net net = Net.on(provider);
                SocketChannel channel = SocketChannel.open()) {
            assertThatThrownBy(() -> connect(net, channel, nobody)).isInstanceOf(ConnectException.class);
        }
    }

    private static void connect(Net net, SocketChannel channel, InetSocketAddress to) throws IOException {
        EventLoop loop = net.loop();
        channel.configureBlocking(false);
        Promise<@Nullable Void> ready = loop.createFuture();
        if (!channel.connect(to)) {
            loop.addWriter(channel, () -> {
                loop.removeWriter(channel);
                ready.setResult(null);
            });
            net.run(ready);
            assertThat(channel.finishConnect()).isTrue();
        }
    }

    private static int readFrom(SocketChannel channel) {
        try {
            return channel.read(ByteBuffer.allocate(64));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @TransportTest
    void aReaderOfAServerChannelAccepts(TransportProvider provider) throws Exception {
        List<SocketChannel> accepted = new ArrayList<>();
        try (Net net = Net.on(provider);
                ServerSocketChannel listener = ServerSocketChannel.open()) {
            listener.configureBlocking(false);
            listener.bind(Net.loopback(0));
            InetSocketAddress address = (InetSocketAddress) listener.getLocalAddress();
            net.loop().addReader(listener, () -> {
                try {
                    SocketChannel next = listener.accept();
                    if (next != null) {
                        accepted.add(next);
                    }
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
            try (Socket one = new Socket(address.getAddress(), address.getPort());
                    Socket two = new Socket(address.getAddress(), address.getPort())) {
                net.until(() -> accepted.size() == 2);
                assertThat(one.isConnected() && two.isConnected()).isTrue();
            }
            assertThat(net.loop().removeReader(listener)).isTrue();
        } finally {
            for (SocketChannel channel : accepted) {
                channel.close();
            }
        }
    }

    @TransportTest
    void readerAndWriterOfOneChannelAreIndependent(TransportProvider provider) throws Exception {
        try (Net net = Net.on(provider);
                ServerSocketChannel listener = ServerSocketChannel.open();
                SocketChannel channel = SocketChannel.open()) {
            listener.bind(Net.loopback(0));
            connect(net, channel, (InetSocketAddress) listener.getLocalAddress());
            try (SocketChannel accepted = listener.accept()) {
                AtomicInteger reads = new AtomicInteger();
                AtomicInteger writes = new AtomicInteger();
                net.loop().addReader(channel, reads::incrementAndGet);
                net.loop().addWriter(channel, writes::incrementAndGet);
                net.until(() -> writes.get() > 2);
                assertThat(reads).hasValue(0);
                accepted.write(ByteBuffer.allocate(1));
                net.until(() -> reads.get() > 2);
                assertThat(net.loop().removeWriter(channel)).isTrue();
                int before = writes.get();
                int already = reads.get();
                net.until(() -> reads.get() > already + 2);
                assertThat(writes).hasValue(before);
                net.loop().addWriter(channel, writes::incrementAndGet);
                assertThat(net.loop().removeReader(channel)).isTrue();
                int last = reads.get();
                net.until(() -> writes.get() > before + 2);
                assertThat(reads).hasValue(last);
                assertThat(net.loop().removeWriter(channel)).isTrue();
            }
        }
    }

    @TransportTest
    void thePortOfAChannelThatIsRemovedAndClosedIsFreeAtOnce(TransportProvider provider) throws Exception {
        try (Net net = Net.on(provider)) {
            InetSocketAddress address = Net.loopback(0);
            for (int i = 0; i < 20; i++) {
                try (DatagramChannel channel = DatagramChannel.open()) {
                    channel.configureBlocking(false);
                    channel.bind(address);
                    address = (InetSocketAddress) channel.getLocalAddress();
                    net.loop().addReader(channel, () -> {});
                    net.turn();
                    assertThat(net.loop().removeReader(channel)).isTrue();
                }
            }
        }
    }

    @TransportTest
    void theLoopSleepsWhileNoChannelIsReady(TransportProvider provider) throws Exception {
        CountingTransport counting = new CountingTransport(provider);
        try (Net net = Net.on(counting);
                ServerSocketChannel listener = ServerSocketChannel.open();
                SocketChannel channel = SocketChannel.open()) {
            listener.bind(Net.loopback(0));
            connect(net, channel, (InetSocketAddress) listener.getLocalAddress());
            AtomicInteger writes = new AtomicInteger();
            net.loop().addReader(channel, () -> {});
            assertThat(counting.pollsInAWhile(net)).isLessThan(CountingTransport.A_FEW);
            net.loop().addWriter(channel, writes::incrementAndGet);
            net.until(() -> writes.get() > 2);
            assertThat(net.loop().removeWriter(channel)).isTrue();
            assertThat(counting.pollsInAWhile(net)).isLessThan(CountingTransport.A_FEW);
            assertThat(net.loop().removeReader(channel)).isTrue();
            assertThat(counting.pollsInAWhile(net)).isLessThan(CountingTransport.A_FEW);
        }
    }

    @TransportTest
    void theLoopSleepsWhileNoDescriptorIsReady(TransportProvider provider) throws Exception {
        assumeFalse(provider.name().equals("nio"), "NIO does not know descriptors");
        CountingTransport counting = new CountingTransport(provider);
        try (Net net = Net.on(counting);
                ForeignSockets sockets = new ForeignSockets()) {
            int descriptor = sockets.ours();
            AtomicInteger writes = new AtomicInteger();
            net.loop().addReader(descriptor, () -> {});
            assertThat(counting.pollsInAWhile(net)).isLessThan(CountingTransport.A_FEW);
            net.loop().addWriter(descriptor, writes::incrementAndGet);
            net.until(() -> writes.get() > 2);
            assertThat(net.loop().removeWriter(descriptor)).isTrue();
            assertThat(counting.pollsInAWhile(net)).isLessThan(CountingTransport.A_FEW);
            sockets.sendFromTheOther(1);
            assertThat(net.loop().removeReader(descriptor)).isTrue();
            assertThat(counting.pollsInAWhile(net)).isLessThan(CountingTransport.A_FEW);
        }
    }
}

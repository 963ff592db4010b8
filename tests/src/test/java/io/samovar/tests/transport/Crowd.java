package io.samovar.tests.transport;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;

/** A listener whose queue is full and accepts nobody, so that a connect to it hangs. */
final class Crowd implements AutoCloseable {
    private final ServerSocketChannel listener = ServerSocketChannel.open();
    private final InetSocketAddress address;
    private final List<SocketChannel> channels = new ArrayList<>();

    /** Skips the test where the system is not known to leave a connect hanging then. */
    Crowd() throws IOException {
        assumeTrue(Loopback.LINUX, "only Linux is known to drop a SYN when the listener's queue is full");
        listener.bind(Loopback.v4(0), 1);
        address = (InetSocketAddress) listener.getLocalAddress();
        listener.configureBlocking(false);
        for (int i = 0; i < 8; i++) {
            SocketChannel channel = SocketChannel.open();
            channels.add(channel);
            channel.configureBlocking(false);
            channel.connect(address);
        }
    }

    InetSocketAddress address() {
        return address;
    }

    /** Accepts who is queued, which lets others in when they knock again, a second after the first time. */
    void disperse() throws IOException {
        for (SocketChannel accepted; (accepted = listener.accept()) != null; ) {
            channels.add(accepted);
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
        for (SocketChannel channel : channels) {
            channel.close();
        }
    }
}

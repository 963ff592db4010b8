package io.samovar.tests.net;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;

/**
 * A listener that never accepts and whose queue is full, so that to connect to it hangs: Linux drops what asks then, and
 * the one who asked tries again, in vain.
 */
final class DeafListener implements AutoCloseable {
    private static final int BACKLOG = 1;
    /** Linux queues one more than the backlog. The rest hang themselves, in front of whoever comes later. */
    private static final int FILLERS = 8;

    private final ServerSocket listener = new ServerSocket();
    private final List<SocketChannel> fillers = new ArrayList<>();

    DeafListener() throws IOException {
        listener.bind(Net.loopback(0), BACKLOG);
        for (int i = 0; i < FILLERS; i++) {
            SocketChannel filler = SocketChannel.open();
            fillers.add(filler);
            filler.configureBlocking(false);
            boolean unused = filler.connect(address());
        }
    }

    InetSocketAddress address() {
        return (InetSocketAddress) listener.getLocalSocketAddress();
    }

    @Override
    public void close() throws IOException {
        for (SocketChannel filler : fillers) {
            filler.close();
        }
        listener.close();
    }
}

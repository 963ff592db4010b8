package io.samovar.tests.transport;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.samovar.transport.ListenSocket;
import io.samovar.transport.StreamSocket;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;

/** A connection: our end on the transport, and a plain blocking socket as the peer. */
final class Pair implements AutoCloseable {
    /** Small, so that a peer that does not read is noticed soon. */
    private static final int PEERS_RECEIVE_BUFFER = 32 * 1024;

    final Driver driver;
    final StreamSocket ours;
    final Events events = new Events();
    final Socket peer;

    /** What {@link #drain} has read. */
    final ByteArrayOutputStream received = new ByteArrayOutputStream();

    /** Whether {@link #drain} has met the end of the stream. */
    boolean ended;

    private Pair(Driver driver, StreamSocket ours, Socket peer) throws IOException {
        this.driver = driver;
        this.ours = ours;
        this.peer = peer;
        peer.setSoTimeout((int) Driver.PATIENCE.toMillis());
        peer.setTcpNoDelay(true);
    }

    /** Our end was accepted. */
    static Pair accepted(Driver driver) throws IOException {
        try (ListenSocket listener = driver.listen(1)) {
            listener.listener(new Events());
            return accepted(driver, listener);
        }
    }

    /** Our end is the next one that the listener accepts. */
    static Pair accepted(Driver driver, ListenSocket listener) throws IOException {
        Socket peer = new Socket();
        peer.setReceiveBufferSize(PEERS_RECEIVE_BUFFER);
        peer.connect(listener.localAddress(), (int) Driver.PATIENCE.toMillis());
        AtomicReference<StreamSocket> accepted = new AtomicReference<>();
        driver.pollUntil("accept", () -> {
            accepted.set(listener.accept());
            return accepted.get() != null;
        });
        return new Pair(driver, accepted.get(), peer).listening();
    }

    /** Our end has connected. */
    static Pair connected(Driver driver) throws IOException {
        try (ServerSocket server = new ServerSocket()) {
            server.setReceiveBufferSize(PEERS_RECEIVE_BUFFER);
            server.bind(Loopback.v4(0));
            return connected(driver, driver.transport().stream(), server);
        }
    }

    /** Our end is this socket, which is yet to be connected. */
    static Pair connected(Driver driver, StreamSocket socket, ServerSocket server) throws IOException {
        connect(driver, socket, new Events(), (InetSocketAddress) server.getLocalSocketAddress());
        return new Pair(driver, socket, server.accept()).listening();
    }

    /** Connects and waits until the connection stands, or throws why it never will. */
    static void connect(Driver driver, StreamSocket socket, Events events, InetSocketAddress address) {
        socket.listener(events);
        if (!socket.connect(address)) {
            driver.pollUntil("the end of the connect", () -> events.writable > 0 && socket.finishConnect());
        }
    }

    private Pair listening() {
        ours.listener(events);
        return this;
    }

    /** Reads until the socket would block or the stream ends; an error comes out. */
    void drain() {
        ByteBuf buffer = ByteBufAllocator.DEFAULT.directBuffer(64 * 1024);
        try {
            while (!ended) {
                buffer.clear();
                int bytes = ours.read(buffer);
                if (bytes == 0) {
                    return;
                }
                ended = bytes < 0;
                buffer.readBytes(received, buffer.readableBytes());
            }
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        } finally {
            buffer.release();
        }
    }

    /** Polls and reads until so many bytes are there since the last call, or the end of the stream. */
    byte[] receive(int bytes) {
        driver.pollUntil(bytes + " bytes from the peer", () -> {
            drain();
            return received.size() >= bytes || ended;
        });
        byte[] all = received.toByteArray();
        received.reset();
        return all;
    }

    /** Polls and reads until the stream has ended, or throws why it broke. */
    void receiveEnd() {
        driver.pollUntil("the end of the stream", () -> {
            drain();
            return ended;
        });
    }

    /** Writes what the socket takes without a further report. */
    int write(int... bytes) {
        return write(bytes(bytes));
    }

    int write(byte[] bytes) {
        ByteBuf buffer = direct(bytes);
        try {
            return ours.write(buffer);
        } finally {
            buffer.release();
        }
    }

    /** The peer cuts the connection. */
    void resetByPeer() throws IOException {
        peer.setSoLinger(true, 0);
        peer.close();
    }

    /** A direct buffer with a copy; the caller releases it. */
    static ByteBuf direct(byte[] bytes) {
        return ByteBufAllocator.DEFAULT.directBuffer(Math.max(1, bytes.length)).writeBytes(bytes);
    }

    static byte[] bytes(int... values) {
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < values.length; i++) {
            bytes[i] = (byte) values[i];
        }
        return bytes;
    }

    /** Bytes in which a piece that is lost, doubled or moved shows; the same for the same length. */
    static byte[] noise(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }

    @Override
    public void close() {
        try {
            peer.close();
        } catch (IOException ignored) {
            // the test has made its claims
        } finally {
            ours.close();
        }
    }
}

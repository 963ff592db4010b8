package io.samovar.benchmarks.servers;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A virtual thread for each connection, which reads and writes as if it could block. */
public final class VirtualThreadEcho {
    private VirtualThreadEcho() {}

    /** Takes the bytes of each connection's buffer, which lies outside of the heap so that the JDK need not copy. */
    public static void main(String[] args) throws Exception {
        int bufferSize = Integer.parseInt(args[0]);
        ExecutorService threads = newVirtualThreadPerTaskExecutor();
        try (ServerSocketChannel server = ServerSocketChannel.open()) {
            server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 4096);
            System.out.println("listening on " + server.getLocalAddress());
            threads.submit(() -> accept(server, threads, bufferSize)).get();
        }
    }

    /** A virtual thread itself, or each accept would wait for another thread's turn. */
    private static Void accept(ServerSocketChannel server, ExecutorService threads, int bufferSize) throws IOException {
        while (true) {
            SocketChannel peer = server.accept();
            threads.execute(() -> echo(peer, bufferSize));
        }
    }

    private static void echo(SocketChannel peer, int bufferSize) {
        try (peer) {
            peer.setOption(StandardSocketOptions.TCP_NODELAY, true);
            ByteBuffer buffer = ByteBuffer.allocateDirect(bufferSize);
            while (peer.read(buffer) >= 0) {
                buffer.flip();
                while (buffer.hasRemaining()) {
                    peer.write(buffer);
                }
                buffer.clear();
            }
        } catch (IOException lost) {
            // the peer is gone
        }
    }

    /** By reflection, as this is compiled for Java 17, which has no virtual threads. */
    private static ExecutorService newVirtualThreadPerTaskExecutor()
            throws NoSuchMethodException, IllegalAccessException, InvocationTargetException {
        return (ExecutorService)
                Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null);
    }
}

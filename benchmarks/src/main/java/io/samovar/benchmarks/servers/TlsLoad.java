package io.samovar.benchmarks.servers;

import static io.samovar.Async.await;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.PooledByteBufAllocator;
import io.samovar.Async;
import io.samovar.Coroutine;
import io.samovar.TaskGroup;
import io.samovar.net.TcpStream;
import io.samovar.net.Tls;
import io.samovar.net.TlsClient;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;

/** The load for the TLS servers: each connection sends a message when the answer to the one before is complete. */
public final class TlsLoad {
    private final InetSocketAddress address;
    private final ByteBuf message;
    private final TlsClient tls = Tls.client()
            .insecureTrustEverybody()
            .provider("boringssl")
            .protocols(TlsKeys.PROTOCOL)
            .ciphers(TlsKeys.CIPHER);
    private long answers;

    private TlsLoad(int port, int size) {
        address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
        message = PooledByteBufAllocator.DEFAULT.directBuffer(size);
        for (int i = 0; i < size; i++) {
            message.writeByte((i * 31) >> 3);
        }
    }

    /** Takes the port, the size of a message, the number of connections, and seconds to warm up and to measure. */
    public static void main(String[] args) {
        TlsLoad load = new TlsLoad(Integer.parseInt(args[0]), Integer.parseInt(args[1]));
        Async.run(() -> load.run(
                Integer.parseInt(args[2]),
                Duration.ofSeconds(Integer.parseInt(args[3])),
                Duration.ofSeconds(Integer.parseInt(args[4]))));
    }

    private Coroutine<Void> run(int connections, Duration warmUp, Duration window) {
        return TaskGroup.run(group -> {
            for (int i = 0; i < connections; i++) {
                group.start(talk());
            }
            await(Async.sleep(warmUp));
            System.out.println("measuring");
            long before = answers;
            await(Async.sleep(window));
            System.out.println("messages " + (answers - before));
            group.cancel();
            return Coroutine.done();
        });
    }

    private Coroutine<Void> talk() {
        int size = message.readableBytes();
        try (TcpStream peer = await(TcpStream.connect(address))) {
            await(peer.startTls(tls, "localhost"));
            while (true) {
                await(peer.write(message.retainedDuplicate()));
                for (int at = 0; at < size; ) {
                    ByteBuf part = await(peer.read());
                    if (part == null
                            || !ByteBufUtil.equals(part, part.readerIndex(), message, at, part.readableBytes())) {
                        throw new IllegalStateException("what came back is not what was sent, at byte " + at);
                    }
                    at += part.readableBytes();
                    part.release();
                }
                answers++;
            }
        }
    }
}

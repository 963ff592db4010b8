package io.samovar.tests.net;

import static io.samovar.Async.await;

import io.netty.buffer.ByteBuf;
import io.samovar.Coroutine;
import io.samovar.EventLoop;
import io.samovar.Promise;
import io.samovar.net.TcpServer;
import io.samovar.tests.kqueue.KqueueShim;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A server in a process with few descriptors. It prints its port, and serves until its standard input ends: it answers every
 * byte with one that says how many connections are open.
 *
 * <p>Every byte also lets two seconds pass on its clock, so that whoever talks to it decides when it tries to
 * accept again.
 */
final class StarvedServer {
    private static final long STEP = Duration.ofSeconds(2).toNanos();

    private StarvedServer() {}

    public static void main(String[] args) throws IOException {
        KqueueShim.installIfRequested();
        AtomicLong clock = new AtomicLong();
        try (EventLoop loop =
                EventLoop.builder().transport(args[0]).clock(clock::get).open()) {
            Promise<Void> end = loop.createFuture();
            loop.callSoon(() -> {
                TcpServer[] server = new TcpServer[1];
                server[0] = TcpServer.bind(Net.loopback(0)).start(peer -> {
                    for (ByteBuf bytes; (bytes = await(peer.read())) != null; ) {
                        bytes.release();
                        clock.addAndGet(STEP);
                        await(peer.write(Bytes.direct(new byte[] {(byte) server[0].connections()})));
                    }
                    return Coroutine.done();
                });
                System.out.println(server[0].address().getPort());
            });
            Thread ender = new Thread(() -> {
                try {
                    long unused = System.in.transferTo(OutputStream.nullOutputStream());
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                } finally {
                    loop.execute(() -> end.setResult(null));
                }
            });
            ender.start();
            loop.runUntilComplete(end);
        }
    }
}

package io.samovar.tests.cost;

import static io.samovar.Async.await;

import com.sun.management.ThreadMXBean;
import io.netty.buffer.ByteBuf;
import io.samovar.Coroutine;
import io.samovar.EventLoop;
import io.samovar.net.TcpServer;
import io.samovar.net.TcpStream;
import io.samovar.tests.kqueue.KqueueShim;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/**
 * An echo server in a process of its own, with a coroutine as users write it. It prints its port, and then does what the lines
 * of its standard input say, until they end.
 */
final class EchoProcess {
    /** Prints the bytes that the loop's thread has allocated so far; to ask costs the same each time. */
    static final String ALLOCATED = "allocated";

    /** Prints this when the loop's thread is held, so that what comes meanwhile is there all at once. */
    static final String HOLD = "hold";

    /** Lets it go on. */
    static final String GO = "go";

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private EchoProcess() {}

    public static void main(String[] args) {
        KqueueShim.installIfRequested();
        try (EventLoop loop = EventLoop.builder().transport(args[0]).open()) {
            loop.callSoon(() -> {
                TcpServer server = TcpServer.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                        .start(EchoProcess::echo);
                System.out.println(server.address().getPort());
            });
            new Thread(() -> obey(loop)).start();
            loop.runForever();
        }
    }

    private static Coroutine<@Nullable Void> echo(TcpStream peer) {
        try (peer) {
            for (ByteBuf data; (data = await(peer.read())) != null; ) {
                await(peer.write(data));
            }
        }
        return Coroutine.done();
    }

    private static void obey(EventLoop loop) {
        BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        CountDownLatch release = new CountDownLatch(1);
        try {
            for (String line; (line = lines.readLine()) != null; ) {
                switch (line) {
                    case ALLOCATED -> System.out.println(allocated(loop));
                    case HOLD -> {
                        hold(loop, release);
                        System.out.println(HOLD);
                    }
                    default -> release.countDown();
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            loop.execute(loop::stop);
        }
    }

    private static long allocated(EventLoop loop) {
        CompletableFuture<Long> bytes = new CompletableFuture<>();
        loop.execute(() -> bytes.complete(THREADS.getCurrentThreadAllocatedBytes()));
        return bytes.join();
    }

    private static void hold(EventLoop loop, CountDownLatch release) {
        CountDownLatch held = new CountDownLatch(1);
        loop.execute(() -> {
            held.countDown();
            waitFor(release);
        });
        waitFor(held);
    }

    private static void waitFor(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}

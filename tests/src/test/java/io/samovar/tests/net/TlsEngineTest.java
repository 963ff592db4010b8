package io.samovar.tests.net;

import static io.samovar.Async.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.samovar.CancelledError;
import io.samovar.Coroutine;
import io.samovar.Task;
import io.samovar.net.TcpServer;
import io.samovar.net.TcpStream;
import io.samovar.net.Tls;
import io.samovar.net.TlsClient;
import io.samovar.net.TlsException;
import io.samovar.net.TlsServer;
import io.samovar.tests.support.TransportTest;
import io.samovar.transport.TransportProvider;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLEngineResult.Status;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.Timeout;

/** What engines do that is rare. */
@Timeout(60)
class TlsEngineTest {
    /** A session with a new value gets a new ticket, which the JDK's engine has ready in the middle of the next write. */
    @TlsTest
    void whatTheEngineSaysComesBehindWhatWasWritten(TransportProvider provider, String tls) {
        try (Net net = Net.on(provider)) {
            byte[] bytes = Bytes.pattern(300_000);
            TcpServer server = net.serve(
                    TcpServer.bind(Net.loopback(0)).tls(TlsFiles.server(tls)), peer -> sendWithValues(peer, bytes));
            TcpStream stream = net.run(TlsNet.connect(server, TlsFiles.client(tls)));
            byte[] all = net.run(TlsNet.readToTheEnd(stream));
            assertThat(all).hasSize(5 * bytes.length);
            for (int i = 0; i < 5; i++) {
                assertThat(Arrays.equals(all, i * bytes.length, (i + 1) * bytes.length, bytes, 0, bytes.length))
                        .isTrue();
            }
            stream.close();
            server.close();
            net.run(server.waitClosed());
        }
    }

    private static Coroutine<Void> sendWithValues(TcpStream peer, byte[] bytes) {
        for (int i = 0; i < 5; i++) {
            peer.tlsSession().putValue("user", i);
            await(peer.write(Bytes.direct(bytes)));
        }
        return Coroutine.done();
    }

    @TransportTest
    void anEngineThatTakesNothingOnceIsAskedAgain(TransportProvider provider) {
        try (Net net = Net.on(provider)) {
            byte[] bytes = Bytes.pattern(100_000);
            TcpServer server = TlsNet.echo(net, TlsFiles.server("jdk"));
            TcpStream stream = net.run(TlsNet.connect(server, idle(1)));
            assertThat(net.run(TlsNet.exchange(stream, bytes))).isEqualTo(bytes);
            stream.close();
            server.close();
            net.run(server.waitClosed());
            net.run(stream.closed());
        }
    }

    @TransportTest
    void anEngineThatTakesNothingAtAllFails(TransportProvider provider) {
        try (Net net = Net.on(provider)) {
            TcpServer server = TlsNet.echo(net, TlsFiles.server("jdk"));
            TcpStream stream = net.run(TlsNet.connect(server, idle(Integer.MAX_VALUE)));
            assertThatThrownBy(() -> net.run(writeAndFlush(stream)))
                    .isInstanceOf(TlsException.class)
                    .hasMessageContaining("the TLS engine takes no data");
            stream.close();
            server.close();
            net.run(server.waitClosed());
            net.run(stream.closed());
        }
    }

    private static Coroutine<Void> writeAndFlush(TcpStream stream) {
        await(stream.write("data"));
        await(stream.flush());
        return Coroutine.done();
    }

    /** Its engine does nothing when it first gets data, and says that all is well. */
    private static TlsClient idle(int times) {
        return Tls.client(OddTls.context(JavaPeer.context(), real -> new OddTls(real) {
            private int left = times;

            @Override
            public SSLEngineResult wrap(ByteBuffer[] from, int offset, int length, ByteBuffer to) throws SSLException {
                if (left > 0 && from[offset].hasRemaining()) {
                    left--;
                    return new SSLEngineResult(Status.OK, HandshakeStatus.NOT_HANDSHAKING, 0, 0);
                }
                return super.wrap(from, offset, length, to);
            }
        }));
    }

    /** Many who connect and go away must not have the workers sign for each of them. */
    @TransportTest
    void aHandshakeThatNobodyWaitsForDoesNoWork(TransportProvider provider) {
        try (Net net = Net.on(provider)) {
            byte[] hello = TlsNet.hello(net, "jdk");
            CountDownLatch released = new CountDownLatch(1);
            AtomicInteger waiting = new AtomicInteger();
            TlsServer blocking = server(real -> new Working(real, () -> {
                waiting.incrementAndGet();
                awaitUninterruptibly(released);
            }));
            int workers = Math.max(2, Runtime.getRuntime().availableProcessors());
            List<Task<Void>> blocked = new ArrayList<>();
            for (int i = 0; i < workers; i++) {
                blocked.add(shakeHands(net, blocking, hello));
            }
            net.until(() -> waiting.get() == workers);
            AtomicInteger asked = new AtomicInteger();
            AtomicInteger worked = new AtomicInteger();
            TlsServer counting = server(real -> new Working(real, worked::incrementAndGet) {
                @Override
                public HandshakeStatus getHandshakeStatus() {
                    HandshakeStatus status = super.getHandshakeStatus();
                    if (status == HandshakeStatus.NEED_TASK) {
                        asked.incrementAndGet();
                    }
                    return status;
                }
            });
            Task<Void> given = shakeHands(net, counting, hello);
            net.until(() -> asked.get() > 0);
            cancel(net, given);
            released.countDown();
            blocked.forEach(task -> cancel(net, task));
            // It is behind the others in the queue of the workers.
            for (int i = 0; i < workers; i++) {
                TcpServer server = TlsNet.echo(net, TlsFiles.server("jdk"));
                net.run(TlsNet.connect(server, TlsFiles.client("jdk"))).close();
                server.close();
                net.run(server.waitClosed());
            }
            assertThat(worked.get()).isZero();
        }
    }

    private static Task<Void> shakeHands(Net net, TlsServer tls, byte[] hello) {
        Net.Line line = net.line();
        Task<Void> handshake = net.start(() -> line.stream().startTls(tls));
        line.peer().send(hello);
        return handshake;
    }

    private static void cancel(Net net, Task<Void> handshake) {
        handshake.cancel();
        assertThatThrownBy(() -> net.run(handshake)).isInstanceOf(CancelledError.class);
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException stopped) {
            throw new AssertionError(stopped);
        }
    }

    private static TlsServer server(UnaryOperator<SSLEngine> oddity) {
        try {
            KeyManagerFactory keys = TlsFiles.GOOD.bundle().toKeyManagerFactory();
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys.getKeyManagers(), null, null);
            return Tls.server(OddTls.context(context, oddity));
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    /** Does something before each task. */
    private static class Working extends OddTls {
        private final Runnable before;

        private Working(SSLEngine real, Runnable before) {
            super(real);
            this.before = before;
        }

        @Override
        public Runnable getDelegatedTask() {
            Runnable task = super.getDelegatedTask();
            return task == null
                    ? null
                    : () -> {
                        before.run();
                        task.run();
                    };
        }
    }
}

package io.samovar.tests.examples;

import static io.samovar.Async.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.samovar.Async;
import io.samovar.Coroutine;
import io.samovar.EventLoop;
import io.samovar.Promise;
import io.samovar.Task;
import io.samovar.examples.TcpProxy;
import io.samovar.net.ConnectionResetException;
import io.samovar.net.TcpServer;
import io.samovar.net.TcpStream;
import io.samovar.tests.support.Coroutines;
import io.samovar.tests.support.TransportTest;
import io.samovar.transport.TransportProvider;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class TcpProxyTest {
    /** A client, and what the proxy has connected it with. */
    private record Line(TcpStream client, TcpStream server) {}

    @FunctionalInterface
    private interface Talk {
        Coroutine<Void> over(Line line) throws Exception;
    }

    private static void run(TransportProvider provider, Talk talk) {
        try (EventLoop loop = EventLoop.builder().transport(provider).open()) {
            loop.runUntilComplete(Coroutines.<Void>coroutine(() -> connect(talk)));
        }
    }

    private static Coroutine<Void> connect(Talk talk) throws Exception {
        Promise<TcpStream> accepted = EventLoop.current().createFuture();
        TcpServer target = TcpServer.bind(Site.anyPort()).start(peer -> hold(peer, accepted));
        TcpServer proxy = TcpServer.bind(Site.anyPort()).start(new TcpProxy(target.address())::pass);
        try (TcpStream client = await(TcpStream.connect(proxy.address()))) {
            await(talk.over(new Line(client, await(accepted))));
        } finally {
            proxy.close();
            target.close();
        }
        await(proxy.waitClosed());
        await(target.waitClosed());
        return Coroutine.done();
    }

    private static Coroutine<Void> hold(TcpStream peer, Promise<TcpStream> accepted) {
        accepted.setResult(peer);
        await(peer.closed());
        return Coroutine.done();
    }

    @TransportTest
    void bytesPassBothWaysAndEachEndsOnItsOwn(TransportProvider provider) {
        run(provider, line -> {
            await(line.client().write("question"));
            line.client().shutdownOutput();
            assertThat(await(line.server().readString())).isEqualTo("question");
            await(line.server().write("answer"));
            line.server().close();
            assertThat(await(line.client().readString())).isEqualTo("answer");
            return Coroutine.done();
        });
    }

    @TransportTest
    void aResetOfOneSideIsPassedOnToTheOther(TransportProvider provider) {
        run(provider, line -> {
            await(line.client().write("question"));
            await(line.client().flush());
            await(line.server().readExactly(8)).release();
            line.client().abort();
            assertThat(await(isReset(line.server()))).isTrue();
            line.server().close();
            return Coroutine.done();
        });
        run(provider, line -> {
            line.server().abort();
            assertThat(await(isReset(line.client()))).isTrue();
            return Coroutine.done();
        });
    }

    private static Coroutine<Boolean> isReset(TcpStream stream) {
        try {
            await(stream.read());
            return Coroutine.of(false);
        } catch (ConnectionResetException reset) {
            return Coroutine.of(true);
        }
    }

    @TransportTest
    void aSlowReaderSlowsTheWriterDown(TransportProvider provider) {
        run(provider, line -> {
            Task<Long> filling = Async.createTask(fill(line.client()));
            while (line.client().pendingBytes() == 0) { // as long as somebody on the way takes more
                await(Async.sleep(Duration.ZERO));
            }
            long read = 0;
            while (!filling.isDone()) {
                ByteBuf data = await(line.server().read());
                read += data.readableBytes();
                data.release();
            }
            ByteBuf rest = await(line.server().readAll());
            assertThat(read + rest.readableBytes()).isEqualTo(await(filling));
            rest.release();
            line.server().close();
            return Coroutine.done();
        });
    }

    /** Writes until it has to wait, and then the end. */
    private static Coroutine<Long> fill(TcpStream stream) {
        long bytes = 0;
        while (stream.pendingBytes() == 0) {
            await(stream.write(Unpooled.directBuffer().writeZero(256 * 1024)));
            bytes += 256 * 1024;
        }
        stream.shutdownOutput();
        return Coroutine.of(bytes);
    }

    @TransportTest
    void aTargetThatIsNotThereEndsTheConnection(TransportProvider provider) throws Exception {
        InetSocketAddress nobody;
        try (ServerSocket free = new ServerSocket(0, 1, Site.anyPort().getAddress())) {
            nobody = (InetSocketAddress) free.getLocalSocketAddress();
        }
        Site.run(provider, new TcpProxy(nobody)::pass, proxy -> {
            try (TcpStream client = await(TcpStream.connect(proxy.address()))) {
                assertThat(await(isReset(client))).isTrue();
            }
            return Coroutine.done();
        });
    }
}

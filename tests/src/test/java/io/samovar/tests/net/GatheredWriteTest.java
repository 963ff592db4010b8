package io.samovar.tests.net;

import static io.samovar.Async.await;
import static io.samovar.tests.net.Bytes.direct;
import static io.samovar.tests.net.Bytes.text;
import static io.samovar.tests.support.Coroutines.coroutine;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.samovar.Async;
import io.samovar.Coroutine;
import io.samovar.Task;
import io.samovar.net.NetworkException;
import io.samovar.net.StreamClosedException;
import io.samovar.net.TcpOptions;
import io.samovar.net.TcpStream;
import io.samovar.tests.support.TransportTest;
import io.samovar.transport.StreamSocket;
import io.samovar.transport.TransportProvider;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;

/** Small writes of one iteration leave in one system call, and none waits longer than it would have waited anyway. */
@Timeout(60)
class GatheredWriteTest {
    @TransportTest
    void piecesOfOneStepLeaveTogether(TransportProvider provider) {
        try (Net net = Net.on(provider)) {
            Counted line = Counted.on(net, TcpOptions.DEFAULT);
            net.run(coroutine(() -> {
                await(line.stream.write("HTTP/1.1 200 OK\r\n"));
                await(line.stream.write("content-length: 2\r\n".getBytes(US_ASCII)));
                await(line.stream.write(direct("\r\n")));
                await(line.stream.write(ByteBuffer.wrap(new byte[] {'o', 'k'})));
                assertThat(line.stream.pendingBytes()).isEqualTo(40);
                assertThat(line.writes).isZero();
                return Coroutine.done();
            }));
            assertThat(line.writes).isOne();
            assertThat(text(net.run(line.peer.read(40)))).isEqualTo("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok");
            line.stream.close();
        }
    }

    @TransportTest
    void whatSeveralTasksWriteInOneIterationLeavesTogether(TransportProvider provider) {
        try (Net net = Net.on(provider)) {
            Counted line = Counted.on(net, TcpOptions.DEFAULT);
            for (int i = 0; i < 10; i++) {
                Task<Void> unused = net.loop().createTask(coroutine(() -> {
                    await(line.stream.write("x"));
                    return Coroutine.done();
                }));
            }
            net.turn();
            assertThat(line.writes).isOne();
            assertThat(text(net.run(line.peer.read(10)))).isEqualTo("xxxxxxxxxx");
            line.stream.close();
        }
    }

    @TransportTest
    void anAnswerLeavesBeforeTheTaskWaitsForTheNextQuestion(TransportProvider provider) {
        try (Net net = Net.on(provider)) {
            Counted line = Counted.on(net, TcpOptions.DEFAULT);
            int[] writesSeen = {-1};
            Task<Void> talk = net.loop().createTask(coroutine(() -> {
                await(line.stream.write("an"));
                await(line.stream.write("swer"));
                var unused = await(line.stream.read());
                return Coroutine.done();
            }));
            net.loop().callSoon(() -> writesSeen[0] = line.writes); // in the same iteration, behind the task
            net.turn();
            assertThat(writesSeen[0]).isOne();
            line.stream.close();
            net.until(talk::isDone);
        }
    }

    @TransportTest
    void manySmallPiecesDoNotPileUp(TransportProvider provider) {
        try (Net net = Net.on(provider)) {
            Counted line = Counted.on(net, TcpOptions.DEFAULT.waterMarks(1 << 20, 1 << 20));
            net.run(coroutine(() -> {
                for (int i = 0; i < 200; i++) {
                    line.stream.write(direct(new byte[1_000]));
                }
                assertThat(line.stream.pendingBytes()).isLessThanOrEqualTo(64 * 1024);
                return Coroutine.done();
            }));
            assertThat(line.writes).isBetween(3, 5);
            assertThat(net.run(line.peer.read(200_000))).hasSize(200_000);
            line.stream.close();
        }
    }

    @TransportTest
    void aBigPieceTakesTheSmallOnesBeforeItAlong(TransportProvider provider) {
        try (Net net = Net.on(provider)) {
            Counted line = Counted.on(net, TcpOptions.DEFAULT);
            byte[] big = Bytes.pattern(100_000);
            net.run(coroutine(() -> {
                line.stream.write("head");
                line.stream.write(direct(big));
                assertThat(line.writes).isOne();
                return Coroutine.done();
            }));
            assertThat(text(net.run(line.peer.read(4)))).isEqualTo("head");
            assertThat(net.run(line.peer.read(big.length))).isEqualTo(big);
            line.stream.close();
        }
    }

    @TransportTest
    void flushSendsAtOnceAndWaitsUntilTheSystemHasAll(TransportProvider provider) {
        try (Net net = Net.on(provider)) {
            Net.Line line = net.narrowLine(TcpOptions.DEFAULT.waterMarks(8 << 20, 1 << 20));
            byte[] bytes = Bytes.pattern(4_000_000);
            Task<Void> flushing = net.start(() -> {
                line.stream().write(direct(bytes));
                return line.stream().flush();
            });
            assertThat(flushing.isDone()).isFalse();
            Task<Void> cancelled = net.start(line.stream()::flush);
            cancelled.cancel();
            var received = line.peer().read(bytes.length);
            net.run(flushing);
            assertThat(line.stream().pendingBytes()).isZero();
            assertThat(net.run(received)).isEqualTo(bytes);
            assertThat(cancelled.isCancelled()).isTrue();
            net.run(line.stream().flush());
            line.stream().close();
        }
    }

    @TransportTest
    void aFlushFailsWhenTheStreamIsAborted(TransportProvider provider) {
        try (Net net = Net.on(provider)) {
            Net.Line line = net.narrowLine(TcpOptions.DEFAULT.waterMarks(8 << 20, 1 << 20));
            Task<Void> flushing = net.start(() -> {
                line.stream().write(direct(new byte[4_000_000]));
                return line.stream().flush();
            });
            line.stream().abort();
            assertThatThrownBy(() -> net.run(flushing)).isInstanceOf(StreamClosedException.class);
        }
    }

    @Tag("X3")
    @TransportTest
    void theEndFollowsWhatWasGathered(TransportProvider provider) {
        try (Net net = Net.on(provider)) {
            Counted line = Counted.on(net, TcpOptions.DEFAULT);
            net.run(coroutine(() -> {
                line.stream.write("one ");
                line.stream.write("two");
                line.stream.shutdownOutput();
                line.stream.shutdownOutput();
                return Coroutine.done();
            }));
            assertThat(text(net.run(line.peer.readToTheEnd()))).isEqualTo("one two");
            line.stream.close();
            assertThatThrownBy(line.stream::shutdownOutput).isInstanceOf(StreamClosedException.class);
        }
    }

    @TransportTest
    void closingSendsWhatWasGathered(TransportProvider provider) {
        try (Net net = Net.on(provider)) {
            Counted line = Counted.on(net, TcpOptions.DEFAULT);
            net.run(coroutine(() -> {
                line.stream.write("one ");
                line.stream.write("two");
                line.stream.close();
                return Coroutine.done();
            }));
            assertThat(text(net.run(line.peer.readToTheEnd()))).isEqualTo("one two");
        }
    }

    @TransportTest
    void abortingDropsWhatWasGathered(TransportProvider provider) {
        try (Net net = Net.on(provider)) {
            Counted line = Counted.on(net, TcpOptions.DEFAULT);
            var piece = direct("never sent");
            net.run(coroutine(() -> {
                line.stream.write(piece);
                line.stream.abort();
                return Coroutine.done();
            }));
            assertThat(piece.refCnt()).isZero();
            assertThat(line.writes).isZero();
        }
    }

    @Tag("P5")
    @TransportTest
    void aWriterLearnsOfAPeerThatIsGone(TransportProvider provider) {
        try (Net net = Net.on(provider)) {
            Net.Line line = net.line();
            line.peer().reset();
            assertThatThrownBy(() -> net.run(coroutine(() -> {
                        while (true) {
                            await(line.stream().write("are you there?"));
                            await(Async.sleep(Duration.ZERO));
                        }
                    })))
                    .isInstanceOf(NetworkException.class);
            line.stream().close();
        }
    }

    @TransportTest
    void whatIsWrittenWhileTheLoopStandsLeavesAtOnce(TransportProvider provider) {
        try (Net net = Net.on(provider)) {
            Counted line = Counted.on(net, TcpOptions.DEFAULT);
            line.stream.write("now");
            assertThat(line.writes).isOne();
            line.stream.close();
        }
    }

    /** A stream on a socket that counts the writes of its transport. */
    private static final class Counted {
        private final TcpStream stream;
        private final Peer peer;
        private int writes;

        private Counted(Net net, TcpOptions options) {
            try (ServerSocket listener = new ServerSocket()) {
                listener.bind(Net.loopback(0));
                StreamSocket socket = net.loop().transport().stream();
                socket.listener((readable, writable) -> {});
                boolean done = socket.connect((InetSocketAddress) listener.getLocalSocketAddress());
                if (!done) {
                    net.until(socket::finishConnect);
                }
                stream = TcpStream.over(net.loop(), counting(socket), options);
                peer = Peer.of(listener.accept());
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        }

        static Counted on(Net net, TcpOptions options) {
            return new Counted(net, options);
        }

        private StreamSocket counting(StreamSocket socket) {
            return (StreamSocket) Proxy.newProxyInstance(
                    StreamSocket.class.getClassLoader(),
                    new Class<?>[] {StreamSocket.class},
                    (proxy, method, arguments) -> {
                        if (method.getName().equals("write")) {
                            writes++;
                        }
                        try {
                            return method.invoke(socket, arguments);
                        } catch (InvocationTargetException failed) {
                            throw failed.getCause();
                        }
                    });
        }
    }
}

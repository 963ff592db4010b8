package io.samovar.tests.net;

import static io.samovar.Async.await;
import static io.samovar.tests.net.Bytes.direct;
import static io.samovar.tests.net.Bytes.text;
import static io.samovar.tests.support.Coroutines.coroutine;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.samovar.Async;
import io.samovar.Coroutine;
import io.samovar.Task;
import io.samovar.net.BufferedProtocol;
import io.samovar.net.Connection;
import io.samovar.net.ConnectionResetException;
import io.samovar.net.NetworkException;
import io.samovar.net.Protocol;
import io.samovar.net.StreamClosedException;
import io.samovar.net.TcpOptions;
import io.samovar.net.TcpServer;
import io.samovar.tests.support.TransportTest;
import io.samovar.transport.TransportProvider;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ProtocolTest {
    @TransportTest
    void callbacksComeInTheirOrderAndTheLastOneOnce(TransportProvider provider) {
        try (Net net = Net.on(provider)) {
            Recorder recorder = new Recorder();
            Net.Line line = net.line();
            Connection connection = net.run(Connection.start(line.stream(), recorder));
            assertThat(recorder.log).containsExactly("made");
            assertThat(connection.isReading()).isTrue();
            line.peer().send("kettle");
            net.until(() -> recorder.log.size() == 2);
            line.peer().close();
            net.until(() -> recorder.log.contains("lost null"));
            connection.close();
            connection.abort();
            net.turn();
            assertThat(recorder.log).containsExactly("made", "kettle", "eof", "lost null");
            assertThat(connection.isReading()).isFalse();
        }
    }

    @TransportTest
    void aServerGivesEachConnectionAProtocolOfItsOwn(TransportProvider provider) {
        try (Net net = Net.on(provider)) {
            TcpServer server = net.serve(Connection.serving(Echo::new));
            Peer one = net.connectTo(server);
            Peer two = net.connectTo(server);
            one.send("one");
            two.send("two");
            assertThat(text(net.run(two.read(3)))).isEqualTo("two");
            assertThat(text(net.run(one.read(3)))).isEqualTo("one");
            one.close();
            two.close();
            server.close();
            net.run(server.waitClosed());
        }
    }

    @TransportTest
    void anEchoOfMegabytesGoesByTheWaterMarks(TransportProvider provider) {
        try (Net net = Net.on(provider)) {
            Echo echo = new Echo();
            Net.Line line = net.narrowLine(TcpOptions.DEFAULT);
            Connection connection = net.run(Connection.start(line.stream(), echo));
            byte[] bytes = Bytes.pattern(5_000_000);
            CompletableFuture<Boolean> sent = line.peer().sendAll(bytes);
            net.until(() -> echo.pauses > 0);
            CompletableFuture<byte[]> received = line.peer().read(bytes.length);
            assertThat(net.run(received)).isEqualTo(bytes);
            assertThat(net.run(sent)).isTrue();
            assertThat(echo.mostWaiting).isLessThan(1_000_000);
            assertThat(echo.resumes).isEqualTo(echo.pauses);
            connection.close();
            net.run(connection.closed());
        }
    }

    @Tag("X2")
    @TransportTest
    void whatIsPausedInConnectionMadeIsNotRead(TransportProvider provider) {
        try (Net net = Net.on(provider)) {
            Recorder recorder = new Recorder() {
                @Override
                public void connectionMade(Connection made) {
                    super.connectionMade(made);
                    made.pauseReading();
                    made.pauseReading();
                }
            };
            Net.Line line = net.line();
            line.peer().send("early");
            Connection connection = net.run(Connection.start(line.stream(), recorder));
            net.turn();
            net.turn();
            assertThat(recorder.log).containsExactly("made");
            assertThat(connection.isReading()).isFalse();
            connection.resumeReading();
            connection.resumeReading();
            net.until(() -> recorder.log.size() == 2);
            assertThat(recorder.log).containsExactly("made", "early");
            connection.close();
            net.until(() -> recorder.log.contains("lost null"));
        }
    }

    @Tag("X4")
    @TransportTest
    void severalBuffersAboveTheHighMarkPauseTheProtocolAndAreAllSent(TransportProvider provider) {
        try (Net net = Net.on(provider)) {
            Recorder recorder = new Recorder();
            Net.Line line = net.narrowLine(TcpOptions.DEFAULT);
            Connection connection = net.run(Connection.start(line.stream(), recorder));
            net.run(coroutine(() -> {
                connection.write(direct(new byte[1_000_000]), direct(new byte[1_000_000]));
                assertThat(recorder.log).as("within the write").containsExactly("made", "pause");
                return Coroutine.done();
            }));
            assertThat(net.run(line.peer().read(2_000_000))).hasSize(2_000_000);
            net.until(() -> recorder.log.contains("resume"));
            assertThat(recorder.log).containsExactly("made", "pause", "resume");
            connection.close();
            net.until(() -> recorder.log.contains("lost null"));
        }
    }

    @TransportTest
    void buffersThatTheSystemTakesAtOncePauseNothing(TransportProvider provider) {
        try (Net net = Net.on(provider)) {
            Recorder recorder = new Recorder();
            Net.Line line = net.line(TcpOptions.DEFAULT.waterMarks(10, 5));
            Connection connection = net.run(Connection.start(line.stream(), recorder));
            connection.write(direct("more than ten"), direct("bytes"));
            connection.write("and more than ten again");
            assertThat(recorder.log).containsExactly("made");
            connection.abort();
            net.until(() -> recorder.log.contains("lost null"));
        }
    }

    @TransportTest
    void aProtocolOnAStreamOnWhichMuchWaitsIsToldToPause(TransportProvider provider) {
        try (Net net = Net.on(provider)) {
            Recorder recorder = new Recorder();
            Net.Line line = net.narrowLine(TcpOptions.DEFAULT);
            Object unused = line.stream().write(direct(new byte[3_000_000]));
            Connection connection = net.run(Connection.start(line.stream(), recorder));
            assertThat(recorder.log).containsExactly("made", "pause");
            assertThat(net.run(line.peer().read(3_000_000))).hasSize(3_000_000);
            net.until(() -> recorder.log.contains("resume"));
            connection.close();
            net.until(() -> recorder.log.contains("lost null"));
        }
    }

    @TransportTest
    void movingTheWaterMarksIsLookedAtAtOnce(TransportProvider provider) {
        try (Net net = Net.on(provider)) {
            Recorder recorder = new Recorder();
            Net.Line line = net.narrowLine(TcpOptions.DEFAULT.waterMarks(8 << 20, 1 << 20));
            Connection connection = net.run(Connection.start(line.stream(), recorder));
            connection.write(direct(new byte[3_000_000]));
            assertThat(recorder.log).containsExactly("made");
            connection.stream().setWaterMarks(100_000, 50_000);
            assertThat(recorder.log).containsExactly("made", "pause");
            connection.stream().setWaterMarks(8 << 20, 4 << 20);
            net.turn();
            assertThat(recorder.log).containsExactly("made", "pause", "resume");
            connection.abort();
            net.until(() -> recorder.log.contains("lost null"));
        }
    }

    @Tag("X5")
    @TransportTest
    void aProtocolMaySwitchTheKindInTheMiddle(TransportProvider provider) {
        try (Net net = Net.on(provider)) {
            Filling filling = new Filling(4);
            Recorder recorder = new Recorder();
            Net.Line line = net.line();
            Connection connection = net.run(Connection.start(line.stream(), recorder));
            line.peer().send("whole");
            net.until(() -> recorder.log.contains("whole"));
            connection.setProtocol(filling);
            line.peer().send("in fours");
            net.until(() -> filling.all.toString().equals("in fours"));
            assertThat(filling.mostAtOnce).isEqualTo(4);
            connection.setProtocol(recorder);
            line.peer().send("whole again");
            net.until(() -> recorder.log.contains("whole again"));
            connection.setProtocol(filling);
            line.peer().close();
            net.until(() -> filling.lost);
            assertThat(recorder.log).containsExactly("made", "whole", "whole again");
        }
    }

    @Tag("X5")
    @TransportTest
    void aBufferWithoutRoomEndsTheConnection(TransportProvider provider) {
        try (Net net = Net.on(provider)) {
            Filling filling = new Filling(0);
            Net.Line line = net.line();
            Connection connection = net.run(Connection.start(line.stream(), filling));
            net.until(() -> filling.lost);
            assertThat(filling.cause).isInstanceOf(IllegalStateException.class);
            assertThat(net.takeFailures()).singleElement().satisfies(failure -> {
                assertThat(failure.message()).isEqualTo("a protocol has failed: its connection is cut");
                assertThat(failure.exception()).isSameAs(filling.cause);
            });
            assertThat(connection.stream().isClosing()).isTrue();
        }
    }

    @TransportTest
    void whatDataReceivedThrowsIsReportedAndTold(TransportProvider provider) {
        try (Net net = Net.on(provider)) {
            IllegalArgumentException bad = new IllegalArgumentException("bad data");
            Recorder recorder = new Recorder() {
                @Override
                public void dataReceived(ByteBuf data) {
                    super.dataReceived(data);
                    throw bad;
                }
            };
            Net.Line line = net.line();
            Connection unused = net.run(Connection.start(line.stream(), recorder));
            line.peer().send("bad");
            net.until(() -> recorder.cause != null);
            assertThat(recorder.cause).isSameAs(bad);
            assertThat(net.takeFailures())
                    .singleElement()
                    .extracting("exception")
                    .isSameAs(bad);
            assertThat(recorder.log).containsExactly("made", "bad", "lost " + bad);
        }
    }

    @TransportTest
    void whatOtherCallbacksThrowIsReportedAndTheConnectionGoesOn(TransportProvider provider) {
        try (Net net = Net.on(provider)) {
            Recorder recorder = new Recorder() {
                @Override
                public void connectionMade(Connection made) {
                    super.connectionMade(made);
                    throw new IllegalStateException("made");
                }

                @Override
                public void connectionLost(@Nullable Throwable cause) {
                    super.connectionLost(cause);
                    throw new IllegalStateException("lost");
                }
            };
            Net.Line line = net.line();
            Connection connection = net.run(Connection.start(line.stream(), recorder));
            line.peer().send("still here");
            net.until(() -> recorder.log.contains("still here"));
            connection.close();
            net.until(() -> recorder.log.contains("lost null"));
            net.turn();
            assertThat(net.takeFailures())
                    .extracting("message")
                    .containsExactly(
                            "connectionMade of a protocol has failed", "connectionLost of a protocol has failed");
        }
    }

    @TransportTest
    void afterTheEndOfThePeerAProtocolMayGoOnWriting(TransportProvider provider) {
        try (Net net = Net.on(provider)) {
            Recorder recorder = new Recorder() {
                @Override
                public boolean eofReceived() {
                    return !super.eofReceived();
                }
            };
            Net.Line line = net.line();
            Connection connection = net.run(Connection.start(line.stream(), recorder));
            line.peer().shutdownOutput();
            net.until(() -> recorder.log.contains("eof"));
            connection.write("answer");
            connection.shutdownOutput();
            assertThat(text(net.run(line.peer().readToTheEnd()))).isEqualTo("answer");
            assertThat(recorder.log).doesNotContain("lost null");
            connection.close();
            net.until(() -> recorder.log.contains("lost null"));
            assertThatThrownBy(() -> connection.write("late")).isInstanceOf(StreamClosedException.class);
        }
    }

    @TransportTest
    void aResetIsTheCauseOfTheLoss(TransportProvider provider) {
        try (Net net = Net.on(provider)) {
            Recorder recorder = new Recorder();
            Net.Line line = net.line();
            Connection unused = net.run(Connection.start(line.stream(), recorder));
            line.peer().reset();
            net.until(() -> recorder.cause != null);
            assertThat(recorder.cause).isInstanceOf(ConnectionResetException.class);
            assertThat(recorder.log).hasSize(2);
        }
    }

    @TransportTest
    void aWriterThatWillNotReadLearnsOfTheLossToo(TransportProvider provider) {
        try (Net net = Net.on(provider)) {
            Recorder recorder = new Recorder();
            Net.Line line = net.line();
            Connection connection = net.run(Connection.start(line.stream(), recorder));
            connection.pauseReading();
            line.peer().reset();
            assertThatThrownBy(() -> net.run(coroutine(() -> {
                        while (true) {
                            connection.write("are you there?");
                            await(Async.sleep(Duration.ZERO));
                        }
                    })))
                    .isInstanceOf(NetworkException.class);
            net.until(() -> recorder.cause != null);
            assertThat(recorder.cause).isInstanceOf(NetworkException.class);
        }
    }

    @TransportTest
    void closingSendsWhatWaitsBeforeTheLoss(TransportProvider provider) {
        try (Net net = Net.on(provider)) {
            Recorder recorder = new Recorder();
            Net.Line line = net.narrowLine(TcpOptions.DEFAULT);
            Connection connection = net.run(Connection.start(line.stream(), recorder));
            byte[] bytes = Bytes.pattern(3_000_000);
            connection.write(direct(bytes));
            connection.close();
            net.turn();
            assertThat(recorder.log).doesNotContain("lost null");
            assertThat(net.run(line.peer().readToTheEnd())).isEqualTo(bytes);
            net.until(() -> recorder.log.contains("lost null"));
        }
    }

    @TransportTest
    void cancellingTheTasksOfTheLoopCutsTheConnection(TransportProvider provider) {
        try (Net net = Net.on(provider)) {
            Recorder recorder = new Recorder();
            Net.Line line = net.line();
            Connection connection = net.run(Connection.start(line.stream(), recorder));
            List<Task<?>> tasks = new ArrayList<>(net.loop().allTasks());
            assertThat(tasks)
                    .singleElement()
                    .satisfies(task -> assertThat(task.name()).startsWith("protocol of TcpStream("));
            tasks.get(0).cancel();
            net.until(() -> recorder.log.contains("lost null"));
            assertThat(connection.stream().isClosing()).isTrue();
        }
    }

    /** Writes down what it is told. */
    private static class Recorder implements Protocol {
        final List<String> log = new ArrayList<>();

        @Nullable
        Throwable cause;

        @Override
        public void connectionMade(Connection made) {
            log.add("made");
        }

        @Override
        public void dataReceived(ByteBuf data) {
            log.add(text(data));
        }

        @Override
        public boolean eofReceived() {
            log.add("eof");
            return false;
        }

        @Override
        public void pauseWriting() {
            log.add("pause");
        }

        @Override
        public void resumeWriting() {
            log.add("resume");
        }

        @Override
        public void connectionLost(@Nullable Throwable lost) {
            cause = lost;
            log.add("lost " + lost);
        }
    }

    private static final class Echo implements Protocol {
        private @Nullable Connection connection;
        private int pauses;
        private int resumes;
        private long mostWaiting;

        private Connection connection() {
            return Objects.requireNonNull(connection);
        }

        @Override
        public void connectionMade(Connection made) {
            connection = made;
        }

        @Override
        public void dataReceived(ByteBuf data) {
            connection().write(data);
            mostWaiting = Math.max(mostWaiting, connection().stream().pendingBytes());
        }

        @Override
        public void pauseWriting() {
            pauses++;
            connection().pauseReading();
        }

        @Override
        public void resumeWriting() {
            resumes++;
            connection().resumeReading();
        }
    }

    /** Has bytes read into its own memory. */
    private static final class Filling implements BufferedProtocol {
        private final ByteBuf room;
        private final StringBuilder all = new StringBuilder();
        private int mostAtOnce;
        private boolean lost;
        private @Nullable Throwable cause;

        Filling(int size) {
            room = Unpooled.buffer(size, size);
        }

        @Override
        public ByteBuf getBuffer() {
            return room;
        }

        @Override
        public void bufferUpdated(int bytes) {
            mostAtOnce = Math.max(mostAtOnce, bytes);
            all.append(room.toString(US_ASCII));
            room.clear();
        }

        @Override
        public void connectionLost(@Nullable Throwable lostBy) {
            lost = true;
            cause = lostBy;
        }
    }
}

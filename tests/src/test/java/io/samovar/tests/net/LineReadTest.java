package io.samovar.tests.net;

import static io.samovar.Async.await;
import static io.samovar.tests.net.Bytes.text;
import static io.samovar.tests.support.Coroutines.coroutine;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.samovar.AsyncIterator;
import io.samovar.Coroutine;
import io.samovar.Task;
import io.samovar.net.ConcurrentReadException;
import io.samovar.net.LimitOverrunException;
import io.samovar.net.TcpOptions;
import io.samovar.net.TcpStream;
import io.samovar.tests.support.TransportTest;
import io.samovar.transport.TransportProvider;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class LineReadTest {
    private static final TcpOptions SEVEN = TcpOptions.DEFAULT.readLimit(7);

    @TransportTest
    void aLineIsGivenWithoutItsEnd(TransportProvider provider) {
        try (Net net = Net.on(provider)) {
            Net.Line line = net.line();
            line.peer().send("one\ntwo\r\n\nthr\ree\n\r\nlast");
            line.peer().close();
            List<String> lines = new ArrayList<>();
            for (String next; (next = net.run(line.stream().readLine())) != null; ) {
                lines.add(next);
            }
            assertThat(lines).containsExactly("one", "two", "", "thr\ree", "", "last");
            assertThat(net.run(line.stream().readLine())).isNull();
            line.stream().close();
        }
    }

    @TransportTest
    void aLineMayComeByteByByte(TransportProvider provider) {
        try (Net net = Net.on(provider)) {
            Net.Line line = net.line();
            Task<String> reading = net.start(line.stream()::readLine);
            for (char next : "grüß\r\n".toCharArray()) {
                assertThat(reading.isDone()).isFalse();
                line.peer().send(String.valueOf(next));
                net.turn();
            }
            assertThat(net.run(reading)).isEqualTo("grüß");
            line.stream().close();
        }
    }

    @TransportTest
    void whatIsNoUtf8IsReplaced(TransportProvider provider) {
        try (Net net = Net.on(provider)) {
            Net.Line line = net.line();
            line.peer().send(new byte[] {'a', (byte) 0xff, 'b', '\n'});
            assertThat(net.run(line.stream().readLine())).isEqualTo("a\ufffdb");
            line.stream().close();
        }
    }

    @Tag("P1")
    @TransportTest
    void aLineThatIsTooLongIsDropped(TransportProvider provider) {
        try (Net net = Net.on(provider)) {
            Net.Line line = net.line(SEVEN);
            line.peer().send("chunk1chunk2chunk3\n");
            LimitOverrunException tooLong = overrun(net, line.stream());
            assertThat(tooLong).hasMessage("a line has more than 7 bytes, which is the limit");
            assertThat(tooLong.consumed()).isEqualTo(18);
            line.peer().send("chunk1chunk2\nchunk3\n");
            overrun(net, line.stream());
            assertThat(text(net.run(line.stream().read()))).isEqualTo("chunk3\n");
            line.peer().send("1234567\n");
            assertThat(net.run(line.stream().readLine())).isEqualTo("1234567");
            line.peer().send("12345678\n");
            overrun(net, line.stream());
            line.peer().close();
            assertThat(net.run(line.stream().readLine())).isNull();
            line.stream().close();
        }
    }

    @Tag("P1")
    @TransportTest
    void ofALineThatIsTooLongAsMuchAsHasComeIsDropped(TransportProvider provider) {
        try (Net net = Net.on(provider)) {
            Net.Line line = net.line(SEVEN);
            line.peer().send("chunk1chunk2");
            overrun(net, line.stream());
            line.peer().send("rest\n");
            assertThat(net.run(line.stream().readLine())).isEqualTo("rest");
            line.stream().close();
        }
    }

    @TransportTest
    void aReadThatIsCancelledInTheMiddleOfALineLosesNothing(TransportProvider provider) {
        try (Net net = Net.on(provider)) {
            Net.Line line = net.line();
            line.peer().send("half ");
            Task<String> cancelled = net.start(line.stream()::readLine);
            net.turn();
            cancelled.cancel();
            net.until(cancelled::isDone);
            line.peer().send("and half\n");
            assertThat(net.run(line.stream().readLine())).isEqualTo("half and half");
            line.stream().close();
        }
    }

    @TransportTest
    void whatComesBehindALineIsThereForEveryOtherRead(TransportProvider provider) {
        try (Net net = Net.on(provider)) {
            Net.Line line = net.line();
            line.peer().send("head\nbody and more");
            assertThat(net.run(line.stream().readLine())).isEqualTo("head");
            assertThat(text(net.run(line.stream().readExactly(4)))).isEqualTo("body");
            ByteBuf into = Bytes.heapRoom(3);
            assertThat(net.run(line.stream().read(into))).isEqualTo(3);
            assertThat(text(into)).isEqualTo(" an");
            assertThat(text(net.run(line.stream().read(2)))).isEqualTo("d ");
            assertThat(text(net.run(line.stream().read()))).isEqualTo("more");
            line.stream().close();
        }
    }

    @TransportTest
    void aSecondReaderIsRefusedEvenIfTheFirstOneHasLeftSomething(TransportProvider provider) {
        try (Net net = Net.on(provider)) {
            Net.Line line = net.line();
            line.peer().send("half");
            Task<String> first = net.start(line.stream()::readLine);
            net.turn();
            assertThatThrownBy(() -> net.run(line.stream().readExactly(2))).isInstanceOf(ConcurrentReadException.class);
            assertThatThrownBy(() -> net.run(line.stream().read())).isInstanceOf(ConcurrentReadException.class);
            line.peer().send("\n");
            assertThat(net.run(first)).isEqualTo("half");
            line.stream().close();
        }
    }

    @TransportTest
    void closingReleasesWhatWasNotGivenOutAndEndsTheRead(TransportProvider provider) {
        try (Net net = Net.on(provider)) {
            Net.Line line = net.line();
            line.peer().send("one\nha");
            assertThat(net.run(line.stream().readLine())).isEqualTo("one");
            Task<String> second = net.start(line.stream()::readLine);
            line.stream().close();
            assertThat(net.run(second)).isNull();
            assertThat(net.run(line.stream().readLine())).isNull();
        }
    }

    @TransportTest
    void aFloodOfLinesLetsTheOthersHaveTheirTurn(TransportProvider provider) {
        try (Net net = Net.on(provider)) {
            Net.Line line = net.line();
            line.peer().send("\n".repeat(10_000));
            int[] lines = {0};
            Task<Void> reading = net.start(() -> counting(line.stream(), lines));
            int most = 0;
            while (lines[0] < 10_000) {
                int before = lines[0];
                net.turn();
                most = Math.max(most, lines[0] - before);
            }
            assertThat(most).as("lines in one iteration").isBetween(1, 200);
            line.peer().close();
            net.run(reading);
            line.stream().close();
        }
    }

    private static Coroutine<Void> counting(TcpStream stream, int[] lines) {
        while (await(stream.readLine()) != null) {
            lines[0]++;
        }
        return Coroutine.done();
    }

    @TransportTest
    void linesAndChunksAreIterated(TransportProvider provider) {
        try (Net net = Net.on(provider)) {
            Net.Line line = net.line();
            line.peer().send("one\ntwo\nthree\nand the rest");
            line.peer().close();
            List<String> taken = new ArrayList<>();
            net.run(coroutine(() -> {
                AsyncIterator<String> lines = line.stream().lines().iterator();
                while (taken.size() < 2 && await(lines.hasNext())) {
                    assertThat(await(lines.hasNext())).as("asked again").isTrue();
                    taken.add(lines.next());
                    assertThatThrownBy(lines::next).isInstanceOf(NoSuchElementException.class);
                }
                await(line.stream().chunks().forEach(chunk -> {
                    taken.add(text(chunk));
                    return Coroutine.done();
                }));
                return Coroutine.done();
            }));
            assertThat(taken).containsExactly("one", "two", "three\nand the rest");
            assertThat(net.run(line.stream().lines().toList())).isEmpty();
            line.stream().close();
        }
    }

    private static LimitOverrunException overrun(Net net, TcpStream stream) {
        try {
            String line = net.run(stream.readLine());
            throw new AssertionError("was read: " + line);
        } catch (LimitOverrunException tooLong) {
            return tooLong;
        }
    }
}

package io.samovar.tests.net;

import static io.samovar.tests.net.Bytes.text;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.samovar.Task;
import io.samovar.net.ConnectionResetException;
import io.samovar.net.IncompleteReadException;
import io.samovar.net.LimitOverrunException;
import io.samovar.net.TcpOptions;
import io.samovar.net.TcpStream;
import io.samovar.tests.support.TransportTest;
import io.samovar.transport.TransportProvider;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;

/** Reads of a known length, up to separators and up to the end. */
@Timeout(60)
class DelimitedReadTest {
    @Tag("P2")
    @TransportTest
    void beyondTheLimitTheBytesStayInTheStream(TransportProvider provider) {
        try (Net net = Net.on(provider)) {
            Net.Line line = net.line(TcpOptions.DEFAULT.readLimit(3));
            TcpStream stream = line.stream();
            line.peer().send("some dataAA");
            assertThatExceptionOfType(LimitOverrunException.class)
                    .isThrownBy(() -> net.run(stream.readUntil(bytes("AAA"))))
                    .withMessageContaining("not found")
                    .satisfies(overrun -> assertThat(overrun.consumed()).isEqualTo(9));
            line.peer().send("A");
            assertThat(text(net.run(stream.readExactly(2)))).isEqualTo("so");
            assertThat(text(net.run(stream.read(10)))).isEqualTo("me dataAA");
            line.peer().send("x".repeat(4) + "AAA");
            assertThatExceptionOfType(LimitOverrunException.class)
                    .isThrownBy(() -> net.run(stream.readUntil(bytes("AAA"))))
                    .withMessageContaining("is found")
                    .satisfies(overrun -> assertThat(overrun.consumed()).isEqualTo(5));
            assertThat(text(net.run(stream.read()))).isEqualTo("AxxxxAAA");
            stream.close();
        }
    }

    @Tag("P4")
    @TransportTest
    void aSeparatorIsFoundAcrossPieces(TransportProvider provider) {
        try (Net net = Net.on(provider)) {
            Net.Line line = net.line();
            TcpStream stream = line.stream();
            Task<ByteBuf> reading = net.start(() -> stream.readUntil(bytes("aaa")));
            for (String piece : new String[] {"QWERTY", "a", "YTRab", "aa", "ba", "a"}) {
                line.peer().send(piece);
                net.turn();
                assertThat(reading.isDone()).isFalse();
            }
            line.peer().send("aaa");
            assertThat(text(net.run(reading))).isEqualTo("QWERTYaYTRabaabaaa");
            assertThat(text(net.run(stream.read()))).isEqualTo("aa");
            stream.close();
        }
    }

    @TransportTest
    void ofSeveralSeparatorsTheOneThatEndsFirstCounts(TransportProvider provider) {
        try (Net net = Net.on(provider)) {
            Net.Line line = net.line();
            TcpStream stream = line.stream();
            line.peer().send("one;two!?three");
            byte[][] separators = {bytes("!?"), bytes(";"), bytes("!")};
            assertThat(text(net.run(stream.readUntil(separators)))).isEqualTo("one;");
            assertThat(text(net.run(stream.readUntil(separators)))).isEqualTo("two!");
            line.peer().close();
            assertThatExceptionOfType(IncompleteReadException.class)
                    .isThrownBy(() -> net.run(stream.readUntil(separators)))
                    .withMessage("the stream ended after 6 bytes, before the separator")
                    .satisfies(early -> {
                        assertThat(early.partial()).asString(UTF_8).isEqualTo("?three");
                        assertThat(early.expected()).isEqualTo(IncompleteReadException.UNKNOWN);
                    });
            assertThat(net.run(stream.read())).as("behind the partial bytes").isNull();
            stream.close();
        }
    }

    @TransportTest
    void separatorsThatCannotBeAreRefused(TransportProvider provider) {
        try (Net net = Net.on(provider)) {
            TcpStream stream = net.line().stream();
            assertThatIllegalArgumentException().isThrownBy(() -> net.run(stream.readUntil()));
            assertThatIllegalArgumentException().isThrownBy(() -> net.run(stream.readUntil(bytes("a"), new byte[0])));
            assertThatIllegalArgumentException().isThrownBy(() -> net.run(stream.readExactly(-1)));
            assertThatIllegalArgumentException().isThrownBy(() -> net.run(stream.read(0)));
            assertThatIllegalArgumentException().isThrownBy(() -> net.run(stream.readAll(-1)));
            stream.close();
        }
    }

    @TransportTest
    void readExactlyGivesAsManyBytesAsAskedForHoweverTheyCome(TransportProvider provider) {
        try (Net net = Net.on(provider)) {
            Net.Line line = net.line();
            TcpStream stream = line.stream();
            byte[] bytes = Bytes.pattern(3_000_000);
            CompletableFuture<?> unused = line.peer().sendAll(bytes);
            int at = 0;
            for (int count : new int[] {0, 1, 2, 1_000, 70_000, 1, 500_000, 2_000_000, 428_996}) {
                ByteBuf part = net.run(stream.readExactly(count));
                byte[] expected = Arrays.copyOfRange(bytes, at, at + count);
                assertThat(ByteBufUtil.getBytes(part)).isEqualTo(expected);
                part.release();
                at += count;
            }
            assertThat(at).isEqualTo(bytes.length);
            stream.close();
        }
    }

    @TransportTest
    void bytesThatWereGivenOutStayAsTheyAreWhileTheStreamReadsOn(TransportProvider provider) {
        try (Net net = Net.on(provider)) {
            Net.Line line = net.line();
            TcpStream stream = line.stream();
            byte[] bytes = Bytes.pattern(20_000);
            ByteBuf[] parts = new ByteBuf[20];
            for (int i = 0; i < parts.length; i++) { // each in two pieces, so that half of it has moved
                Task<ByteBuf> reading = net.start(() -> stream.readExactly(1_000));
                line.peer().send(Arrays.copyOfRange(bytes, i * 1_000, i * 1_000 + 300));
                net.turn();
                line.peer().send(Arrays.copyOfRange(bytes, i * 1_000 + 300, (i + 1) * 1_000));
                parts[i] = net.run(reading);
            }
            for (int i = 0; i < parts.length; i++) {
                assertThat(ByteBufUtil.getBytes(parts[i]))
                        .isEqualTo(Arrays.copyOfRange(bytes, i * 1_000, (i + 1) * 1_000));
                parts[i].release();
            }
            stream.close();
        }
    }

    @TransportTest
    void anEarlyEndTellsWhatDidCome(TransportProvider provider) {
        try (Net net = Net.on(provider)) {
            Net.Line line = net.line();
            line.peer().send("kett");
            line.peer().close();
            assertThatExceptionOfType(IncompleteReadException.class)
                    .isThrownBy(() -> net.run(line.stream().readExactly(6)))
                    .withMessage("the stream ended after 4 bytes of 6")
                    .satisfies(early -> {
                        assertThat(early.partial()).isEqualTo(bytes("kett"));
                        assertThat(early.expected()).isEqualTo(6);
                    });
            line.stream().close();
        }
    }

    @TransportTest
    void aResetInTheMiddleLeavesWhatHasCome(TransportProvider provider) {
        try (Net net = Net.on(provider)) {
            Net.Line line = net.line();
            line.peer().send("kett");
            Task<ByteBuf> reading = net.start(() -> line.stream().readExactly(6));
            net.turn();
            line.peer().reset();
            assertThatThrownBy(() -> net.run(reading)).isInstanceOf(ConnectionResetException.class);
            assertThat(text(net.run(line.stream().read()))).isEqualTo("kett");
            assertThatThrownBy(() -> net.run(line.stream().read())).isInstanceOf(ConnectionResetException.class);
            line.stream().close();
        }
    }

    @TransportTest
    void readAllGoesToTheEnd(TransportProvider provider) {
        try (Net net = Net.on(provider)) {
            Net.Line line = net.line();
            byte[] bytes = Bytes.pattern(2_000_000);
            CompletableFuture<?> unused = line.peer().sendAll(bytes).thenRun(line.peer()::close);
            ByteBuf all = net.run(line.stream().readAll());
            assertThat(ByteBufUtil.getBytes(all)).isEqualTo(bytes);
            all.release();
            assertThat(net.run(line.stream().readString())).isEmpty();
            line.stream().close();
        }
    }

    @TransportTest
    void readAllStopsAtItsLimitAndLeavesTheBytes(TransportProvider provider) {
        try (Net net = Net.on(provider)) {
            Net.Line line = net.line();
            line.peer().send("12345678");
            line.peer().close();
            assertThatThrownBy(() -> net.run(line.stream().readAll(7))).isInstanceOf(LimitOverrunException.class);
            assertThat(net.run(line.stream().readString(8, US_ASCII))).isEqualTo("12345678");
            line.stream().close();
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }
}

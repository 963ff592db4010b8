package io.samovar.tests.net;

import static io.samovar.tests.net.Bytes.direct;
import static io.samovar.tests.net.Bytes.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.samovar.CancelledError;
import io.samovar.Future;
import io.samovar.Task;
import io.samovar.net.TcpOptions;
import io.samovar.net.TcpStream;
import io.samovar.tests.support.TransportTest;
import io.samovar.transport.TransportProvider;
import java.io.ByteArrayOutputStream;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class CloseTest {
    @TransportTest
    void closeSendsWhatWaitsAndThenTheEnd(TransportProvider provider) {
        try (Net net = Net.on(provider)) {
            Net.Line line = net.line();
            byte[] bytes = Bytes.pattern(10_000_000);
            ByteBuf memory = direct(bytes);
            Object unused = line.stream().write(memory);
            line.stream().close();
            assertThat(line.stream().isClosing()).isTrue();
            assertThat(line.stream().pendingBytes()).isPositive();
            Task<Void> closed = net.start(line.stream()::closed);
            ByteArrayOutputStream slowly = new ByteArrayOutputStream();
            while (slowly.size() < 2_000_000) {
                slowly.writeBytes(net.run(line.peer().read(100_000)));
                assertThat(closed.isDone()).isEqualTo(line.stream().pendingBytes() == 0);
            }
            slowly.writeBytes(net.run(line.peer().readToTheEnd()));
            net.run(closed);
            assertThat(slowly.toByteArray()).isEqualTo(bytes);
            assertThat(memory.refCnt()).isZero();
        }
    }

    @Tag("P6")
    @TransportTest
    void closeWithNothingWaitingClosesAtOnce(TransportProvider provider) {
        try (Net net = Net.on(provider)) {
            Net.Line line = net.line();
            assertThat(line.stream().isClosing()).isFalse();
            line.stream().close();
            assertThat(line.stream().isClosing()).isTrue();
            assertThat(line.stream().closed().isDone()).isTrue();
            assertThat(net.run(line.peer().readToTheEnd())).isEmpty();
        }
    }

    @TransportTest
    void closingTwiceDoesNothing(TransportProvider provider) {
        try (Net net = Net.on(provider)) {
            Net.Line line = net.line();
            Object unused = line.stream().write(direct(Bytes.pattern(10_000_000)));
            line.stream().close();
            line.stream().close();
            CompletableFuture<byte[]> received = line.peer().readToTheEnd();
            net.run(line.stream().closed());
            line.stream().close();
            line.stream().abort();
            assertThat(net.run(received)).hasSize(10_000_000);
        }
    }

    @TransportTest
    void aTaskThatWaitsInAWriteGoesOnWhileTheStreamCloses(TransportProvider provider) {
        try (Net net = Net.on(provider)) {
            Net.Line line = net.narrowLine(TcpOptions.DEFAULT);
            Task<Void> writing = net.start(() -> line.stream().write(direct(Bytes.pattern(2_000_000))));
            line.stream().close();
            net.turn();
            assertThat(writing.isDone()).isFalse();
            Object unused = line.peer().readToTheEnd();
            net.run(writing);
            net.run(line.stream().closed());
        }
    }

    @TransportTest
    void aReaderGetsTheEndAtOnceThoughBytesAreStillToBeSent(TransportProvider provider) {
        try (Net net = Net.on(provider)) {
            Net.Line line = net.narrowLine(TcpOptions.DEFAULT);
            Object unused = line.stream().write(direct(Bytes.pattern(2_000_000)));
            Task<ByteBuf> reading = net.start(line.stream()::read);
            line.stream().close();
            assertThat(net.run(reading)).isNull();
            assertThat(line.stream().pendingBytes()).isPositive();
            line.stream().abort();
        }
    }

    @TransportTest
    void aStreamThatIsClosingReadsNothingMore(TransportProvider provider) {
        try (Net net = Net.on(provider)) {
            Net.Line line = net.narrowLine(TcpOptions.DEFAULT);
            line.peer().send("too late");
            Object unused = line.stream().write(direct(Bytes.pattern(2_000_000)));
            line.stream().close();
            assertThat(net.run(line.stream().read())).isNull();
            line.stream().abort();
        }
    }

    @TransportTest
    void aPeerThatResetsEndsAStreamThatIsClosing(TransportProvider provider) {
        try (Net net = Net.on(provider)) {
            Net.Line line = net.narrowLine(TcpOptions.DEFAULT);
            ByteBuf memory = direct(Bytes.pattern(2_000_000));
            Object unused = line.stream().write(memory);
            line.stream().close();
            line.peer().reset();
            net.run(line.stream().closed());
            assertThat(memory.refCnt()).isZero();
            assertThat(line.stream().pendingBytes()).isZero();
        }
    }

    @TransportTest
    void closeAfterALostConnectionClosesAtOnce(TransportProvider provider) {
        try (Net net = Net.on(provider)) {
            Net.Line line = net.narrowLine(TcpOptions.DEFAULT);
            Task<Void> writing = net.start(() -> line.stream().write(direct(Bytes.pattern(2_000_000))));
            line.peer().reset();
            assertThatThrownBy(() -> net.run(writing)).isNotNull();
            line.stream().close();
            assertThat(line.stream().closed().isDone()).isTrue();
        }
    }

    @TransportTest
    void whoWaitsForTheCloseGetsAFutureOfItsOwn(TransportProvider provider) {
        try (Net net = Net.on(provider)) {
            TcpStream stream = net.line().stream();
            Task<Void> cancelled = net.start(stream::closed);
            Task<Void> waiting = net.start(stream::closed);
            Future<Void> future = stream.closed();
            cancelled.cancel();
            assertThatThrownBy(() -> net.run(cancelled)).isInstanceOf(CancelledError.class);
            assertThat(waiting.isDone()).isFalse();
            assertThat(future.isDone()).isFalse();
            stream.close();
            net.run(waiting);
            net.run(future);
            assertThat(stream.closed().isDone()).as("once it is closed").isTrue();
        }
    }

    @TransportTest
    void aStreamSaysWhatStateItIsIn(TransportProvider provider) {
        try (Net net = Net.on(provider)) {
            Net.Line line = net.narrowLine(TcpOptions.DEFAULT);
            String peer = String.valueOf(line.stream().remoteAddress());
            assertThat(line.stream()).hasToString("TcpStream(" + peer + ")");
            Object unused = line.stream().write(direct(Bytes.pattern(2_000_000)));
            line.stream().close();
            assertThat(line.stream()).hasToString("TcpStream(" + peer + ", closing)");
            line.stream().abort();
            assertThat(line.stream()).hasToString("TcpStream(" + peer + ", closed)");
        }
    }

    @TransportTest
    void bytesThatWereReadStayValidAfterClose(TransportProvider provider) {
        try (Net net = Net.on(provider)) {
            Net.Line line = net.line();
            line.peer().send("kept");
            ByteBuf kept = net.run(line.stream().read());
            line.stream().close();
            assertThat(text(kept)).isEqualTo("kept");
        }
    }
}

package io.samovar.tests.net;

import static io.samovar.tests.net.Bytes.direct;
import static io.samovar.tests.net.Bytes.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.samovar.Task;
import io.samovar.net.ConnectionResetException;
import io.samovar.net.StreamClosedException;
import io.samovar.net.TcpOptions;
import io.samovar.net.TcpStream;
import io.samovar.tests.support.TransportTest;
import io.samovar.transport.TransportProvider;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class HalfCloseTest {
    @TransportTest
    void shutdownOutputSendsTheEndAndReadingGoesOn(TransportProvider provider) {
        try (Net net = Net.on(provider)) {
            Net.Line line = net.line();
            net.run(line.stream().write(direct("question")));
            line.stream().shutdownOutput();
            assertThat(text(net.run(line.peer().readToTheEnd()))).isEqualTo("question");
            line.peer().send("answer");
            assertThat(text(net.run(line.stream().read()))).isEqualTo("answer");
            line.peer().close();
            assertThat(net.run(line.stream().read())).isNull();
            assertThat(line.stream().isClosing()).isFalse();
            line.stream().close();
        }
    }

    @TransportTest
    void theEndIsSentBehindWhatWaitsToBeWritten(TransportProvider provider) {
        try (Net net = Net.on(provider)) {
            Net.Line line = net.narrowLine(TcpOptions.DEFAULT);
            byte[] bytes = Bytes.pattern(2_000_000);
            Task<Void> writing = net.start(() -> line.stream().write(direct(bytes)));
            line.stream().shutdownOutput();
            assertThat(line.stream().pendingBytes()).isPositive();
            assertThat(net.run(line.peer().readToTheEnd())).isEqualTo(bytes);
            net.run(writing);
            line.peer().send("answer");
            assertThat(text(net.run(line.stream().read()))).isEqualTo("answer");
            line.stream().close();
        }
    }

    @TransportTest
    void closeAfterShutdownOutputStillSendsWhatWaits(TransportProvider provider) {
        try (Net net = Net.on(provider)) {
            Net.Line line = net.narrowLine(TcpOptions.DEFAULT);
            byte[] bytes = Bytes.pattern(2_000_000);
            Object unused = line.stream().write(direct(bytes));
            line.stream().shutdownOutput();
            line.stream().close();
            assertThat(net.run(line.peer().readToTheEnd())).isEqualTo(bytes);
            net.run(line.stream().closed());
        }
    }

    @TransportTest
    void shuttingDownTwiceDoesNothing(TransportProvider provider) {
        try (Net net = Net.on(provider)) {
            Net.Line line = net.line();
            line.stream().shutdownOutput();
            line.stream().shutdownOutput();
            assertThat(net.run(line.peer().readToTheEnd())).isEmpty();
            line.stream().close();
        }
    }

    @TransportTest
    void shuttingDownAClosedStreamIsRefused(TransportProvider provider) {
        try (Net net = Net.on(provider)) {
            TcpStream closed = net.line().stream();
            closed.close();
            assertThatThrownBy(closed::shutdownOutput).isInstanceOf(StreamClosedException.class);
            TcpStream shutDown = net.line().stream();
            shutDown.shutdownOutput();
            shutDown.abort();
            assertThatThrownBy(shutDown::shutdownOutput).isInstanceOf(StreamClosedException.class);
        }
    }

    @TransportTest
    void shuttingDownWhenThePeerHasResetDoesNothing(TransportProvider provider) {
        try (Net net = Net.on(provider)) {
            Net.Line line = net.line();
            line.peer().reset();
            assertThatThrownBy(() -> net.run(line.stream().read())).isInstanceOf(ConnectionResetException.class);
            line.stream().shutdownOutput();
            line.stream().close();
        }
    }

    @TransportTest
    void aPeerThatHasShutDownStillGetsWhatIsWritten(TransportProvider provider) {
        try (Net net = Net.on(provider)) {
            Net.Line line = net.line();
            line.peer().send("question");
            line.peer().shutdownOutput();
            assertThat(text(net.run(line.stream().read()))).isEqualTo("question");
            assertThat(net.run(line.stream().read())).isNull();
            byte[] answer = Bytes.pattern(3_000_000);
            CompletableFuture<byte[]> received = line.peer().readToTheEnd();
            net.run(line.stream().write(direct(answer)));
            line.stream().close();
            assertThat(net.run(received)).isEqualTo(answer);
        }
    }

    @TransportTest
    void aReaderThatWaitsGetsTheEndOfAPeerThatShutsDown(TransportProvider provider) {
        try (Net net = Net.on(provider)) {
            Net.Line line = net.line();
            Task<ByteBuf> reading = net.start(line.stream()::read);
            line.peer().shutdownOutput();
            assertThat(net.run(reading)).isNull();
            line.stream().close();
        }
    }
}

package io.samovar.tests.net;

import static io.samovar.tests.net.Bytes.direct;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.samovar.Task;
import io.samovar.net.StreamClosedException;
import io.samovar.net.TcpOptions;
import io.samovar.tests.support.TransportTest;
import io.samovar.transport.TransportProvider;
import java.net.SocketException;
import java.time.Duration;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class AbortTest {
    @TransportTest
    void thePeerSeesAReset(TransportProvider provider) {
        try (Net net = Net.on(provider)) {
            Net.Line line = net.line();
            line.stream().abort();
            assertThatThrownBy(() -> net.run(line.peer().readToTheEnd()))
                    .isInstanceOf(SocketException.class)
                    .hasMessageContaining("reset");
            assertThat(line.stream().isClosing()).isTrue();
            assertThat(line.stream().closed().isDone()).isTrue();
        }
    }

    @TransportTest
    void thePeerSeesTheResetWithoutTheLoopRunning(TransportProvider provider) {
        try (Net net = Net.on(provider)) {
            Net.Line line = net.line();
            line.stream().abort();
            assertThat(line.peer().readToTheEnd())
                    .failsWithin(Duration.ofMillis(Net.LIMIT_MILLIS))
                    .withThrowableThat()
                    .withCauseInstanceOf(SocketException.class);
        }
    }

    @TransportTest
    void whatWaitsToBeWrittenIsDroppedAndReleased(TransportProvider provider) {
        try (Net net = Net.on(provider)) {
            Net.Line line = net.narrowLine(TcpOptions.DEFAULT);
            ByteBuf first = direct(Bytes.pattern(2_000_000));
            ByteBuf second = direct("second");
            Object unused = line.stream().write(first);
            Object unusedToo = line.stream().write(second);
            line.stream().abort();
            assertThat(first.refCnt() + second.refCnt()).isZero();
            assertThat(line.stream().pendingBytes()).isZero();
            assertThatThrownBy(() -> net.run(line.peer().readToTheEnd())).isInstanceOf(SocketException.class);
        }
    }

    @TransportTest
    void aTaskInAWriteFailsAndOneInAReadGetsTheEnd(TransportProvider provider) {
        try (Net net = Net.on(provider)) {
            Net.Line line = net.narrowLine(TcpOptions.DEFAULT);
            Task<Void> writing = net.start(() -> line.stream().write(direct(Bytes.pattern(2_000_000))));
            Task<ByteBuf> reading = net.start(line.stream()::read);
            line.stream().abort();
            assertThat(net.run(reading)).isNull();
            assertThatThrownBy(() -> net.run(writing))
                    .isInstanceOf(StreamClosedException.class)
                    .hasMessage("the stream was aborted before everything was written");
        }
    }

    @TransportTest
    void abortCutsShortACloseThatWaitsForThePeer(TransportProvider provider) {
        try (Net net = Net.on(provider)) {
            Net.Line line = net.narrowLine(TcpOptions.DEFAULT);
            Task<Void> writing = net.start(() -> line.stream().write(direct(Bytes.pattern(2_000_000))));
            line.stream().close();
            Task<Void> closed = net.start(line.stream()::closed);
            assertThat(closed.isDone()).isFalse();
            line.stream().abort();
            net.run(closed);
            assertThatThrownBy(() -> net.run(writing)).isInstanceOf(StreamClosedException.class);
        }
    }

    @TransportTest
    void abortingTwiceAndClosingAfterwardsDoNothing(TransportProvider provider) {
        try (Net net = Net.on(provider)) {
            Net.Line line = net.line();
            line.stream().abort();
            line.stream().abort();
            line.stream().close();
            assertThat(net.run(line.stream().read())).isNull();
        }
    }

    @TransportTest
    void abortAfterThePeerHasResetOnlyCloses(TransportProvider provider) {
        try (Net net = Net.on(provider)) {
            Net.Line line = net.line();
            line.peer().reset();
            assertThatThrownBy(() -> net.run(line.stream().read())).isNotNull();
            line.stream().abort();
            assertThat(line.stream().closed().isDone()).isTrue();
        }
    }
}

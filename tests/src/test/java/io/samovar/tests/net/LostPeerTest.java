package io.samovar.tests.net;

import static io.samovar.Async.await;
import static io.samovar.tests.net.Bytes.direct;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import io.netty.buffer.ByteBuf;
import io.samovar.Async;
import io.samovar.Coroutine;
import io.samovar.Task;
import io.samovar.net.BrokenPipeException;
import io.samovar.net.ConnectionResetException;
import io.samovar.net.NetworkException;
import io.samovar.net.OutputShutDownException;
import io.samovar.net.StreamClosedException;
import io.samovar.net.TcpOptions;
import io.samovar.net.TcpStream;
import io.samovar.tests.support.TransportTest;
import io.samovar.transport.TransportProvider;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;

/** Writes that are refused, and peers that are gone. */
@Timeout(60)
class LostPeerTest {
    @Tag("P6")
    @TransportTest
    void aWriteAfterCloseIsRefused(TransportProvider provider) {
        try (Net net = Net.on(provider)) {
            TcpStream stream = net.line().stream();
            stream.close();
            assertRefused(stream, StreamClosedException.class, "the stream was closed");
        }
    }

    @TransportTest
    void aWriteWhileTheStreamIsClosingIsRefused(TransportProvider provider) {
        try (Net net = Net.on(provider)) {
            TcpStream stream = net.narrowLine(TcpOptions.DEFAULT).stream();
            Object unused = stream.write(direct(Bytes.pattern(2_000_000)));
            stream.close();
            assertThat(stream.pendingBytes()).isPositive();
            assertRefused(stream, StreamClosedException.class, "the stream was closed");
            stream.abort();
        }
    }

    @TransportTest
    void aWriteAfterAbortIsRefused(TransportProvider provider) {
        try (Net net = Net.on(provider)) {
            TcpStream stream = net.line().stream();
            stream.abort();
            assertRefused(stream, StreamClosedException.class, "the stream was closed");
        }
    }

    @TransportTest
    void aWriteAfterAnAbortThatDroppedBytesSaysSo(TransportProvider provider) {
        try (Net net = Net.on(provider)) {
            TcpStream stream = net.narrowLine(TcpOptions.DEFAULT).stream();
            Object unused = stream.write(direct(Bytes.pattern(2_000_000)));
            stream.abort();
            assertRefused(stream, StreamClosedException.class, "the stream was aborted before everything was written");
        }
    }

    @TransportTest
    void aWriteAfterShutdownOutputIsRefused(TransportProvider provider) {
        try (Net net = Net.on(provider)) {
            TcpStream stream = net.line().stream();
            stream.shutdownOutput();
            assertRefused(
                    stream,
                    OutputShutDownException.class,
                    "the output of this stream was shut down: nothing can follow the end");
            stream.close();
        }
    }

    @TransportTest
    void aReadThatWaitsFailsWhenThePeerResets(TransportProvider provider) {
        try (Net net = Net.on(provider)) {
            Net.Line line = net.line();
            Task<ByteBuf> reading = net.start(line.stream()::read);
            line.peer().reset();
            assertThatThrownBy(() -> net.run(reading))
                    .isInstanceOf(ConnectionResetException.class)
                    .hasMessageContaining("connection reset (ECONNRESET)");
            line.stream().close();
        }
    }

    @TransportTest
    void theResetOfAnIdlePeerIsNoticedByTheNextReadAndEveryOneAfterIt(TransportProvider provider) {
        try (Net net = Net.on(provider)) {
            Net.Line line = net.line();
            line.peer().reset();
            net.turn();
            for (int i = 0; i < 3; i++) {
                assertThatThrownBy(() -> net.run(line.stream().read())).isInstanceOf(ConnectionResetException.class);
            }
            line.stream().close();
        }
    }

    @TransportTest
    void theResetOfAnIdlePeerIsNoticedByTheNextWrite(TransportProvider provider) {
        try (Net net = Net.on(provider)) {
            Net.Line line = net.line();
            line.peer().reset();
            assertThatThrownBy(() -> net.run(writingUntilItFails(line.stream())))
                    .isInstanceOf(ConnectionResetException.class);
            assertRefused(line.stream(), ConnectionResetException.class, "connection reset (ECONNRESET)");
            line.stream().close();
        }
    }

    @TransportTest
    void aWriteToAPeerThatHasClosedFailsWithABrokenPipe(TransportProvider provider) {
        try (Net net = Net.on(provider)) {
            Net.Line line = net.line();
            line.peer().close();
            assertThatThrownBy(() -> net.run(writingUntilItFails(line.stream())))
                    .isInstanceOf(BrokenPipeException.class);
            assertRefused(line.stream(), BrokenPipeException.class, "broken pipe (EPIPE)");
            line.stream().close();
        }
    }

    @TransportTest
    void aPeerThatHasClosedIsAtItsEndThoughAWriteFailed(TransportProvider provider) {
        try (Net net = Net.on(provider)) {
            Net.Line line = net.line();
            line.peer().close();
            assertThatThrownBy(() -> net.run(writingUntilItFails(line.stream())))
                    .isInstanceOf(BrokenPipeException.class);
            assertThat(net.run(line.stream().read())).isNull();
            line.stream().close();
        }
    }

    @TransportTest
    void aReadAfterTheWriterFoundTheResetFailsToo(TransportProvider provider) {
        try (Net net = Net.on(provider)) {
            Net.Line line = net.line();
            line.peer().reset();
            assertThatThrownBy(() -> net.run(writingUntilItFails(line.stream())))
                    .isInstanceOf(ConnectionResetException.class);
            assertThatThrownBy(() -> net.run(line.stream().read()))
                    .as("a connection that was cut has no proper end")
                    .isInstanceOf(ConnectionResetException.class);
            line.stream().close();
        }
    }

    @TransportTest
    void aReaderAndAWriterThatWaitBothLearnOfTheReset(TransportProvider provider) {
        try (Net net = Net.on(provider)) {
            Net.Line line = net.narrowLine(TcpOptions.DEFAULT);
            ByteBuf bytes = direct(Bytes.pattern(2_000_000));
            Task<ByteBuf> reading = net.start(line.stream()::read);
            Task<Void> writing = net.start(() -> line.stream().write(bytes));
            line.peer().reset();
            assertThatThrownBy(() -> net.run(writing)).isInstanceOf(ConnectionResetException.class);
            assertThatThrownBy(() -> net.run(reading)).isInstanceOf(ConnectionResetException.class);
            assertThat(line.stream().pendingBytes()).isZero();
            assertThat(bytes.refCnt()).isZero();
            line.stream().close();
        }
    }

    @TransportTest
    void everyWriterThatWaitsIsWokenWithTheFailureAndAllBuffersAreReleased(TransportProvider provider) {
        try (Net net = Net.on(provider)) {
            Net.Line line = net.narrowLine(TcpOptions.DEFAULT);
            ByteBuf first = direct(Bytes.pattern(2_000_000));
            ByteBuf second = direct("second");
            ByteBuf third = direct("third");
            Task<Void> one = net.start(() -> line.stream().write(first));
            Task<Void> two = net.start(() -> line.stream().write(second, third));
            assertThat(one.isDone()).isFalse();
            assertThat(two.isDone()).isFalse();
            line.peer().reset();
            assertThatThrownBy(() -> net.run(one)).isInstanceOf(ConnectionResetException.class);
            assertThatThrownBy(() -> net.run(two)).isInstanceOf(ConnectionResetException.class);
            assertThat(first.refCnt() + second.refCnt() + third.refCnt()).isZero();
            assertThat(line.stream().isClosing()).as("closing is the program's").isFalse();
            line.stream().close();
        }
    }

    @TransportTest
    void aFailureNamesTheErrnoAndKeepsTheTransportsOwnException(TransportProvider provider) {
        try (Net net = Net.on(provider)) {
            Net.Line line = net.line();
            line.peer().reset();
            assertThatThrownBy(() -> net.run(line.stream().read()))
                    .hasCauseInstanceOf(IOException.class)
                    .asInstanceOf(type(NetworkException.class))
                    .extracting(NetworkException::errno)
                    .isIn(104, 54); // Linux, BSD
            line.stream().close();
        }
    }

    private static Coroutine<Void> writingUntilItFails(TcpStream stream) {
        while (true) {
            await(stream.write(direct("more")));
            await(Async.sleep(Duration.ZERO));
        }
    }

    /** Neither kind of write does anything but release what it was given. */
    private static void assertRefused(TcpStream stream, Class<? extends RuntimeException> as, String message) {
        long pending = stream.pendingBytes();
        ByteBuf single = direct("single");
        assertThatThrownBy(() -> stream.write(single)).isInstanceOf(as).hasMessageContaining(message);
        ByteBuf first = direct("first");
        ByteBuf second = Bytes.heap("second");
        assertThatThrownBy(() -> stream.write(first, second)).isInstanceOf(as).hasMessageContaining(message);
        ByteBuf empty = direct("");
        assertThatThrownBy(() -> stream.write(empty)).isInstanceOf(as);
        assertThat(single.refCnt() + first.refCnt() + second.refCnt() + empty.refCnt())
                .isZero();
        assertThat(stream.pendingBytes()).isEqualTo(pending);
    }
}

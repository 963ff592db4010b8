package io.samovar.tests.net;

import static io.samovar.Async.await;
import static io.samovar.tests.net.Bytes.direct;
import static io.samovar.tests.support.Coroutines.coroutine;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.samovar.Awaitable;
import io.samovar.CancelledError;
import io.samovar.Coroutine;
import io.samovar.Task;
import io.samovar.net.TcpOptions;
import io.samovar.net.TcpStream;
import io.samovar.tests.support.TransportTest;
import io.samovar.transport.TransportProvider;
import java.io.ByteArrayOutputStream;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class BackpressureTest {
    private static final int HIGH = 1_000_000;
    private static final int LOW = 400_000;

    /** On a {@linkplain Net#narrowLine narrow line} the kernel alone can never take what lies between the marks. */
    private static final TcpOptions MARKS = TcpOptions.DEFAULT.waterMarks(HIGH, LOW);

    @TransportTest
    void awaitingAWriteWaitsAboveTheHighMarkAndGoesOnAtTheLowOne(TransportProvider provider) {
        try (Net net = Net.on(provider)) {
            Net.Line line = net.narrowLine(MARKS);
            TcpStream stream = line.stream();
            Task<Void> writing = net.start(() -> fillTo(stream, HIGH + 1));
            assertThat(stream.pendingBytes()).isGreaterThan(LOW);
            while (!writing.isDone()) {
                assertThat(stream.pendingBytes()).as("while the task waits").isGreaterThan(LOW);
                net.run(line.peer().read(30_000));
            }
            assertThat(stream.pendingBytes()).as("when it goes on").isBetween(1L, (long) LOW);
            stream.abort();
        }
    }

    @TransportTest
    void awaitingAWriteThatLeavesNoMoreThanTheHighMarkDoesNotWait(TransportProvider provider) {
        try (Net net = Net.on(provider)) {
            TcpStream stream = net.narrowLine(MARKS).stream();
            Task<Void> writing = net.start(() -> fillTo(stream, HIGH));
            assertThat(writing.isDone()).isTrue();
            assertThat(stream.pendingBytes()).isGreaterThan(LOW);
            stream.abort();
        }
    }

    @TransportTest
    void betweenTheMarksATaskStillWaitsOnceTheHighOneWasPassed(TransportProvider provider) {
        try (Net net = Net.on(provider)) {
            Net.Line line = net.narrowLine(MARKS);
            TcpStream stream = line.stream();
            Task<Void> first = net.start(() -> fillTo(stream, HIGH + 1));
            net.run(line.peer().read(300_000));
            assertThat(stream.pendingBytes()).isBetween(LOW + 1L, (long) HIGH);
            Task<Void> second = net.start(() -> stream.write(direct("more")));
            assertThat(first.isDone()).isFalse();
            assertThat(second.isDone()).isFalse();
            Object unused = line.peer().readToTheEnd();
            net.run(first);
            net.run(second);
            stream.close();
            net.run(stream.closed());
        }
    }

    @TransportTest
    void severalBuffersInOneWriteCountTogether(TransportProvider provider) {
        try (Net net = Net.on(provider)) {
            TcpStream stream = net.narrowLine(MARKS).stream();
            ByteBuf half = direct(new byte[HIGH]);
            Task<Void> writing = net.start(() -> stream.write(half.retainedDuplicate(), half));
            assertThat(writing.isDone()).isFalse();
            stream.abort();
            assertThat(half.refCnt()).isZero();
            net.until(writing::isDone);
            assertThat(writing.exception()).isNotNull();
        }
    }

    @TransportTest
    void withMarksOfZeroATaskWaitsUntilEverythingIsWritten(TransportProvider provider) {
        try (Net net = Net.on(provider)) {
            Net.Line line = net.narrowLine(TcpOptions.DEFAULT.waterMarks(0, 0));
            TcpStream stream = line.stream();
            net.run(stream.write(direct("what the kernel takes at once never waits")));
            Task<Void> writing = net.start(() -> fillTo(stream, 100_000));
            while (!writing.isDone()) {
                assertThat(stream.pendingBytes()).isPositive();
                net.run(line.peer().read(10_000));
            }
            assertThat(stream.pendingBytes()).isZero();
            stream.abort();
        }
    }

    @Tag("P5")
    @TransportTest
    void allTasksThatWaitInAWriteAreReleased(TransportProvider provider) {
        try (Net net = Net.on(provider)) {
            Net.Line line = net.narrowLine(MARKS);
            TcpStream stream = line.stream();
            Object unused = fillTo(stream, HIGH + 1);
            List<Task<Void>> writers = List.of(
                    net.start(() -> stream.write(direct("a"))),
                    net.start(() -> stream.write(direct("b"))),
                    net.start(() -> stream.write(direct("c"))));
            assertThat(writers).noneMatch(Task::isDone);
            Object unusedToo = line.peer().readToTheEnd();
            writers.forEach(net::run);
            stream.close();
            net.run(stream.closed());
        }
    }

    @TransportTest
    void cancellingAWriteThatWaitsTakesNothingBack(TransportProvider provider) {
        try (Net net = Net.on(provider)) {
            Net.Line line = net.narrowLine(TcpOptions.DEFAULT);
            TcpStream stream = line.stream();
            byte[] bytes = Bytes.pattern(2_000_000);
            Task<Void> cancelled = net.start(() -> stream.write(direct(bytes)));
            Task<Void> other = net.start(() -> stream.write(direct("!")));
            cancelled.cancel();
            assertThatThrownBy(() -> net.run(cancelled)).isInstanceOf(CancelledError.class);
            assertThat(stream.pendingBytes()).isPositive();
            assertThat(other.isDone()).isFalse();
            assertThat(net.run(line.peer().read(bytes.length))).isEqualTo(bytes);
            net.run(other);
            assertThat(net.run(line.peer().read(1))).isEqualTo(new byte[] {'!'});
            stream.close();
        }
    }

    @TransportTest
    void aFastWriterNeverHasMuchMoreThanTheHighMarkWaiting(TransportProvider provider) {
        try (Net net = Net.on(provider)) {
            Net.Line line = net.narrowLine(TcpOptions.DEFAULT.waterMarks(100_000, 50_000));
            TcpStream stream = line.stream();
            byte[] block = Bytes.pattern(20_000);
            long[] most = {0};
            Task<Void> writing = net.loop().createTask(coroutine(() -> {
                for (int i = 0; i < 200; i++) {
                    Awaitable<Void> written = stream.write(direct(block));
                    most[0] = Math.max(most[0], stream.pendingBytes());
                    await(written);
                }
                return Coroutine.done();
            }));
            ByteArrayOutputStream received = new ByteArrayOutputStream();
            for (int i = 0; i < 200; i++) {
                received.writeBytes(net.run(line.peer().read(block.length)));
            }
            net.run(writing);
            assertThat(most[0]).isBetween(100_001L, 120_000L);
            assertThat(received.size()).isEqualTo(200 * block.length);
            stream.close();
        }
    }

    @Test
    void waterMarksMustBeInOrderAndNotNegative() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TcpOptions.DEFAULT.waterMarks(10, 11))
                .withMessage("water marks must be 0 <= low <= high, and are low=11, high=10");
        assertThatIllegalArgumentException().isThrownBy(() -> TcpOptions.DEFAULT.waterMarks(10, -1));
        assertThatIllegalArgumentException().isThrownBy(() -> TcpOptions.DEFAULT.waterMarks(-1, -1));
        TcpOptions equal = TcpOptions.DEFAULT.waterMarks(10, 10);
        assertThat(equal.highWaterMark()).isEqualTo(10);
        assertThat(equal.lowWaterMark()).isEqualTo(10);
        assertThat(TcpOptions.DEFAULT.highWaterMark()).isEqualTo(64 * 1024);
        assertThat(TcpOptions.DEFAULT.lowWaterMark()).isEqualTo(16 * 1024);
    }

    /** Fills the kernel's buffers, and leaves exactly so much waiting. */
    private static Awaitable<Void> fillTo(TcpStream stream, int pending) {
        while (stream.pendingBytes() == 0) {
            Object unused = stream.write(direct(new byte[10_000]));
        }
        return stream.write(direct(new byte[pending - (int) stream.pendingBytes()]));
    }
}

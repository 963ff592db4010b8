package io.samovar.tests.net;

import static io.samovar.Async.await;
import static io.samovar.tests.net.Bytes.heapRoom;
import static io.samovar.tests.net.Bytes.room;
import static io.samovar.tests.net.Bytes.text;
import static io.samovar.tests.support.Coroutines.coroutine;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.samovar.CancelledError;
import io.samovar.Coroutine;
import io.samovar.Task;
import io.samovar.net.ConcurrentReadException;
import io.samovar.net.TcpStream;
import io.samovar.tests.support.TransportTest;
import io.samovar.transport.TransportProvider;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ReadTest {
    @TransportTest
    void readGivesTheBytesThatHaveCome(TransportProvider provider) {
        try (Net net = Net.on(provider)) {
            Net.Line line = net.line();
            line.peer().send("kettle");
            assertThat(text(net.run(line.stream().read()))).isEqualTo("kettle");
            line.stream().close();
        }
    }

    @TransportTest
    void readWaitsForBytes(TransportProvider provider) {
        try (Net net = Net.on(provider)) {
            Net.Line line = net.line();
            Task<ByteBuf> reading = net.start(line.stream()::read);
            assertThat(reading.isDone()).isFalse();
            line.peer().send("late");
            assertThat(text(net.run(reading))).isEqualTo("late");
            line.stream().close();
        }
    }

    @TransportTest
    void readGivesNullAtTheEndAndGoesOnGivingIt(TransportProvider provider) {
        try (Net net = Net.on(provider)) {
            Net.Line line = net.line();
            line.peer().send("last words");
            line.peer().close();
            assertThat(text(net.run(line.stream().read()))).isEqualTo("last words");
            assertThat(net.run(line.stream().read())).isNull();
            assertThat(net.run(line.stream().read())).isNull();
            line.stream().close();
        }
    }

    @TransportTest
    void readGivesNullWhenAnotherTaskClosesTheStream(TransportProvider provider) {
        try (Net net = Net.on(provider)) {
            TcpStream stream = net.line().stream();
            Task<ByteBuf> reading = net.start(stream::read);
            stream.close();
            assertThat(net.run(reading)).isNull();
            assertThat(net.run(stream.read())).isNull();
        }
    }

    @TransportTest
    void readIntoADirectBufferAppends(TransportProvider provider) {
        try (Net net = Net.on(provider)) {
            Net.Line line = net.line();
            ByteBuf into = room(64).writeBytes(new byte[] {'>'});
            line.peer().send("kettle");
            assertThat(net.run(line.stream().read(into))).isEqualTo(6);
            assertThat(text(into)).isEqualTo(">kettle");
            line.stream().close();
        }
    }

    @TransportTest
    void readIntoAHeapBufferAppends(TransportProvider provider) {
        try (Net net = Net.on(provider)) {
            Net.Line line = net.line();
            ByteBuf into = heapRoom(64).writeBytes(new byte[] {'>'});
            line.peer().send("kettle");
            assertThat(net.run(line.stream().read(into))).isEqualTo(6);
            assertThat(text(into)).isEqualTo(">kettle");
            line.stream().close();
        }
    }

    @TransportTest
    void readTakesNoMoreThanTheBufferHasRoomFor(TransportProvider provider) {
        try (Net net = Net.on(provider)) {
            Net.Line line = net.line();
            line.peer().send("kettle");
            ByteBuf direct = room(3);
            ByteBuf heap = heapRoom(2);
            assertThat(net.run(line.stream().read(direct))).isEqualTo(3);
            assertThat(net.run(line.stream().read(heap))).isEqualTo(2);
            assertThat(text(direct)).isEqualTo("ket");
            assertThat(text(heap)).isEqualTo("tl");
            assertThat(text(net.run(line.stream().read()))).isEqualTo("e");
            line.stream().close();
        }
    }

    @TransportTest
    void readIntoABufferGivesMinusOneAtTheEnd(TransportProvider provider) {
        try (Net net = Net.on(provider)) {
            Net.Line line = net.line();
            line.peer().close();
            ByteBuf into = room(8);
            assertThat(net.run(line.stream().read(into))).isEqualTo(-1);
            assertThat(net.run(line.stream().read(into))).isEqualTo(-1);
            line.stream().close();
            assertThat(net.run(line.stream().read(into))).isEqualTo(-1);
            assertThat(into.release()).isTrue();
        }
    }

    @TransportTest
    void readIntoABufferGivesMinusOneWhenAnotherTaskClosesTheStream(TransportProvider provider) {
        try (Net net = Net.on(provider)) {
            TcpStream stream = net.line().stream();
            ByteBuf into = heapRoom(8);
            Task<Integer> reading = net.start(() -> stream.read(into));
            stream.close();
            assertThat(net.run(reading)).isEqualTo(-1);
            assertThat(into.release()).isTrue();
        }
    }

    @TransportTest
    void readIntoAFullBufferIsRefused(TransportProvider provider) {
        try (Net net = Net.on(provider)) {
            TcpStream stream = net.line().stream();
            ByteBuf full = room(1).writeByte(0);
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> stream.read(full))
                    .withMessageContaining("the buffer to read into is full");
            assertThat(full.refCnt()).as("stays the caller's").isOne();
            full.release();
            stream.close();
        }
    }

    @TransportTest
    void aSecondReaderIsRefusedAndTheFirstStillGetsItsBytes(TransportProvider provider) {
        try (Net net = Net.on(provider)) {
            Net.Line line = net.line();
            Task<ByteBuf> first = net.start(line.stream()::read);
            ByteBuf into = room(8);
            assertThatThrownBy(() -> net.run(line.stream().read()))
                    .isInstanceOf(ConcurrentReadException.class)
                    .hasMessageContaining("another task is reading from TcpStream(")
                    .hasMessageContaining("only one task may read from a stream at a time");
            assertThatThrownBy(() -> net.run(line.stream().read(into))).isInstanceOf(ConcurrentReadException.class);
            line.peer().send("mine");
            assertThat(text(net.run(first))).isEqualTo("mine");
            into.release();
            line.stream().close();
        }
    }

    @TransportTest
    @Tag("L18")
    void aReadThatIsCancelledLosesNoByte(TransportProvider provider) {
        try (Net net = Net.on(provider)) {
            Net.Line line = net.line();
            Task<ByteBuf> cancelled = net.start(line.stream()::read);
            cancelled.cancel();
            assertThatThrownBy(() -> net.run(cancelled)).isInstanceOf(CancelledError.class);
            line.peer().send("kept");
            assertThat(text(net.run(line.stream().read()))).isEqualTo("kept");
            line.stream().close();
        }
    }

    @TransportTest
    void aReadThatIsCancelledMakesRoomForAnother(TransportProvider provider) {
        try (Net net = Net.on(provider)) {
            Net.Line line = net.line();
            ByteBuf into = room(8);
            Task<ByteBuf> first = net.start(line.stream()::read);
            first.cancel();
            Task<Integer> second = net.start(() -> line.stream().read(into));
            second.cancel();
            Task<ByteBuf> third = net.start(line.stream()::read);
            assertThat(first.isCancelled()).isTrue();
            assertThat(second.isCancelled()).isTrue();
            assertThat(third.isDone()).isFalse();
            line.peer().send("kept");
            assertThat(text(net.run(third))).isEqualTo("kept");
            into.release();
            line.stream().close();
        }
    }

    @TransportTest
    void aReadThatIsCancelledInTheTurnInWhichItsBytesComeLosesNone(TransportProvider provider) {
        try (Net net = Net.on(provider)) {
            Net.Line line = net.line();
            Task<ByteBuf> cancelled = net.start(line.stream()::read);
            // It is in the ready queue before the task that the bytes wake, and runs in one iteration with it.
            Task<ByteBuf> canceller = net.loop().createTask(coroutine(() -> {
                cancelled.cancel();
                return Coroutine.of(await(line.stream().read()));
            }));
            line.peer().send("kept");
            assertThat(text(net.run(canceller))).isEqualTo("kept");
            assertThat(cancelled.isCancelled()).isTrue();
            line.stream().close();
        }
    }

    @TransportTest
    void whatOneReadGaveStaysIntactWhileOthersAreRead(TransportProvider provider) {
        try (Net net = Net.on(provider)) {
            Net.Line line = net.line();
            List<ByteBuf> kept = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                line.peer().send(Bytes.filled(4_000, (char) ('A' + i % 26)));
                for (int got = 0; got < 4_000; ) {
                    ByteBuf slice = net.run(line.stream().read());
                    got += slice.readableBytes();
                    kept.add(slice);
                }
            }
            ByteBuf all = Unpooled.wrappedBuffer(kept.toArray(new ByteBuf[0]));
            byte[] bytes = ByteBufUtil.getBytes(all);
            all.release();
            for (int i = 0; i < 200; i++) {
                assertThat(Arrays.copyOfRange(bytes, i * 4_000, (i + 1) * 4_000))
                        .isEqualTo(Bytes.filled(4_000, (char) ('A' + i % 26)));
            }
            line.stream().close();
        }
    }
}

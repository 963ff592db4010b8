package io.samovar.tests.net;

import static io.samovar.Async.await;
import static io.samovar.tests.net.Bytes.direct;
import static io.samovar.tests.net.Bytes.heap;
import static io.samovar.tests.net.Bytes.text;
import static io.samovar.tests.support.Coroutines.calling;
import static io.samovar.tests.support.Coroutines.coroutine;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.CompositeByteBuf;
import io.netty.buffer.Unpooled;
import io.samovar.Coroutine;
import io.samovar.Task;
import io.samovar.net.TcpStream;
import io.samovar.tests.support.TransportTest;
import io.samovar.transport.TransportProvider;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class WriteTest {
    @TransportTest
    void aDirectBufferIsSentAndReleased(TransportProvider provider) {
        sendsAndReleases(provider, direct("kettle"));
    }

    @TransportTest
    void aHeapBufferIsSentAndReleased(TransportProvider provider) {
        sendsAndReleases(provider, heap("kettle"));
    }

    @TransportTest
    void aCompositeBufferIsSentAndReleased(TransportProvider provider) {
        ByteBuf first = direct("ket");
        ByteBuf second = heap("tle");
        sendsAndReleases(provider, composite(first, second));
        assertThat(first.refCnt()).isZero();
        assertThat(second.refCnt()).isZero();
    }

    @TransportTest
    void aCompositeBufferOfDirectPartsIsSentAndReleased(TransportProvider provider) {
        sendsAndReleases(provider, composite(direct("ket"), direct("tle")));
    }

    @TransportTest
    void aReadOnlyBufferIsSentAndReleased(TransportProvider provider) {
        sendsAndReleases(provider, direct("kettle").asReadOnly());
    }

    @TransportTest
    void aBufferOfUnpooledMemoryIsSentAndReleased(TransportProvider provider) {
        sendsAndReleases(provider, Unpooled.wrappedBuffer("kettle".getBytes(UTF_8)));
    }

    @TransportTest
    void ofASliceOnlyTheSliceIsSentAndReleased(TransportProvider provider) {
        ByteBuf whole = direct("a kettle on");
        sendsAndReleases(provider, whole.retainedSlice(2, 6), whole);
        assertThat(whole.refCnt()).as("of the buffer it was cut from").isOne();
        whole.release();
    }

    @TransportTest
    void onlyTheReadableBytesAreSent(TransportProvider provider) {
        sendsAndReleases(provider, direct("a kettle").skipBytes(2));
        sendsAndReleases(provider, heap("a kettle").skipBytes(2));
    }

    @TransportTest
    void anEmptyBufferIsReleasedAndSendsNothing(TransportProvider provider) {
        try (Net net = Net.on(provider)) {
            Net.Line line = net.line();
            ByteBuf empty = direct("");
            net.run(line.stream().write(empty));
            assertThat(empty.refCnt()).isZero();
            line.stream().close();
            assertThat(net.run(line.peer().readToTheEnd())).isEmpty();
        }
    }

    @TransportTest
    void severalBuffersOfAnyKindAreSentInOrderAndReleased(TransportProvider provider) {
        try (Net net = Net.on(provider)) {
            Net.Line line = net.line();
            ByteBuf[] buffers = {direct("ke"), heap("t"), direct(""), composite(direct("t"), heap("l")), direct("e")};
            net.run(line.stream().write(buffers));
            assertThat(buffers).allSatisfy(buffer -> assertThat(buffer.refCnt()).isZero());
            line.stream().close();
            assertThat(text(net.run(line.peer().readToTheEnd()))).isEqualTo("kettle");
        }
    }

    @TransportTest
    void noBuffersAtAllSendNothing(TransportProvider provider) {
        try (Net net = Net.on(provider)) {
            Net.Line line = net.line();
            net.run(line.stream().write());
            net.run(line.stream().write(direct(""), direct("")));
            line.stream().close();
            assertThat(net.run(line.peer().readToTheEnd())).isEmpty();
        }
    }

    @TransportTest
    void moreBuffersThanOneSystemCallTakesAreSentInOrder(TransportProvider provider) {
        try (Net net = Net.on(provider)) {
            Net.Line line = net.line();
            byte[] bytes = Bytes.pattern(5_000);
            ByteBuf[] single = new ByteBuf[bytes.length];
            ByteBuf whole = direct(bytes);
            for (int i = 0; i < single.length; i++) {
                single[i] = whole.retainedSlice(i, 1);
            }
            whole.release();
            net.run(line.stream().write(single));
            line.stream().close();
            assertThat(net.run(line.peer().readToTheEnd())).isEqualTo(bytes);
            assertThat(whole.refCnt()).isZero();
        }
    }

    @TransportTest
    void buffersThatTheKernelTakesInPartsArriveWholeAndAreReleased(TransportProvider provider) {
        try (Net net = Net.on(provider)) {
            Net.Line line = net.line();
            byte[] bytes = Bytes.pattern(6_000_000);
            List<ByteBuf> buffers = new ArrayList<>();
            for (int from = 0; from < bytes.length; from += 1_000_000) {
                buffers.add(direct(Arrays.copyOfRange(bytes, from, from + 1_000_000)));
            }
            CompletableFuture<byte[]> received = line.peer().read(bytes.length);
            net.run(coroutine(() -> {
                await(line.stream().write(buffers.get(0)));
                await(line.stream().write(buffers.get(1), buffers.get(2), buffers.get(3)));
                await(line.stream().write(buffers.get(4)));
                await(line.stream().write(buffers.get(5)));
                return Coroutine.done();
            }));
            assertThat(net.run(received)).isEqualTo(bytes);
            assertThat(line.stream().pendingBytes()).isZero();
            assertThat(buffers).allSatisfy(buffer -> assertThat(buffer.refCnt()).isZero());
            line.stream().close();
        }
    }

    @TransportTest
    void theBytesOfConcurrentWritersArriveInTheOrderOfTheirCalls(TransportProvider provider) {
        try (Net net = Net.on(provider)) {
            Net.Line line = net.line();
            ByteArrayOutputStream calls = new ByteArrayOutputStream();
            List<Task<?>> writers = new ArrayList<>();
            for (char name = 'a'; name <= 'e'; name++) {
                byte[] block = Bytes.filled(10_000 + 3_000 * (name - 'a'), name);
                writers.add(net.loop().createTask(coroutine(() -> {
                    for (int i = 0; i < 40; i++) {
                        calls.writeBytes(block);
                        await(line.stream().write(direct(block)));
                    }
                    return Coroutine.done();
                })));
            }
            CompletableFuture<byte[]> received = line.peer().readToTheEnd();
            writers.forEach(net::run);
            line.stream().close();
            assertThat(net.run(received)).isEqualTo(calls.toByteArray());
        }
    }

    @TransportTest
    void oneTaskReadsWhileAnotherWrites(TransportProvider provider) {
        try (Net net = Net.on(provider)) {
            Net.Line line = net.line();
            byte[] there = Bytes.pattern(3_000_000);
            byte[] back = Bytes.pattern(2_000_000);
            ByteBuf received = Bytes.heapRoom(back.length);
            Task<Void> writing =
                    net.loop().createTask(calling(() -> line.stream().write(direct(there))));
            Task<Void> reading = net.loop().createTask(readToTheEnd(line.stream(), received));
            CompletableFuture<byte[]> peerReads = line.peer().read(there.length);
            CompletableFuture<Boolean> peerSends = line.peer().sendAll(back);
            net.run(writing);
            assertThat(net.run(peerReads)).isEqualTo(there);
            assertThat(net.run(peerSends)).isTrue();
            line.peer().shutdownOutput();
            net.run(reading);
            assertThat(ByteBufUtil.getBytes(received)).isEqualTo(back);
            received.release();
            line.stream().close();
        }
    }

    private static Coroutine<Void> readToTheEnd(TcpStream stream, ByteBuf to) {
        for (ByteBuf slice; (slice = await(stream.read())) != null; ) {
            to.writeBytes(slice);
            slice.release();
        }
        return Coroutine.done();
    }

    private static ByteBuf composite(ByteBuf... parts) {
        CompositeByteBuf whole = ByteBufAllocator.DEFAULT.compositeBuffer();
        return whole.addComponents(true, parts);
    }

    private static void sendsAndReleases(TransportProvider provider, ByteBuf kettle) {
        sendsAndReleases(provider, kettle, kettle);
    }

    private static void sendsAndReleases(TransportProvider provider, ByteBuf kettle, ByteBuf memory) {
        try (Net net = Net.on(provider)) {
            Net.Line line = net.line();
            int before = memory.refCnt();
            net.run(line.stream().write(kettle));
            assertThat(memory.refCnt()).isEqualTo(before - 1);
            line.stream().close();
            assertThat(text(net.run(line.peer().readToTheEnd()))).isEqualTo("kettle");
        }
    }
}

package io.samovar.tests.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.samovar.tests.support.TransportTest;
import io.samovar.transport.ReceiveBuffer;
import io.samovar.transport.TransportProvider;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReceiveBufferContractTest {
    private static final int LARGEST_READ = 64 * 1024;

    private final UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(true);

    @Test
    void theNextReadStartsAtTheFrontWhenTheLastSliceIsReleased() {
        try (ReceiveBuffer memory = new ReceiveBuffer(allocator)) {
            ByteBuf first = take(memory, 1, 2, 3);
            ByteBuf second = take(memory, 4);
            assertThat(memory.prepare().writerIndex()).isEqualTo(4);
            first.release();
            assertThat(memory.prepare().writerIndex())
                    .as("the second slice is alive")
                    .isEqualTo(4);
            second.release();
            assertThat(memory.prepare().writerIndex()).isZero();
        }
        assertNothingIsLeft();
    }

    @Test
    void aReadThatBroughtNothingNeedsNoSlice() {
        try (ReceiveBuffer memory = new ReceiveBuffer(allocator)) {
            ByteBuf prepared = memory.prepare();
            assertThat(memory.prepare()).isSameAs(prepared);
        }
        assertNothingIsLeft();
    }

    @Test
    void aChunkThatIsFullOfLiveSlicesIsFollowedByAFreshOne() {
        List<ByteBuf> kept = new ArrayList<>();
        try (ReceiveBuffer memory = new ReceiveBuffer(allocator)) {
            for (int i = 0; i < 100; i++) {
                assertThat(memory.prepare().writableBytes())
                        .as("room for the largest read")
                        .isGreaterThanOrEqualTo(LARGEST_READ);
                kept.add(take(memory, Pair.noise(10_000 + i)));
            }
            assertIntact(kept);
        }
        assertIntact(kept);
        long all = allocator.metric().usedDirectMemory();
        kept.subList(0, 50).forEach(ByteBuf::release);
        assertThat(allocator.metric().usedDirectMemory())
                .as("a chunk goes with its last slice")
                .isLessThan(all);
        kept.subList(50, 100).forEach(ByteBuf::release);
        assertNothingIsLeft();
    }

    private static void assertIntact(List<ByteBuf> slices) {
        for (int i = 0; i < slices.size(); i++) {
            assertThat(bytes(slices.get(i))).isEqualTo(Pair.noise(10_000 + i));
        }
    }

    @Test
    void aSliceOutlivesTheBufferThatItCameFrom() {
        ReceiveBuffer memory = new ReceiveBuffer(allocator);
        ByteBuf slice = take(memory, 1, 2, 3);
        memory.close();
        memory.close();
        assertThat(bytes(slice)).containsExactly(1, 2, 3);
        assertThatThrownBy(memory::prepare)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("the transport of this loop is closed");
        slice.release();
        assertNothingIsLeft();
    }

    @Test
    void aSliceMayBeReleasedOnAnotherThread() {
        try (ReceiveBuffer memory = new ReceiveBuffer(allocator)) {
            for (int i = 0; i < 100; i++) {
                ByteBuf slice = take(memory, i);
                new Background(slice::release).close();
                assertThat(memory.prepare().writerIndex()).isZero();
            }
        }
        assertNothingIsLeft();
    }

    @TransportTest
    void aSliceThatIsKeptStaysIntactWhileLaterReadsGoOn(TransportProvider provider) throws IOException {
        try (Driver driver = new Driver(provider);
                Pair pair = Pair.accepted(driver)) {
            ReceiveBuffer memory = driver.transport().receiveBuffer();
            List<ByteBuf> kept = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                byte[] sent = Pair.noise(5_000 + i);
                pair.peer.getOutputStream().write(sent);
                for (int at = 0; at < sent.length; ) {
                    ByteBuf slice = receive(pair, memory);
                    byte[] got = bytes(slice);
                    assertThat(got).isEqualTo(Arrays.copyOfRange(sent, at, at + got.length));
                    at += got.length;
                    if (i % 10 == 0) {
                        kept.add(slice);
                    } else {
                        slice.release();
                    }
                }
            }
            for (int i = 0, slice = 0; slice < kept.size(); i += 10) {
                byte[] sent = Pair.noise(5_000 + i);
                for (int at = 0; at < sent.length; slice++) {
                    byte[] got = bytes(kept.get(slice));
                    assertThat(got).isEqualTo(Arrays.copyOfRange(sent, at, at + got.length));
                    at += got.length;
                }
            }
            kept.forEach(ByteBuf::release);
        }
    }

    @TransportTest
    void anEchoUsesTheSameMemoryForEver(TransportProvider provider) throws IOException {
        try (Driver driver = new Driver(provider);
                Pair pair = Pair.accepted(driver)) {
            ReceiveBuffer memory = driver.transport().receiveBuffer();
            ByteBuf chunk = memory.prepare();
            for (int i = 0; i < 1_000; i++) {
                pair.peer.getOutputStream().write(i);
                ByteBuf slice = receive(pair, memory);
                assertThat(pair.ours.write(slice)).isEqualTo(1);
                slice.release();
                assertThat(pair.peer.getInputStream().read()).isEqualTo(i & 0xff);
                assertThat(memory.prepare()).isSameAs(chunk);
                assertThat(chunk.writerIndex()).isZero();
            }
        }
    }

    private static ByteBuf receive(Pair pair, ReceiveBuffer memory) {
        int[] bytes = new int[1];
        pair.driver.pollUntil("bytes from the peer", () -> (bytes[0] = pair.ours.read(memory.prepare())) != 0);
        return memory.take(bytes[0]);
    }

    private static ByteBuf take(ReceiveBuffer memory, int... bytes) {
        return take(memory, Pair.bytes(bytes));
    }

    private static ByteBuf take(ReceiveBuffer memory, byte[] bytes) {
        memory.prepare().writeBytes(bytes);
        return memory.take(bytes.length);
    }

    private static byte[] bytes(ByteBuf buffer) {
        byte[] bytes = new byte[buffer.readableBytes()];
        buffer.getBytes(buffer.readerIndex(), bytes);
        return bytes;
    }

    private void assertNothingIsLeft() {
        assertThat(allocator.metric().usedDirectMemory()).isZero();
    }
}

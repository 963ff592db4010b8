package io.samovar.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.samovar.transport.ForwardingStreamSocket;
import io.samovar.transport.StreamSocket;
import java.io.ByteArrayOutputStream;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** What waits to be written leaves in order, whole, and in few calls. */
class OutboundQueueTest {
    private final List<ByteBuf> added = new ArrayList<>();
    private final ByteArrayOutputStream expected = new ByteArrayOutputStream();
    private final Kernel kernel = new Kernel();
    private final OutboundQueue queue = new OutboundQueue(null);

    @Test
    void allThatWaitsLeavesInOneCall() {
        for (int i = 0; i < 20; i++) {
            add(100);
        }
        assertThat(queue.bytes()).isEqualTo(2_000);
        assertThat(queue.flushTo(kernel)).isTrue();
        assertThat(kernel.calls).as("buffers of each call").containsExactly(20);
        assertThat(kernel.taken()).isEqualTo(expected.toByteArray());
        assertThat(added).allMatch(piece -> piece.refCnt() == 0);
    }

    @Test
    void onePieceIsNoGatheringWrite() {
        add(100);
        assertThat(queue.flushTo(kernel)).isTrue();
        assertThat(kernel.calls).containsExactly(1);
    }

    @Test
    void whatIsDroppedIsReleased() {
        add(100);
        add(100);
        queue.release();
        assertThat(queue.isEmpty()).isTrue();
        assertThat(queue.bytes()).isZero();
        assertThat(added).allMatch(piece -> piece.refCnt() == 0);
    }

    @Test
    void piecesGoOnBehindWhatHasPartlyLeft() {
        add(100);
        add(100);
        kernel.room = 150;
        assertThat(queue.flushTo(kernel)).isFalse();
        add(100);
        assertThat(queue.bytes()).isEqualTo(150);
        kernel.room = Long.MAX_VALUE;
        assertThat(queue.flushTo(kernel)).isTrue();
        assertThat(queue.isEmpty()).isTrue();
        add(100);
        assertThat(queue.flushTo(kernel)).isTrue();
        assertThat(kernel.taken()).isEqualTo(expected.toByteArray());
    }

    @Test
    void nothingIsLostDoubledOrLeakedWhateverTheSizesAndTheRoom() {
        SplittableRandom random = new SplittableRandom(7);
        BufferedBytes together = new BufferedBytes();
        for (int round = 0; round < 200; round++) {
            OutboundQueue mixed = new OutboundQueue(together);
            for (int step = 0; step < 60; step++) {
                int kind = random.nextInt(10);
                mixed.add(piece(kind < 6 ? 1 + random.nextInt(300) : kind < 8 ? 500 + random.nextInt(30) : 3_000));
                assertThat(together.total()).isEqualTo(mixed.bytes());
                if (random.nextInt(4) == 0) {
                    kernel.room = random.nextInt(5_000);
                    mixed.flushTo(kernel);
                }
            }
            kernel.room = Long.MAX_VALUE;
            assertThat(mixed.flushTo(kernel)).isTrue();
            assertThat(kernel.taken()).isEqualTo(expected.toByteArray());
            mixed.add(piece(10));
            mixed.add(piece(10));
            mixed.release();
            expected.reset();
            kernel.out.reset();
            assertThat(together.total()).isZero();
            assertThat(added).allMatch(buffer -> buffer.refCnt() == 0);
            added.clear();
        }
    }

    private void add(int size) {
        queue.add(piece(size));
    }

    private ByteBuf piece(int size) {
        byte[] bytes = new byte[size];
        for (int i = 0; i < size; i++) {
            bytes[i] = (byte) (((expected.size() + i) * 31) >>> 3);
        }
        expected.writeBytes(bytes);
        // At once: the leak detector notes each access.
        ByteBuf piece = PooledByteBufAllocator.DEFAULT.directBuffer(size).writeBytes(bytes);
        added.add(piece);
        return piece;
    }

    /** Takes as much as it has room for, and does nothing else. */
    private static final class Kernel extends ForwardingStreamSocket {
        final ByteArrayOutputStream out = new ByteArrayOutputStream();
        /** Buffers of each call. */
        final List<Integer> calls = new ArrayList<>();

        long room = Long.MAX_VALUE;

        Kernel() {
            super((StreamSocket) Proxy.newProxyInstance(
                    StreamSocket.class.getClassLoader(),
                    new Class<?>[] {StreamSocket.class},
                    (proxy, method, arguments) -> {
                        throw new UnsupportedOperationException(method.getName());
                    }));
        }

        byte[] taken() {
            return out.toByteArray();
        }

        @Override
        public int write(ByteBuf from) {
            calls.add(1);
            return (int) take(from);
        }

        @Override
        public long write(ByteBuf[] buffers, int offset, int count) {
            calls.add(count);
            long bytes = 0;
            for (int i = offset; i < offset + count; i++) {
                bytes += take(buffers[i]);
            }
            return bytes;
        }

        private long take(ByteBuf from) {
            byte[] bytes = new byte[(int) Math.min(room, from.readableBytes())];
            from.getBytes(from.readerIndex(), bytes);
            out.writeBytes(bytes);
            room -= bytes.length;
            return bytes.length;
        }
    }
}

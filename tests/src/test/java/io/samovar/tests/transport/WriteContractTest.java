package io.samovar.tests.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.samovar.net.BrokenPipeException;
import io.samovar.net.ConnectionResetException;
import io.samovar.net.NetworkException;
import io.samovar.tests.support.TransportTest;
import io.samovar.transport.TransportProvider;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

class WriteContractTest {
    /** More than the kernel's buffers of both ends hold together. */
    private static final int MUCH = 8 * 1024 * 1024;

    @TransportTest
    void aWriteTakesTheReadableBytesAndLeavesTheIndexes(TransportProvider provider) throws IOException {
        try (Driver driver = new Driver(provider);
                Pair pair = Pair.accepted(driver)) {
            ByteBuf buffer = Pair.direct(new byte[] {0, 1, 2, 3, 4});
            buffer.skipBytes(1).writerIndex(4);
            assertThat(pair.ours.write(buffer)).isEqualTo(3);
            assertThat(buffer.readerIndex()).isEqualTo(1);
            assertThat(buffer.writerIndex()).isEqualTo(4);
            buffer.release();
            pair.ours.shutdownOutput();
            assertThat(pair.peer.getInputStream().readAllBytes()).containsExactly(1, 2, 3);
        }
    }

    @TransportTest
    void aWriteOfNothingIsZeroAndDoesNotMeanThatMoreWouldBlock(TransportProvider provider) throws IOException {
        try (Driver driver = new Driver(provider);
                Pair pair = Pair.accepted(driver)) {
            assertThat(pair.write()).isZero();
            ByteBuf empty = Pair.direct(new byte[0]);
            assertThat(pair.ours.write(new ByteBuf[] {empty, empty}, 0, 2)).isZero();
            assertThat(pair.ours.write(new ByteBuf[0], 0, 0)).isZero();
            empty.release();
            assertThat(pair.write(7)).isEqualTo(1);
            assertThat(pair.peer.getInputStream().read()).isEqualTo(7);
        }
    }

    @TransportTest
    void whatASlowPeerLeftBehindIsTakenWhenTheSocketIsReportedWritable(TransportProvider provider) throws IOException {
        byte[] sent = Pair.noise(MUCH);
        ByteBuf rest = Pair.direct(sent);
        try (Driver driver = new Driver(provider);
                Pair pair = Pair.accepted(driver)) {
            writeToASlowPeer(pair, sent, rest::isReadable, () -> {
                int bytes = pair.ours.write(rest);
                rest.skipBytes(bytes);
                return bytes;
            });
        } finally {
            rest.release();
        }
    }

    @TransportTest
    void whatASlowPeerLeftOfManyBuffersIsTakenWhenTheSocketIsReportedWritable(TransportProvider provider)
            throws IOException {
        byte[] sent = Pair.noise(MUCH);
        Gather gather = new Gather(sent, 8 * 1024);
        try (Driver driver = new Driver(provider);
                Pair pair = Pair.accepted(driver)) {
            writeToASlowPeer(pair, sent, gather::isReadable, () -> gather.writeOnce(pair));
        } finally {
            gather.release();
        }
    }

    /** A step writes once and returns how much. */
    private static void writeToASlowPeer(Pair pair, byte[] sent, BooleanSupplier more, LongSupplier step)
            throws IOException {
        ByteArrayOutputStream arrived = new ByteArrayOutputStream();
        long taken = 0;
        for (long bytes; (bytes = step.getAsLong()) > 0; ) {
            taken += bytes;
        }
        assertThat(taken).as("the peer does not read").isPositive().isLessThan(sent.length);
        assertThat(step.getAsLong()).isZero();

        arrived.write(pair.peer.getInputStream().readNBytes((int) taken));
        assertThat(step.getAsLong())
                .as("there is room now, but nothing was polled, so the kernel is not asked")
                .isZero();

        int left = sent.length - (int) taken;
        try (Background reader =
                new Background(() -> arrived.write(pair.peer.getInputStream().readNBytes(left)))) {
            while (more.getAsBoolean()) {
                pair.events.forget();
                pair.driver.pollUntil("room", () -> pair.events.writable > 0);
                while (step.getAsLong() > 0) {
                    // until it would block or all is gone
                }
            }
            pair.driver.pollUntil("the peer's last byte", reader::isDone);
        }
        assertThat(arrived.toByteArray()).isEqualTo(sent);
    }

    @TransportTest
    void oneGatheringWriteTakesManyBuffersInTheirOrder(TransportProvider provider) throws IOException {
        byte[] sent = Pair.noise(600);
        Gather gather = new Gather(sent, 3);
        try (Driver driver = new Driver(provider);
                Pair pair = Pair.accepted(driver)) {
            ByteBuf[] buffers = gather.buffers();
            assertThat(pair.ours.write(buffers, 10, 150)).isEqualTo(450);
            assertThat(buffers[10].readerIndex()).isZero();
            assertThat(pair.peer.getInputStream().readNBytes(450)).isEqualTo(Arrays.copyOfRange(sent, 30, 480));
        } finally {
            gather.release();
        }
    }

    @TransportTest
    void moreBuffersThanOneCallTakesGoWithTheNextOnes(TransportProvider provider) throws IOException {
        byte[] sent = Pair.noise(6_000);
        Gather gather = new Gather(sent, 2);
        assertThat(gather.buffers()).hasSizeGreaterThan(2 * 1_024);
        try (Driver driver = new Driver(provider);
                Pair pair = Pair.accepted(driver)) {
            while (gather.isReadable()) {
                assertThat(gather.writeOnce(pair)).isPositive(); // the peer's buffer holds all of it
            }
            assertThat(pair.peer.getInputStream().readNBytes(sent.length)).isEqualTo(sent);
        } finally {
            gather.release();
        }
    }

    @TransportTest
    void emptyBuffersAmongTheOthersDoNotStopAGatheringWrite(TransportProvider provider) throws IOException {
        ByteBuf empty = Pair.direct(new byte[0]);
        ByteBuf one = Pair.direct(new byte[] {1});
        ByteBuf two = Pair.direct(new byte[] {2});
        ByteBuf[] buffers = new ByteBuf[3_000];
        Arrays.fill(buffers, empty);
        buffers[1_500] = one;
        buffers[2_999] = two;
        try (Driver driver = new Driver(provider);
                Pair pair = Pair.accepted(driver)) {
            assertThat(pair.ours.write(buffers, 0, buffers.length))
                    .as("0 would mean that the peer is slow")
                    .isEqualTo(2);
            assertThat(pair.peer.getInputStream().readNBytes(2)).containsExactly(1, 2);
        } finally {
            empty.release();
            one.release();
            two.release();
        }
    }

    @TransportTest
    void aPeersResetWhileWritingFailsTheNextWrite(TransportProvider provider) throws IOException {
        try (Driver driver = new Driver(provider);
                Pair pair = Pair.accepted(driver)) {
            assertThat(pair.write(1)).isEqualTo(1);
            pair.resetByPeer();
            driver.pollUntil("a report", () -> pair.events.readable > 0);
            assertCut(() -> pair.write(2));
            assertCut(() -> pair.write(3));
        }
    }

    @TransportTest
    void aPeersResetFailsAGatheringWrite(TransportProvider provider) throws IOException {
        Gather gather = new Gather(Pair.noise(20), 10);
        try (Driver driver = new Driver(provider);
                Pair pair = Pair.accepted(driver)) {
            pair.resetByPeer();
            driver.pollUntil("a report", () -> pair.events.readable > 0);
            assertCut(() -> gather.writeOnce(pair));
        } finally {
            gather.release();
        }
    }

    @TransportTest
    void aPeersResetEndsTheWaitOfAWriterWhosePeerWasSlow(TransportProvider provider) throws IOException {
        byte[] much = new byte[MUCH];
        try (Driver driver = new Driver(provider);
                Pair pair = Pair.accepted(driver)) {
            assertThat(pair.write(much)).isLessThan(MUCH);
            assertThat(pair.write(much)).isZero();
            driver.settle();
            pair.events.forget();
            pair.resetByPeer();
            driver.pollUntil("a report", () -> pair.events.writable > 0);
            assertCut(() -> pair.write(1));
        }
    }

    /** The first operation after a reset is told of it; later ones find that the pipe is broken. */
    private static void assertCut(ThrowingCallable write) {
        assertThatThrownBy(write)
                .isInstanceOfAny(ConnectionResetException.class, BrokenPipeException.class)
                .hasMessageStartingWith("write: ")
                .extracting(failure -> ((NetworkException) failure).errno())
                .isNotEqualTo(0);
    }

    /** Bytes in many buffers. */
    private static final class Gather {
        private final List<ByteBuf> all = new ArrayList<>();
        private int first;

        Gather(byte[] bytes, int each) {
            for (int at = 0; at < bytes.length; at += each) {
                all.add(Pair.direct(Arrays.copyOfRange(bytes, at, Math.min(bytes.length, at + each))));
            }
        }

        ByteBuf[] buffers() {
            return all.toArray(ByteBuf[]::new);
        }

        boolean isReadable() {
            return first < all.size();
        }

        /** One gathering write of all that is left. */
        long writeOnce(Pair pair) {
            long written = pair.ours.write(buffers(), first, all.size() - first);
            for (long left = written; left > 0; ) {
                ByteBuf buffer = all.get(first);
                int part = (int) Math.min(left, buffer.readableBytes());
                buffer.skipBytes(part);
                left -= part;
                first += buffer.isReadable() ? 0 : 1;
            }
            return written;
        }

        void release() {
            all.forEach(ByteBuf::release);
        }
    }
}

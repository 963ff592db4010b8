package io.samovar.tests.transport;

import static io.samovar.tests.transport.Failures.assertFails;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.samovar.net.ConnectionResetException;
import io.samovar.tests.support.TransportTest;
import io.samovar.transport.Errno;
import io.samovar.transport.TransportProvider;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ReadContractTest {
    @TransportTest
    void aReadLandsAtTheWriterIndexAndMovesIt(TransportProvider provider) throws IOException {
        try (Driver driver = new Driver(provider);
                Pair pair = Pair.accepted(driver)) {
            pair.peer.getOutputStream().write(new byte[] {1, 2, 3});
            driver.pollUntil("a report", () -> pair.events.readable > 0);
            ByteBuf buffer = Pair.direct(new byte[16]);
            buffer.clear().writeShort(0x0908).skipBytes(1);
            assertThat(pair.ours.read(buffer)).isEqualTo(3);
            assertThat(buffer.writerIndex()).isEqualTo(5);
            assertThat(buffer.readerIndex()).isEqualTo(1);
            byte[] bytes = new byte[5];
            buffer.getBytes(0, bytes);
            assertThat(bytes).containsExactly(9, 8, 1, 2, 3);
            buffer.release();
        }
    }

    @TransportTest
    void aReadBeforeAnyReportIsZeroWithoutAskingTheKernel(TransportProvider provider) throws IOException {
        try (Driver driver = new Driver(provider);
                Pair pair = Pair.accepted(driver)) {
            pair.drain();
            pair.peer.getOutputStream().write(1);
            pair.drain();
            assertThat(pair.received.size()).as("nothing was polled").isZero();
            assertThat(pair.receive(1)).containsExactly(1);
        }
    }

    @TransportTest
    void aReadAfterItWouldBlockIsZeroWithoutAskingTheKernel(TransportProvider provider) throws IOException {
        try (Driver driver = new Driver(provider);
                Pair pair = Pair.connected(driver)) {
            pair.peer.getOutputStream().write(1);
            assertThat(pair.receive(1)).containsExactly(1);
            pair.peer.getOutputStream().write(2);
            pair.drain();
            assertThat(pair.received.size()).as("nothing was polled").isZero();
            assertThat(pair.receive(1)).containsExactly(2);
        }
    }

    @TransportTest
    void aReadThatFillsTheBufferIsFollowedByAnotherWithoutAReport(TransportProvider provider) throws IOException {
        byte[] sent = Pair.noise(1_000);
        byte[] got = new byte[sent.length];
        try (Driver driver = new Driver(provider);
                Pair pair = Pair.accepted(driver)) {
            pair.peer.getOutputStream().write(sent);
            driver.settle(); // all of it has arrived
            ByteBuf buffer = Pair.direct(new byte[10]);
            for (int at = 0; at < sent.length; at += 10) {
                buffer.clear();
                assertThat(pair.ours.read(buffer.capacity(10))).isEqualTo(10);
                buffer.readBytes(got, at, 10);
            }
            buffer.clear();
            assertThat(pair.ours.read(buffer)).isZero();
            buffer.release();
        }
        assertThat(got).isEqualTo(sent);
    }

    /** A short read is taken to mean that nothing is left, so what comes right behind it must be reported anew. */
    @TransportTest
    void whatArrivesAroundAShortReadIsNeverLost(TransportProvider provider) throws IOException {
        byte[] sent = Pair.noise(300_000);
        try (Driver driver = new Driver(provider);
                Pair pair = Pair.accepted(driver);
                Background writer = new Background(() -> {
                    OutputStream out = pair.peer.getOutputStream();
                    for (int at = 0; at < sent.length; at += 30) {
                        out.write(sent, at, 30);
                    }
                })) {
            assertThat(pair.receive(sent.length)).isEqualTo(sent);
            assertThat(writer).isNotNull();
        }
    }

    @TransportTest
    void eachOfAThousandMessagesIsReported(TransportProvider provider) throws IOException {
        try (Driver driver = new Driver(provider);
                Pair pair = Pair.connected(driver)) {
            for (int i = 0; i < 1_000; i++) {
                pair.peer.getOutputStream().write(i);
                assertThat(pair.receive(1)).containsExactly(i);
            }
        }
    }

    /**
     * The system ends a read at the mark of urgent data, so a short read does not mean there that nothing is left. Not a
     * {@link TransportTest}: kqueue does not tell of the mark, and what follows it waits there for the peer's next bytes.
     */
    @ParameterizedTest(name = "{0}")
    @MethodSource("io.samovar.tests.support.AvailableTransports#all")
    void whatFollowsUrgentDataIsNotLost(TransportProvider provider) throws IOException {
        try (Driver driver = new Driver(provider);
                Pair pair = Pair.accepted(driver)) {
            driver.settle();
            pair.peer.getOutputStream().write(1);
            pair.peer.sendUrgentData('!');
            pair.peer.getOutputStream().write(2);
            driver.settle();
            assertThat(pair.receive(2)).containsExactly(1, 2);
            pair.peer.getOutputStream().write(3);
            assertThat(pair.receive(1)).containsExactly(3);
        }
    }

    @TransportTest
    void dataAndTheEndOfTheStreamAtOnceAreAllBytesAndThenTheEnd(TransportProvider provider) throws IOException {
        byte[] sent = Pair.noise(20_000);
        try (Driver driver = new Driver(provider);
                Pair pair = Pair.accepted(driver)) {
            pair.peer.getOutputStream().write(sent);
            pair.peer.shutdownOutput();
            pair.receiveEnd();
            assertThat(pair.received.toByteArray()).isEqualTo(sent);
        }
    }

    @TransportTest
    void theEndOfTheStreamAfterAReportOfDataIsNotMissed(TransportProvider provider) throws IOException {
        try (Driver driver = new Driver(provider);
                Pair pair = Pair.accepted(driver)) {
            pair.peer.getOutputStream().write(1);
            driver.pollUntil("a report", () -> pair.events.readable > 0);
            pair.peer.shutdownOutput();
            pair.receiveEnd();
            assertThat(pair.received.toByteArray()).containsExactly(1);
        }
    }

    @TransportTest
    void theEndOfTheStreamStaysTheEnd(TransportProvider provider) throws IOException {
        try (Driver driver = new Driver(provider);
                Pair pair = Pair.accepted(driver)) {
            pair.peer.shutdownOutput();
            pair.receiveEnd();
            ByteBuf buffer = Pair.direct(new byte[1]).clear();
            assertThat(pair.ours.read(buffer)).isEqualTo(-1);
            assertThat(driver.pollsDuring(ReadinessContractTest.A_WHILE)).isLessThan(ReadinessContractTest.FEW);
            assertThat(pair.ours.read(buffer)).isEqualTo(-1);
            buffer.release();
        }
    }

    @TransportTest
    void aPeersResetWhileReadingIsAConnectionResetException(TransportProvider provider) throws IOException {
        try (Driver driver = new Driver(provider);
                Pair pair = Pair.accepted(driver)) {
            pair.peer.getOutputStream().write(1);
            assertThat(pair.receive(1)).containsExactly(1);
            pair.resetByPeer();
            assertFails(pair::receiveEnd, ConnectionResetException.class, Errno.ECONNRESET, "read");
        }
    }

    @TransportTest
    void aPeersResetWhileIdleIsReportedAndTheNextReadTellsWhatItWas(TransportProvider provider) throws IOException {
        try (Driver driver = new Driver(provider);
                Pair pair = Pair.connected(driver)) {
            driver.settle();
            pair.events.forget();
            pair.resetByPeer();
            driver.pollUntil("a report", () -> pair.events.readable > 0);
            assertFails(pair::drain, ConnectionResetException.class, Errno.ECONNRESET, "read");
            assertThat(driver.pollsDuring(ReadinessContractTest.A_WHILE)).isLessThan(ReadinessContractTest.FEW);
        }
    }

    @TransportTest
    void aPeersResetWithBytesWeHaveNotReadEndsInAConnectionResetException(TransportProvider provider)
            throws IOException {
        byte[] sent = Pair.noise(5_000);
        try (Driver driver = new Driver(provider);
                Pair pair = Pair.accepted(driver)) {
            pair.peer.getOutputStream().write(sent);
            pair.resetByPeer();
            assertThatThrownBy(pair::receiveEnd).isInstanceOf(ConnectionResetException.class);
            byte[] got = pair.received.toByteArray(); // the system may have thrown away some or all
            assertThat(got).isEqualTo(Arrays.copyOf(sent, got.length));
        }
    }

    @TransportTest
    void aPeerThatClosesWithBytesItHasNotReadEndsTheStreamOrResetsIt(TransportProvider provider) throws IOException {
        try (Driver driver = new Driver(provider);
                Pair pair = Pair.accepted(driver)) {
            assertThat(pair.write(Pair.noise(100))).isEqualTo(100);
            pair.peer.getInputStream().readNBytes(1); // so that the rest has arrived, too
            pair.peer.close();
            try {
                pair.receiveEnd(); // the JDK sends the end of the stream ahead of the reset
            } catch (ConnectionResetException reset) {
                assertThat(pair.received.size()).isZero();
            }
        }
    }
}

package io.samovar.tests.transport;

import static io.samovar.tests.transport.Failures.assertClosed;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.samovar.tests.support.TransportTest;
import io.samovar.transport.ListenSocket;
import io.samovar.transport.StreamSocket;
import io.samovar.transport.TransportProvider;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.StandardSocketOptions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

class CloseContractTest {
    @TransportTest
    void aCloseSendsTheEndOfTheStream(TransportProvider provider) throws IOException {
        try (Driver driver = new Driver(provider);
                Pair pair = Pair.accepted(driver)) {
            assertThat(pair.write(1)).isEqualTo(1);
            pair.ours.close();
            assertThat(pair.ours.isOpen()).isFalse();
            assertThat(pair.peer.getInputStream().readAllBytes()).containsExactly(1);
        }
    }

    @TransportTest
    void closingTwiceDoesNothing(TransportProvider provider) throws IOException {
        try (Driver driver = new Driver(provider);
                Pair pair = Pair.accepted(driver)) {
            ListenSocket listener = driver.listen(1);
            pair.ours.close();
            pair.ours.close();
            pair.ours.reset();
            listener.close();
            listener.close();
            assertThat(pair.peer.getInputStream().read()).isEqualTo(-1);
            driver.settle();
            assertThat(driver.failures).isEmpty();
        }
    }

    @TransportTest
    void everyOperationOnAClosedSocketIsAStreamClosedException(TransportProvider provider) throws IOException {
        ByteBuf buffer = Pair.direct(new byte[1]);
        try (Driver driver = new Driver(provider);
                Pair pair = Pair.accepted(driver)) {
            StreamSocket closed = pair.ours;
            closed.close();
            assertClosed("bind", () -> closed.bind(Loopback.v4(0)));
            assertClosed("connect", () -> closed.connect(Loopback.v4(9)));
            assertClosed("connect", closed::finishConnect);
            assertClosed("read", () -> closed.read(buffer.clear()));
            assertClosed("write", () -> closed.write(buffer.writerIndex(1)));
            assertClosed("write", () -> closed.write(new ByteBuf[] {buffer}, 0, 1));
            assertClosed("shut down output", closed::shutdownOutput);
            assertClosed("set", () -> closed.setOption(StandardSocketOptions.TCP_NODELAY, true));
            assertClosed("get", () -> closed.getOption(StandardSocketOptions.TCP_NODELAY));
            assertThat(closed.localAddress()).isNull();
            ListenSocket listener = driver.listen(1);
            listener.close();
            assertClosed("accept", listener::accept);
        } finally {
            buffer.release();
        }
    }

    @TransportTest
    void aListenerMayCloseItsOwnSocket(TransportProvider provider) throws IOException {
        try (Driver driver = new Driver(provider);
                Pair pair = Pair.accepted(driver)) {
            driver.settle();
            pair.events.forget();
            pair.events.then(pair.ours::close);
            pair.peer.getOutputStream().write(1);
            pair.peer.shutdownOutput();
            driver.pollUntil("a report", () -> pair.events.calls > 0);
            driver.settle();
            assertThat(pair.events.calls).isEqualTo(1);
            assertThat(driver.failures).isEmpty();
        }
    }

    @TransportTest
    void aSocketThatIsClosedByAnothersListenerIsNotReportedInThatBatch(TransportProvider provider) throws IOException {
        try (Driver driver = new Driver(provider)) {
            List<Pair> pairs = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                pairs.add(Pair.accepted(driver));
            }
            driver.settle();
            for (Pair pair : pairs) {
                pair.events.forget();
                pair.events.then(() -> pairs.forEach(each -> each.ours.close()));
                pair.peer.getOutputStream().write(1);
            }
            driver.settle();
            assertThat(pairs.stream().mapToInt(pair -> pair.events.calls).sum())
                    .as("the first that is told closes all of them")
                    .isEqualTo(1);
            assertThat(driver.failures).isEmpty();
            pairs.forEach(Pair::close);
        }
    }

    @TransportTest
    void closingHundredsOfReadySocketsInOneBatchLeavesTheOthersAlone(TransportProvider provider) throws IOException {
        try (Driver driver = new Driver(provider);
                Pair first = Pair.accepted(driver);
                Pair last = Pair.accepted(driver)) {
            List<StreamSocket> sockets = new ArrayList<>();
            for (int i = 0; i < 600; i++) {
                sockets.add(driver.transport().stream());
            }
            first.events.once(() -> sockets.forEach(StreamSocket::close));
            first.peer.getOutputStream().write(1);
            last.peer.getOutputStream().write(2);
            assertThat(last.receive(1)).containsExactly(2);
            assertThat(first.receive(1)).containsExactly(1);
            assertThat(sockets).noneMatch(StreamSocket::isOpen);
        }
    }

    @TransportTest
    void aCloseWhileAWriteIsPendingSendsWhatWasTakenAndReportsNothing(TransportProvider provider) throws IOException {
        try (Driver driver = new Driver(provider);
                Pair pair = Pair.accepted(driver)) {
            byte[] much = Pair.noise(8 * 1024 * 1024);
            int taken = pair.write(much);
            assertThat(taken).isLessThan(much.length);
            driver.settle();
            pair.events.forget();
            pair.ours.close();
            byte[] arrived = pair.peer.getInputStream().readAllBytes();
            assertThat(arrived).isEqualTo(Arrays.copyOf(much, taken));
            driver.settle();
            assertThat(pair.events.calls).isZero();
        }
    }

    @TransportTest
    void aCloseWithBytesWeHaveNotReadIsTheEndOrAResetForThePeer(TransportProvider provider) throws IOException {
        try (Driver driver = new Driver(provider);
                Pair pair = Pair.accepted(driver)) {
            pair.peer.getOutputStream().write(new byte[100]);
            driver.settle();
            pair.ours.close();
            driver.settle();
            assertThat(readsTheEnd(pair.peer))
                    .as("it is told one way or the other")
                    .isTrue();
        }
    }

    /** Whether the next read says that the connection is over, and not that it waits in vain. */
    private static boolean readsTheEnd(Socket peer) throws IOException {
        try {
            return peer.getInputStream().read() < 0;
        } catch (SocketException reset) {
            return reset.getMessage().contains("reset");
        }
    }

    @TransportTest
    void aResetIsWhatThePeerSees(TransportProvider provider) throws IOException {
        try (Driver driver = new Driver(provider);
                Pair pair = Pair.accepted(driver)) {
            pair.ours.reset();
            assertThat(pair.ours.isOpen()).isFalse();
            assertReset(pair.peer);
        }
    }

    @TransportTest
    void aResetInsideAListenerIsWhatThePeerSees(TransportProvider provider) throws IOException {
        try (Driver driver = new Driver(provider);
                Pair pair = Pair.connected(driver)) {
            driver.settle();
            pair.events.then(pair.ours::reset);
            pair.peer.getOutputStream().write(1);
            driver.pollUntil("the reset", () -> !pair.ours.isOpen());
            assertReset(pair.peer);
        }
    }

    private static void assertReset(Socket peer) {
        assertThatThrownBy(() -> peer.getInputStream().read())
                .isInstanceOf(SocketException.class)
                .hasMessageContaining("reset");
    }

    @TransportTest
    void aClosedListenerFreesItsPortAndRefusesAtOnce(TransportProvider provider) throws IOException {
        try (Driver driver = new Driver(provider)) {
            ListenSocket listener = driver.listen(1);
            listener.listener(new Events());
            InetSocketAddress address = listener.localAddress();
            try (Pair kept = Pair.accepted(driver, listener)) {
                listener.close();
                assertRefused(address);
                assertThat(kept.write(1)).as("what was accepted goes on").isEqualTo(1);
                assertThat(kept.peer.getInputStream().read()).isEqualTo(1);
                kept.ours.reset(); // leaves no TIME_WAIT
            }
            driver.listen(address, 1).close();
        }
    }

    @TransportTest
    void aListenerThatIsClosedInsideACallbackRefusesAfterThePoll(TransportProvider provider) throws IOException {
        try (Driver driver = new Driver(provider);
                Socket peer = new Socket()) {
            ListenSocket listener = driver.listen(1);
            InetSocketAddress address = listener.localAddress();
            Events events = new Events();
            listener.listener(events);
            events.then(listener::close);
            peer.connect(address);
            driver.pollUntil("a report", () -> events.calls > 0);
            assertRefused(address);
            driver.listen(address, 1).close();
        }
    }

    private static void assertRefused(InetSocketAddress address) throws IOException {
        try (Socket late = new Socket()) {
            assertThatThrownBy(() -> late.connect(address)).isInstanceOf(ConnectException.class);
        }
    }
}

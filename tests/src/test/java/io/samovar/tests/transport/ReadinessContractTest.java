package io.samovar.tests.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.samovar.tests.support.TransportTest;
import io.samovar.transport.ListenSocket;
import io.samovar.transport.StreamSocket;
import io.samovar.transport.TransportProvider;
import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Readiness is reported once, and again only after an operation has said that it would block. */
class ReadinessContractTest {
    /** How long a transport is watched for spinning. */
    static final Duration A_WHILE = Duration.ofMillis(30);

    /** Polls that may return early in {@link #A_WHILE}; one that spins takes thousands. */
    static final int FEW = 8;

    @TransportTest
    void whatTheProgramDoesNotReadIsReportedOnceAndDoesNotKeepThePollBusy(TransportProvider provider)
            throws IOException {
        try (Driver driver = new Driver(provider);
                Pair pair = Pair.accepted(driver)) {
            driver.settle();
            pair.events.forget();
            pair.peer.getOutputStream().write(1);
            driver.pollUntil("a report", () -> pair.events.readable > 0);
            assertThat(driver.pollsDuring(A_WHILE)).isLessThan(FEW);
            driver.settle();
            assertThat(pair.events.calls).isEqualTo(1);
            assertThat(pair.receive(1)).containsExactly(1);
            pair.peer.getOutputStream().write(2);
            assertThat(pair.receive(1)).as("after it has read all").containsExactly(2);
        }
    }

    @TransportTest
    void newBytesAfterAReadThatWouldBlockAreReportedAgain(TransportProvider provider) throws IOException {
        try (Driver driver = new Driver(provider);
                Pair pair = Pair.accepted(driver)) {
            driver.settle();
            for (int i = 0; i < 100; i++) {
                pair.events.forget();
                pair.peer.getOutputStream().write(i);
                driver.pollUntil("a report", () -> pair.events.readable > 0);
                pair.drain();
            }
            assertThat(pair.received.size()).isEqualTo(100);
        }
    }

    @TransportTest
    void anEndOfTheStreamThatTheProgramDoesNotReadDoesNotKeepThePollBusy(TransportProvider provider)
            throws IOException {
        try (Driver driver = new Driver(provider);
                Pair ended = Pair.accepted(driver);
                Pair cut = Pair.accepted(driver)) {
            ended.peer.close();
            cut.resetByPeer();
            driver.settle();
            assertThat(driver.pollsDuring(A_WHILE)).isLessThan(FEW);
        }
    }

    @TransportTest
    void aSocketThatStaysWritableIsNotReportedAgainAndAgain(TransportProvider provider) throws IOException {
        try (Driver driver = new Driver(provider);
                Pair pair = Pair.connected(driver)) {
            driver.settle();
            pair.events.forget();
            for (int i = 0; i < 100; i++) {
                assertThat(pair.write(i)).isEqualTo(1);
                driver.transport().poll(0);
            }
            assertThat(driver.pollsDuring(A_WHILE)).isLessThan(FEW);
            assertThat(pair.events.writable).isLessThan(FEW);
        }
    }

    @TransportTest
    void operationsThatAreTriedWithoutAReportAreHarmless(TransportProvider provider) throws IOException {
        ByteBuf buffer = Pair.direct(new byte[1]);
        try (Driver driver = new Driver(provider);
                Pair pair = Pair.accepted(driver);
                ListenSocket listener = driver.listen(1)) {
            listener.listener(new Events());
            for (int i = 0; i < 10; i++) {
                driver.settle();
                assertThat(pair.ours.read(buffer.clear())).isZero();
                assertThat(listener.accept()).isNull();
                assertThat(pair.ours.write(buffer.clear())).isZero();
            }
            assertThat(driver.failures).isEmpty();
        } finally {
            buffer.release();
        }
    }

    @TransportTest
    void aListenerThatReplacesAnotherIsToldInItsPlace(TransportProvider provider) throws IOException {
        try (Driver driver = new Driver(provider);
                Pair pair = Pair.accepted(driver)) {
            driver.settle();
            pair.events.forget();
            Events replacement = new Events();
            pair.ours.listener(replacement);
            pair.peer.getOutputStream().write(1);
            driver.pollUntil("a report", () -> replacement.readable > 0);
            assertThat(pair.events.calls).isZero();
        }
    }

    @TransportTest
    void whatAListenerThrowsIsHandedOnAndHoldsNothingUp(TransportProvider provider) throws IOException {
        Throwable[] thrown = {new IllegalStateException("on purpose"), new AssertionError("on purpose, too")};
        try (Driver driver = new Driver(provider);
                Pair failing = Pair.accepted(driver);
                Pair other = Pair.accepted(driver)) {
            driver.settle();
            long start = System.nanoTime();
            for (Throwable failure : thrown) {
                failing.events.once(() -> sneak(failure));
                failing.peer.getOutputStream().write(1);
                other.peer.getOutputStream().write(2);
                assertThat(other.receive(1)).containsExactly(2);
                assertThat(failing.receive(1)).containsExactly(1);
            }
            assertThat(Duration.ofNanos(System.nanoTime() - start))
                    .as("Netty would pause for a second")
                    .isLessThan(Duration.ofMillis(900));
            assertThat(driver.failures).containsExactly(thrown);
        }
    }

    private static void sneak(Throwable failure) {
        if (failure instanceof Error error) {
            throw error;
        }
        throw (RuntimeException) failure;
    }

    /** A number that is free again goes to the next socket, while the batch still holds an event for it. */
    @TransportTest
    void socketsThatReuseDescriptorsInOneBatchSeeNothingOfTheOldOnes(TransportProvider provider) throws IOException {
        int count = 8;
        List<Pair> old = new ArrayList<>();
        List<Socket> queued = new ArrayList<>();
        List<StreamSocket> accepted = new ArrayList<>();
        List<StreamSocket> connecting = new ArrayList<>();
        try (Driver driver = new Driver(provider);
                Crowd crowd = new Crowd();
                ListenSocket listener = driver.listen(count)) {
            for (int i = 0; i < 3 * count; i++) {
                old.add(Pair.accepted(driver));
            }
            Events arrivals = new Events();
            listener.listener(arrivals);
            for (int i = 0; i < count; i++) {
                queued.add(new Socket(Loopback.V4, listener.localAddress().getPort()));
            }
            driver.pollUntil("a report", () -> arrivals.readable > 0);
            driver.settle();

            Runnable replaceAll = () -> {
                if (accepted.isEmpty()) {
                    old.forEach(pair -> pair.ours.close());
                    for (int i = 0; i < count; i++) {
                        accepted.add(acceptQuiet(listener));
                        connecting.add(connectInVain(driver, crowd));
                    }
                }
            };
            old.forEach(pair -> pair.events.then(replaceAll));
            makeReady(old);
            driver.settle();

            assertThat(accepted).hasSize(count).allMatch(StreamSocket::isOpen);
            assertThat(connecting).hasSize(count).allMatch(StreamSocket::isOpen).noneMatch(StreamSocket::finishConnect);
            assertThat(driver.failures).isEmpty();
            for (int i = 0; i < count; i++) {
                assertReceives(driver, accepted.get(i), queued.get(i), i);
            }
        } finally {
            old.forEach(Pair::close);
            for (Socket socket : queued) {
                socket.close();
            }
        }
    }

    /** Makes all of them ready at once, each in one of three ways. */
    private static void makeReady(List<Pair> pairs) throws IOException {
        for (int i = 0; i < pairs.size(); i++) {
            Pair pair = pairs.get(i);
            if (i % 3 == 0) {
                pair.peer.getOutputStream().write(1);
            } else if (i % 3 == 1) {
                pair.peer.close();
            } else {
                pair.resetByPeer();
            }
        }
    }

    /** Accepts a connection whose peer has not said anything yet, and insists on that whenever it is reported. */
    private static StreamSocket acceptQuiet(ListenSocket listener) {
        StreamSocket socket = listener.accept();
        assertThat(socket).isNotNull();
        socket.listener((readable, writable) -> assertReads(socket, 0));
        return socket;
    }

    private static StreamSocket connectInVain(Driver driver, Crowd crowd) {
        StreamSocket socket = driver.transport().stream();
        socket.listener((readable, writable) ->
                assertThat(socket.finishConnect()).as("nobody has let it in").isFalse());
        assertThat(socket.connect(crowd.address())).isFalse();
        return socket;
    }

    private static void assertReceives(Driver driver, StreamSocket socket, Socket peer, int value) throws IOException {
        Events events = new Events();
        socket.listener(events);
        peer.getOutputStream().write(value);
        driver.pollUntil("a byte on a new socket", () -> events.readable > 0);
        assertReads(socket, 1);
        assertReads(socket, 0);
    }

    private static void assertReads(StreamSocket socket, int expected) {
        ByteBuf buffer = Pair.direct(new byte[8]);
        try {
            assertThat(socket.read(buffer.clear())).isEqualTo(expected);
        } finally {
            buffer.release();
        }
    }
}

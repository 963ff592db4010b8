package io.samovar.tests.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.samovar.net.ConnectionAbortedException;
import io.samovar.net.NetworkException;
import io.samovar.tests.support.TransportTest;
import io.samovar.transport.ListenSocket;
import io.samovar.transport.StreamSocket;
import io.samovar.transport.TransportProvider;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

class AcceptContractTest {
    @TransportTest
    void acceptIsNullWhenNobodyHasCome(TransportProvider provider) {
        try (Driver driver = new Driver(provider);
                ListenSocket listener = driver.listen(1)) {
            listener.listener(new Events());
            assertThat(listener.accept()).isNull();
            driver.transport().poll(0);
            assertThat(listener.accept()).isNull();
        }
    }

    @TransportTest
    void acceptAsksTheKernelOnlyAfterAReport(TransportProvider provider) throws IOException {
        try (Driver driver = new Driver(provider);
                ListenSocket listener = driver.listen(1);
                Socket first = new Socket();
                Socket second = new Socket()) {
            Events events = new Events();
            listener.listener(events);
            assertThat(listener.accept()).isNull();
            first.connect(listener.localAddress());
            assertThat(listener.accept()).as("nothing was polled").isNull();
            driver.pollUntil("a report", () -> events.readable > 0);
            accept(listener).close();
            assertThat(listener.accept()).isNull();
            second.connect(listener.localAddress());
            assertThat(listener.accept()).as("nothing was polled").isNull();
            driver.pollUntil("another report", () -> events.readable > 1);
            accept(listener).close();
        }
    }

    @TransportTest
    void oneReportIsForAllThatAreQueued(TransportProvider provider) throws IOException {
        try (Driver driver = new Driver(provider);
                ListenSocket listener = driver.listen(16)) {
            Events events = new Events();
            listener.listener(events);
            List<Socket> peers = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
                peers.add(new Socket(Loopback.V4, listener.localAddress().getPort()));
            }
            driver.pollUntil("a report", () -> events.readable > 0);
            assertThat(driver.pollsDuring(ReadinessContractTest.A_WHILE))
                    .as("nobody is accepted")
                    .isLessThan(ReadinessContractTest.FEW);
            for (Socket peer : peers) {
                accept(listener).close();
                assertThat(peer.getInputStream().available()).isZero();
                peer.close();
            }
            assertThat(listener.accept()).isNull();
            Pair.accepted(driver, listener).close();
        }
    }

    private static StreamSocket accept(ListenSocket listener) {
        StreamSocket accepted = listener.accept();
        assertThat(accepted).isNotNull();
        return accepted;
    }

    @TransportTest
    void whatComesBeforeTheAcceptedSocketHasAListenerIsNotLost(TransportProvider provider) throws IOException {
        try (Driver driver = new Driver(provider);
                ListenSocket listener = driver.listen(1);
                Socket peer = new Socket()) {
            Events events = new Events();
            listener.listener(events);
            peer.connect(listener.localAddress());
            driver.pollUntil("a report", () -> events.readable > 0);
            StreamSocket accepted = accept(listener);
            peer.getOutputStream().write(1);
            driver.settle();
            accepted.listener(new Events());
            ByteBuf buffer = Pair.direct(new byte[8]).clear();
            try (accepted) {
                assertThat(accepted.read(buffer)).isEqualTo(1);
            } finally {
                buffer.release();
            }
        }
    }

    @TransportTest
    void aPeerThatGaveUpWhileItWasQueuedIsFoundByAcceptOrByTheFirstRead(TransportProvider provider) throws IOException {
        try (Driver driver = new Driver(provider);
                ListenSocket listener = driver.listen(4)) {
            Events events = new Events();
            listener.listener(events);
            try (Socket gone = new Socket(Loopback.V4, listener.localAddress().getPort())) {
                gone.setSoLinger(true, 0);
            }
            driver.pollUntil("a report", () -> events.readable > 0);
            try {
                accept(listener).close();
            } catch (ConnectionAbortedException aborted) {
                assertThat(aborted).hasMessageStartingWith("accept: ");
            }
            Pair.accepted(driver, listener).close();
        }
    }

    @TransportTest
    void everyOneOfAStormOf2000ConnectsIsAccepted(TransportProvider provider) {
        int threads = 4;
        int rounds = 10;
        int burst = 50;
        BitSet seen = new BitSet();
        try (Driver driver = new Driver(provider);
                ListenSocket listener = driver.listen(threads * burst / 2)) {
            listener.listener((readable, writable) -> acceptAll(listener, seen));
            InetSocketAddress address = listener.localAddress();
            List<Background> storm = new ArrayList<>();
            for (int thread = 0; thread < threads; thread++) {
                int first = thread * rounds * burst;
                storm.add(new Background(() -> {
                    for (int round = 0; round < rounds; round++) {
                        connectMany(address, first + round * burst, burst);
                    }
                }));
            }
            driver.pollUntil("the end of the storm", () -> storm.stream().allMatch(Background::isDone));
            storm.forEach(Background::close);
            assertThat(driver.failures).isEmpty();
        }
        assertThat(seen.cardinality()).isEqualTo(threads * rounds * burst);
    }

    private static void acceptAll(ListenSocket listener, BitSet seen) {
        for (StreamSocket accepted; (accepted = listener.accept()) != null; ) {
            StreamSocket socket = accepted;
            ByteBuf buffer = Pair.direct(new byte[4]).clear();
            socket.listener((readable, writable) -> {
                int bytes = readable ? socket.read(buffer) : 0;
                if (bytes < 0) {
                    throw new NetworkException("the number is cut short", 0, new IOException("end of stream"));
                }
                if (bytes > 0 && buffer.readableBytes() == 4) {
                    seen.set(buffer.readInt());
                    buffer.release();
                    socket.reset(); // leaves no TIME_WAIT
                }
            });
        }
    }

    /** Sends a number over each of many connections, and waits until we have cut them. */
    private static void connectMany(InetSocketAddress address, int first, int count) throws IOException {
        List<Socket> sockets = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Socket socket = new Socket();
            sockets.add(socket);
            socket.setSoTimeout((int) Driver.PATIENCE.toMillis());
            socket.connect(address);
            socket.getOutputStream()
                    .write(ByteBuffer.allocate(4).putInt(first + i).array());
        }
        for (Socket socket : sockets) {
            try (socket) {
                assertThat(socket.getInputStream().read()).isEqualTo(-1);
            } catch (SocketException reset) {
                assertThat(reset).hasMessageContaining("reset");
            }
        }
    }
}

package io.samovar.tests.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.samovar.tests.support.TransportTest;
import io.samovar.transport.ListenSocket;
import io.samovar.transport.StreamSocket;
import io.samovar.transport.TransportProvider;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.List;

/** What becomes of sockets whose transport is closed. */
class TransportCloseContractTest {
    @TransportTest
    void closingTheTransportClosesAllItsSockets(TransportProvider provider) throws IOException {
        try (Driver driver = new Driver(provider);
                Pair accepted = Pair.accepted(driver);
                Pair connected = Pair.connected(driver);
                Crowd crowd = new Crowd()) {
            StreamSocket connecting = driver.transport().stream();
            connecting.listener(new Events());
            assertThat(connecting.connect(crowd.address())).isFalse();
            StreamSocket fresh = driver.transport().stream();
            ListenSocket listener = driver.listen(1);
            InetSocketAddress address = listener.localAddress();

            driver.transport().close();

            assertThat(List.of(accepted.ours, connected.ours, connecting, fresh))
                    .noneMatch(StreamSocket::isOpen);
            assertThat(accepted.peer.getInputStream().read()).isEqualTo(-1);
            assertThat(connected.peer.getInputStream().read()).isEqualTo(-1);
            try (Socket late = new Socket()) {
                assertThatThrownBy(() -> late.connect(address)).isInstanceOf(ConnectException.class);
            }
            fresh.close();
            listener.close();
        }
    }

    @TransportTest
    void closingTheTransportTellsEachListenerOnce(TransportProvider provider) throws IOException {
        Events arrivals = new Events();
        try (Driver driver = new Driver(provider);
                Pair first = Pair.accepted(driver);
                Pair second = Pair.connected(driver)) {
            ListenSocket listener = driver.listen(1);
            listener.listener(arrivals);
            driver.transport().close();
            driver.transport().close();
            first.ours.close();
            second.ours.reset();
            listener.close();
            assertThat(List.of(first.events.closed, second.events.closed, arrivals.closed))
                    .containsOnly(1);
        }
    }

    @TransportTest
    void aSocketThatTheProgramHasClosedItselfIsNotToldOfTheTransportsClose(TransportProvider provider)
            throws IOException {
        try (Driver driver = new Driver(provider);
                Pair closed = Pair.accepted(driver);
                Pair reset = Pair.accepted(driver)) {
            closed.ours.close();
            reset.ours.reset();
            driver.transport().poll(0);
            driver.transport().close();
            assertThat(List.of(closed.events.closed, reset.events.closed)).containsOnly(0);
        }
    }

    @TransportTest
    void whatAListenerThrowsWhenItIsToldKeepsNoOtherFromBeingTold(TransportProvider provider) throws IOException {
        RuntimeException thrown = new IllegalStateException("on purpose");
        try (Driver driver = new Driver(provider);
                Pair first = Pair.accepted(driver);
                Pair second = Pair.accepted(driver)) {
            for (Pair pair : List.of(first, second)) {
                pair.events.thenClosed(() -> {
                    throw thrown;
                });
            }
            driver.transport().close();
            assertThat(List.of(first.events.closed, second.events.closed)).containsOnly(1);
            assertThat(driver.failures).containsExactly(thrown, thrown);
        }
    }

    @TransportTest
    void aWakeupAfterTheCloseDoesNothing(TransportProvider provider) {
        Driver driver = new Driver(provider);
        driver.transport().poll(0);
        driver.close();
        driver.transport().wakeup();
        new Background(() -> driver.transport().wakeup()).close();
        assertThat(driver.failures).isEmpty();
    }

    @TransportTest
    void aTransportThatWasNeverUsedCanBeClosed(TransportProvider provider) {
        Driver driver = new Driver(provider);
        driver.close();
        assertThat(driver.failures).isEmpty();
    }
}

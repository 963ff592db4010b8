package io.samovar.tests.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.samovar.tests.support.TransportTest;
import io.samovar.transport.TransportProvider;
import java.io.IOException;

/** Half-close, from either side. */
class ShutdownContractTest {
    @TransportTest
    void afterShutdownOutputThePeerReadsTheEndAndWeReadOn(TransportProvider provider) throws IOException {
        try (Driver driver = new Driver(provider);
                Pair pair = Pair.accepted(driver)) {
            assertThat(pair.write(1, 2)).isEqualTo(2);
            pair.ours.shutdownOutput();
            assertThat(pair.peer.getInputStream().readAllBytes()).containsExactly(1, 2);
            driver.settle();
            pair.peer.getOutputStream().write(new byte[] {3, 4});
            assertThat(pair.receive(2)).containsExactly(3, 4);
            pair.peer.shutdownOutput();
            pair.receiveEnd();
        }
    }

    @TransportTest
    void afterThePeersEndOfStreamWeStillWrite(TransportProvider provider) throws IOException {
        try (Driver driver = new Driver(provider);
                Pair pair = Pair.connected(driver)) {
            pair.peer.shutdownOutput();
            pair.receiveEnd();
            for (int i = 0; i < 10; i++) {
                assertThat(pair.write(i)).isEqualTo(1);
                assertThat(pair.peer.getInputStream().read()).isEqualTo(i);
            }
            pair.ours.shutdownOutput();
            assertThat(pair.peer.getInputStream().read()).isEqualTo(-1);
        }
    }

    @TransportTest
    void shutdownOutputOnceMoreDoesNothing(TransportProvider provider) throws IOException {
        try (Driver driver = new Driver(provider);
                Pair pair = Pair.accepted(driver)) {
            pair.ours.shutdownOutput();
            pair.ours.shutdownOutput();
            assertThat(pair.peer.getInputStream().read()).isEqualTo(-1);
        }
    }

    @TransportTest
    void shutdownOutputAfterThePeersResetDoesNothing(TransportProvider provider) throws IOException {
        try (Driver driver = new Driver(provider);
                Pair pair = Pair.accepted(driver)) {
            pair.resetByPeer();
            driver.pollUntil("a report", () -> pair.events.readable > 0);
            pair.ours.shutdownOutput();
            assertThat(pair.ours.isOpen()).isTrue();
        }
    }

    @TransportTest
    void aConnectionWithBothEndsShutDownDoesNotKeepThePollBusy(TransportProvider provider) throws IOException {
        try (Driver driver = new Driver(provider);
                Pair pair = Pair.accepted(driver)) {
            pair.peer.shutdownOutput();
            pair.ours.shutdownOutput();
            driver.settle();
            assertThat(driver.pollsDuring(ReadinessContractTest.A_WHILE))
                    .as("before the end is read")
                    .isLessThan(ReadinessContractTest.FEW);
            pair.receiveEnd();
            assertThat(driver.pollsDuring(ReadinessContractTest.A_WHILE))
                    .as("after the end is read")
                    .isLessThan(ReadinessContractTest.FEW);
        }
    }
}

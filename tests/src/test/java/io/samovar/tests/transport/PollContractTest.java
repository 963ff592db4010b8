package io.samovar.tests.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.samovar.tests.support.TransportTest;
import io.samovar.transport.TransportProvider;
import java.io.IOException;
import java.time.Duration;

/** How long a poll waits. */
class PollContractTest {
    @TransportTest
    void aPollOfNothingDoesNotWait(TransportProvider provider) {
        try (Driver driver = new Driver(provider)) {
            long start = System.nanoTime();
            for (int i = 0; i < 100; i++) {
                driver.transport().poll(0);
            }
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(1));
        }
    }

    @TransportTest
    void aDeadlineOf10MicrosecondsTakesFewPolls(TransportProvider provider) {
        assertFewPolls(provider, Duration.ofNanos(10_000));
    }

    @TransportTest
    void aDeadlineOf500MicrosecondsTakesFewPolls(TransportProvider provider) {
        assertFewPolls(provider, Duration.ofNanos(500_000));
    }

    @TransportTest
    void aDeadlineOf20MillisecondsTakesFewPolls(TransportProvider provider) {
        assertFewPolls(provider, Duration.ofMillis(20));
    }

    private static void assertFewPolls(TransportProvider provider, Duration deadline) {
        try (Driver driver = new Driver(provider)) {
            driver.transport().poll(0);
            for (int i = 0; i < 10; i++) {
                long start = System.nanoTime();
                assertThat(driver.pollsDuring(deadline)).isLessThanOrEqualTo(4);
                assertThat(Duration.ofNanos(System.nanoTime() - start))
                        .isBetween(deadline, deadline.plus(Duration.ofSeconds(2)));
            }
        }
    }

    @TransportTest
    void aSocketEndsAPollThatWaitsWithoutEnd(TransportProvider provider) throws IOException {
        try (Driver driver = new Driver(provider);
                Watchdog watchdog = new Watchdog(driver);
                Pair pair = Pair.accepted(driver)) {
            driver.settle();
            pair.events.forget();
            try (Background writer =
                    new Background(() -> pair.peer.getOutputStream().write(1))) {
                while (pair.events.readable == 0) {
                    driver.transport().poll(-1);
                    watchdog.assertSilent();
                }
                assertThat(pair.receive(1)).containsExactly(1);
                driver.pollUntil("the writer's end", writer::isDone);
            }
        }
    }

    @TransportTest
    void aVeryLongTimeoutIsNotAnError(TransportProvider provider) {
        try (Driver driver = new Driver(provider);
                Watchdog watchdog = new Watchdog(driver)) {
            driver.transport().poll(0);
            for (long timeout : new long[] {Long.MAX_VALUE, Long.MAX_VALUE - 1, Long.MAX_VALUE / 2, Long.MIN_VALUE}) {
                driver.transport().wakeup();
                driver.transport().poll(timeout);
                watchdog.assertSilent();
                try (Background waker = new Background(() -> driver.transport().wakeup())) {
                    driver.transport().poll(timeout);
                    assertThat(waker).isNotNull();
                }
            }
            watchdog.assertSilent();
        }
    }

    @TransportTest
    void anInterruptOfTheLoopsThreadHarmsNoSocketAndDoesNotKeepThePollBusy(TransportProvider provider)
            throws IOException {
        try (Driver driver = new Driver(provider);
                Pair pair = Pair.accepted(driver);
                Pair connected = Pair.connected(driver)) {
            driver.settle();
            for (int i = 0; i < 3; i++) {
                for (Pair each : new Pair[] {pair, connected}) {
                    Thread.currentThread().interrupt();
                    each.peer.getOutputStream().write(i);
                    assertThat(each.receive(1)).containsExactly(i);
                    Thread.currentThread().interrupt();
                    assertThat(each.write(i)).isEqualTo(1);
                    assertThat(each.peer.getInputStream().read()).isEqualTo(i);
                }
                Thread.currentThread().interrupt();
                assertThat(driver.pollsDuring(ReadinessContractTest.A_WHILE)).isLessThan(ReadinessContractTest.FEW);
            }
        } finally {
            Thread.interrupted();
        }
    }

    @TransportTest
    void theThreadThatUsedTheTransportFirstIsTheOnlyOneToPollIt(TransportProvider provider) {
        try (Driver driver = new Driver(provider)) {
            driver.transport().poll(0);
            assertThatThrownBy(() -> new Background(() -> driver.transport().poll(0)).close())
                    .cause()
                    .isInstanceOf(IllegalStateException.class);
        }
    }
}

package io.samovar.tests.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.samovar.tests.support.TransportTest;
import io.samovar.transport.Transport;
import io.samovar.transport.TransportProvider;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

class WakeupContractTest {
    private static final int THREADS = 8;

    /** Handshakes of each thread; every one is a chance to lose a wake-up. */
    private static final int ROUNDS = 500;

    @TransportTest
    void aWakeupBeforeThePollEndsIt(TransportProvider provider) {
        try (Driver driver = new Driver(provider);
                Watchdog watchdog = new Watchdog(driver)) {
            driver.transport().poll(0);
            new Background(() -> driver.transport().wakeup()).close();
            driver.transport().poll(-1);
            watchdog.assertSilent();
        }
    }

    @TransportTest
    void aWakeupByTheLoopsOwnThreadEndsTheNextPoll(TransportProvider provider) {
        try (Driver driver = new Driver(provider);
                Watchdog watchdog = new Watchdog(driver)) {
            driver.transport().poll(0);
            driver.transport().wakeup();
            driver.transport().poll(-1);
            watchdog.assertSilent();
        }
    }

    @TransportTest
    void aWakeupEndsThePollUnderWayOrTheNextOne(TransportProvider provider) {
        Semaphore polling = new Semaphore(0);
        try (Driver driver = new Driver(provider);
                Watchdog watchdog = new Watchdog(driver);
                Background waker = new Background(() -> {
                    for (int i = 0; i < ROUNDS; i++) {
                        assertThat(polling.tryAcquire(Driver.PATIENCE.toSeconds(), TimeUnit.SECONDS))
                                .isTrue();
                        driver.transport().wakeup();
                    }
                })) {
            for (int i = 0; i < ROUNDS; i++) {
                polling.release();
                driver.transport().poll(-1);
                watchdog.assertSilent();
            }
            driver.pollUntil("the waker's end", waker::isDone);
        }
    }

    @TransportTest
    void eightThreadsWakeTheLoopAndNoneIsForgotten(TransportProvider provider) {
        handshakes(provider, false);
    }

    @TransportTest
    void eightThreadsGiveTheLoopWorkAndNoneIsForgotten(TransportProvider provider) {
        handshakes(provider, true);
    }

    /** Each thread posts something, wakes the loop and waits for its answer. */
    private static void handshakes(TransportProvider provider, boolean tellsWork) {
        Queue<Semaphore> posted = new ConcurrentLinkedQueue<>();
        try (Driver driver = new Driver(provider);
                Watchdog watchdog = new Watchdog(driver)) {
            Transport transport = driver.transport();
            transport.poll(0);
            if (tellsWork) {
                driver.work = () -> !posted.isEmpty();
            }
            List<Background> threads = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                threads.add(new Background(() -> {
                    Semaphore answer = new Semaphore(0);
                    for (int round = 0; round < ROUNDS; round++) {
                        posted.add(answer);
                        transport.wakeup();
                        assertThat(answer.tryAcquire(Driver.PATIENCE.toSeconds(), TimeUnit.SECONDS))
                                .as("an answer")
                                .isTrue();
                    }
                }));
            }
            for (int answered = 0; answered < THREADS * ROUNDS; ) {
                transport.poll(-1);
                watchdog.assertSilent();
                for (Semaphore answer; (answer = posted.poll()) != null; answered++) {
                    answer.release();
                }
            }
            threads.forEach(Background::close);
        }
    }

    @TransportTest
    void aPollDoesNotWaitWhileTheLoopHasWork(TransportProvider provider) {
        try (Driver driver = new Driver(provider);
                Watchdog watchdog = new Watchdog(driver)) {
            driver.work = () -> true;
            driver.transport().poll(-1);
            driver.transport().poll(TimeUnit.HOURS.toNanos(1));
            watchdog.assertSilent();
        }
    }

    @TransportTest
    void oneWakeupDoesNotKeepThePollBusy(TransportProvider provider) {
        try (Driver driver = new Driver(provider)) {
            driver.transport().poll(0);
            new Background(() -> driver.transport().wakeup()).close();
            assertThat(driver.pollsDuring(ReadinessContractTest.A_WHILE)).isLessThan(ReadinessContractTest.FEW);
        }
    }
}

package io.samovar.tests.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Ends a poll that would wait for ever because a wake-up was lost, and fails the test then. */
final class Watchdog implements AutoCloseable {
    private static final long PATIENCE_SECONDS = 10;

    private final CountDownLatch over = new CountDownLatch(1);
    private final Background thread;
    private volatile boolean hasBarked;

    Watchdog(Driver driver) {
        thread = new Background(() -> {
            for (long wait = PATIENCE_SECONDS; !over.await(wait, TimeUnit.SECONDS); wait = 1) {
                hasBarked = true;
                driver.transport().wakeup();
            }
        });
    }

    void assertSilent() {
        assertThat(hasBarked).as("a wake-up was lost").isFalse();
    }

    @Override
    public void close() {
        over.countDown();
        thread.close();
        assertSilent();
    }
}

package io.samovar;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class WorkerThreadsTest {
    @AutoClose("shutdownNow")
    private final ExecutorService pool = WorkerThreads.pool(2);

    @AutoClose("shutdownNow")
    private final ExecutorService usual = WorkerThreads.open();

    @Test
    void aPoolMakesSoManyThreadsAtMostAndTheRestOfTheWorkWaits() throws Exception {
        CountDownLatch twoRun = new CountDownLatch(2);
        CountDownLatch released = new CountDownLatch(1);
        List<Future<Thread>> calls = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            calls.add(pool.submit(() -> {
                twoRun.countDown();
                assertThat(released.await(10, TimeUnit.SECONDS)).isTrue();
                return Thread.currentThread();
            }));
        }
        assertThat(twoRun.await(10, TimeUnit.SECONDS)).isTrue();
        released.countDown();
        List<String> names = new ArrayList<>();
        for (Future<Thread> call : calls) {
            Thread worker = call.get(10, TimeUnit.SECONDS);
            assertThat(worker.isDaemon()).isTrue();
            names.add(worker.getName());
        }
        assertThat(names).containsOnly("samovar-worker-1", "samovar-worker-2");
    }

    @Test
    void whereThereAreVirtualThreadsNoCallWaitsForAnother() throws Exception {
        int many = Runtime.version().feature() >= 21 ? 1_000 : 5; // the smallest pool has that many
        CountDownLatch all = new CountDownLatch(many);
        List<Future<Boolean>> calls = new ArrayList<>();
        for (int i = 0; i < many; i++) {
            calls.add(usual.submit(() -> {
                all.countDown();
                return all.await(10, TimeUnit.SECONDS);
            }));
        }
        for (Future<Boolean> call : calls) {
            assertThat(call.get(20, TimeUnit.SECONDS)).isTrue();
        }
    }
}

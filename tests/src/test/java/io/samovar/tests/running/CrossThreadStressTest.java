package io.samovar.tests.running;

import static io.samovar.Async.await;
import static io.samovar.tests.running.LoopInThread.withLoop;
import static org.assertj.core.api.Assertions.assertThat;

import io.samovar.Async;
import io.samovar.Coroutine;
import io.samovar.EventLoop;
import io.samovar.Handle;
import io.samovar.LoopFailure;
import io.samovar.tests.support.TransportTest;
import io.samovar.transport.TransportProvider;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Timeout;

/**
 * Eight threads post, cancel and submit at once, and everything must come to its end: no wake-up, no result and no task may
 * be lost. For a second on each transport, or as long as {@code -Dsamovar.stress.seconds} says.
 */
@Timeout(600)
class CrossThreadStressTest {
    private static final int THREADS = 8;
    private static final long SECONDS = Long.getLong("samovar.stress.seconds", 1);

    /** Nothing here takes long; what is not there by then was lost. */
    private static final int LOST_SECONDS = 30;

    private final AtomicLong posted = new AtomicLong();
    private final AtomicLong postedRan = new AtomicLong();
    private final AtomicLong started = new AtomicLong();
    private final AtomicLong ended = new AtomicLong();
    private final AtomicLong[] done = new AtomicLong[5];

    CrossThreadStressTest() {
        for (int i = 0; i < done.length; i++) {
            done[i] = new AtomicLong();
        }
    }

    @TransportTest
    void eightThreadsPostCancelAndSubmitAndNothingIsLost(TransportProvider provider) throws Exception {
        List<LoopFailure> failures = new CopyOnWriteArrayList<>();
        withLoop(provider, (loop, failure) -> failures.add(failure), loop -> {
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
            List<CompletableFuture<Void>> threads = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                SplittableRandom random = new SplittableRandom(i);
                CompletableFuture<Void> ends = new CompletableFuture<>();
                threads.add(ends);
                new Thread(() -> {
                            try {
                                while (System.nanoTime() - end < 0) {
                                    act(loop, random);
                                }
                                ends.complete(null);
                            } catch (Throwable failure) {
                                ends.completeExceptionally(failure);
                            }
                        })
                        .start();
            }
            for (CompletableFuture<Void> thread : threads) {
                thread.get(SECONDS + 2 * LOST_SECONDS, TimeUnit.SECONDS);
            }
            // What was posted before this has run, but tasks that were cancelled last may still have to clean up.
            for (int left = -1; left != 0; ) {
                left = loop.submit(() -> Coroutine.of(loop.allTasks().size() - 1))
                        .get(LOST_SECONDS, TimeUnit.SECONDS);
            }
        });
        assertThat(postedRan).hasValue(posted.get());
        assertThat(ended).hasValue(started.get());
        assertThat(failures).isEmpty();
        assertThat(done).allSatisfy(count -> assertThat(count).hasPositiveValue());
        System.out.println(provider.name() + ": " + List.of(done));
    }

    private void act(EventLoop loop, SplittableRandom random) throws Exception {
        int action = random.nextInt(done.length);
        switch (action) {
            case 0 -> post(loop, random.nextInt(100));
            case 1 -> cancelHandle(loop, random.nextInt(200));
            case 2 -> submit(loop, random.nextInt());
            case 3 -> cancelSubmitted(loop, random.nextInt(200));
            default -> callThread(loop, random.nextInt());
        }
        done[action].incrementAndGet();
    }

    /** A burst, so that the queue grows, and a wait, so that the loop falls asleep. */
    private void post(EventLoop loop, int burst) throws Exception {
        CountDownLatch last = new CountDownLatch(burst + 1);
        for (int i = 0; i <= burst; i++) {
            posted.incrementAndGet();
            loop.execute(() -> {
                postedRan.incrementAndGet();
                last.countDown();
            });
        }
        assertThat(last.await(LOST_SECONDS, TimeUnit.SECONDS))
                .as("all of a burst ran")
                .isTrue();
    }

    /** Cancels a callback that is queued, runs or has run: after that it must be clear which. */
    private static void cancelHandle(EventLoop loop, int spins) {
        AtomicBoolean ran = new AtomicBoolean();
        Handle handle = loop.callSoonThreadsafe(() -> ran.set(true));
        spin(spins);
        handle.cancel();
        assertThat(handle.isCancelled()).isNotEqualTo(ran.get());
    }

    private static void submit(EventLoop loop, int number) throws Exception {
        assertThat(loop.submit(() -> plusOne(number)).get(LOST_SECONDS, TimeUnit.SECONDS))
                .isEqualTo(number + 1);
    }

    private static Coroutine<Integer> plusOne(int number) {
        await(Async.sleep(Duration.ZERO));
        return Coroutine.of(number + 1);
    }

    /** Cancels a coroutine that is queued, starts or waits. */
    private void cancelSubmitted(EventLoop loop, int spins) {
        CompletableFuture<Void> result = loop.submit(() -> waiting());
        spin(spins);
        result.cancel(false);
        assertThat(result).isCancelled();
    }

    private Coroutine<Void> waiting() {
        started.incrementAndGet();
        try {
            await(Async.sleep(Duration.ofDays(1)));
        } finally {
            ended.incrementAndGet();
        }
        return Coroutine.done();
    }

    private static void callThread(EventLoop loop, int number) throws Exception {
        assertThat(loop.submit(() -> Async.toThread(() -> number)).get(LOST_SECONDS, TimeUnit.SECONDS))
                .isEqualTo(number);
    }

    private static void spin(int times) {
        for (int i = 0; i < times; i++) {
            Thread.onSpinWait();
        }
    }
}

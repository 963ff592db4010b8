package io.samovar.tests.core;

import static io.samovar.Async.await;
import static io.samovar.tests.support.Coroutines.awaiting;
import static io.samovar.tests.support.Coroutines.coroutine;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.samovar.Async;
import io.samovar.Coroutine;
import io.samovar.EventLoop;
import io.samovar.LoopClosedException;
import io.samovar.Task;
import io.samovar.tests.support.TransportTest;
import io.samovar.transport.TransportProvider;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;

/** The one door from other threads, on every transport. */
@Timeout(60)
class CrossThreadTest {
    /** Runs a loop in a thread of its own while the test talks to it. */
    private static void withRunningLoop(TransportProvider provider, Consumer<EventLoop> test) throws Exception {
        CompletableFuture<EventLoop> opened = new CompletableFuture<>();
        Thread thread = new Thread(() -> {
            try (EventLoop loop = EventLoop.builder().transport(provider).open()) {
                loop.callSoon(() -> opened.complete(loop));
                loop.runForever();
            } catch (Throwable failure) {
                opened.completeExceptionally(failure);
            }
        });
        thread.start();
        EventLoop loop = opened.get(10, TimeUnit.SECONDS);
        try {
            test.accept(loop);
        } finally {
            loop.execute(loop::stop);
            thread.join();
        }
    }

    @TransportTest
    void eightThreadsWakeTheLoopAndNoCallIsLost(TransportProvider provider) throws Exception {
        int threads = 8;
        int rounds = 5_000;
        withRunningLoop(provider, loop -> {
            AtomicInteger ran = new AtomicInteger();
            List<Thread> posters = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                Thread poster = new Thread(() -> {
                    for (int round = 0; round < rounds; round++) {
                        CountDownLatch answered = new CountDownLatch(1);
                        loop.execute(() -> {
                            ran.incrementAndGet();
                            answered.countDown();
                        });
                        if (round % 8 == 0) { // let the loop fall asleep now and then
                            waitFor(answered);
                        }
                    }
                });
                poster.start();
                posters.add(poster);
            }
            posters.forEach(CrossThreadTest::join);
            assertThat(loop.submit(() -> Coroutine.of(ran.get())).join()).isEqualTo(threads * rounds);
        });
    }

    @TransportTest
    void callsOfOneThreadRunInItsOrder(TransportProvider provider) throws Exception {
        withRunningLoop(provider, loop -> {
            List<Integer> order = new ArrayList<>();
            List<Integer> expected = new ArrayList<>();
            for (int i = 0; i < 10_000; i++) {
                int number = i;
                expected.add(number);
                loop.execute(() -> order.add(number));
            }
            assertThat(loop.submit(() -> Coroutine.of(List.copyOf(order))).join())
                    .isEqualTo(expected);
        });
    }

    @TransportTest
    @Tag("L8")
    void aSleepingLoopIsWokenWhileACallbackRunsAndWhileItWaits(TransportProvider provider) throws Exception {
        withRunningLoop(provider, loop -> {
            for (int i = 0; i < 2_000; i++) {
                CountDownLatch inside = new CountDownLatch(1);
                CountDownLatch second = new CountDownLatch(1);
                loop.execute(inside::countDown);
                loop.execute(() -> {});
                waitFor(inside);
                loop.execute(second::countDown); // races with the loop's falling asleep
                waitFor(second);
            }
        });
    }

    @TransportTest
    void executeOnTheLoopItselfRunsInTheNextIteration(TransportProvider provider) throws Exception {
        try (EventLoop loop = EventLoop.builder().transport(provider).open()) {
            List<String> log = new ArrayList<>();
            loop.callSoon(() -> {
                loop.execute(() -> {
                    log.add("posted");
                    loop.stop();
                });
                log.add("callback");
            });
            loop.runForever();
            assertThat(log).containsExactly("callback", "posted");
        }
    }

    @TransportTest
    void submitGivesResultFailureAndCancellation(TransportProvider provider) throws Exception {
        withRunningLoop(provider, loop -> {
            assertThat(loop.submit(() -> Coroutine.of("tea")).join()).isEqualTo("tea");
            assertThatThrownBy(() -> loop.submit(() -> coroutine(() -> {
                                throw new IllegalArgumentException("boom");
                            }))
                            .join())
                    .isInstanceOf(CompletionException.class)
                    .hasRootCauseMessage("boom");
            assertThatThrownBy(() -> loop.submit(() -> {
                                throw new IllegalArgumentException("no coroutine");
                            })
                            .join())
                    .hasRootCauseMessage("no coroutine");
            assertThatThrownBy(() -> loop.submit(() -> {
                                loop.currentTask().cancel();
                                return Coroutine.done();
                            })
                            .join())
                    .isInstanceOf(CancellationException.class);
        });
    }

    @TransportTest
    void cancellingWhatSubmitGaveCancelsTheTask(TransportProvider provider) throws Exception {
        withRunningLoop(provider, loop -> {
            CompletableFuture<Task<?>> started = new CompletableFuture<>();
            CompletableFuture<Object> result = loop.submit(() -> {
                started.complete(loop.currentTask());
                await(Async.sleep(Duration.ofDays(1)));
                return Coroutine.done();
            });
            Task<?> task = started.join();
            result.cancel(false);
            CompletableFuture<Boolean> cancelled = new CompletableFuture<>();
            loop.execute(() -> task.addDoneCallback(done -> cancelled.complete(done.isCancelled())));
            assertThat(cancelled.join()).isTrue();
        });
    }

    @TransportTest
    void closingTheLoopLeavesNobodyWaiting(TransportProvider provider) throws Exception {
        CompletableFuture<Object> result;
        try (EventLoop loop = EventLoop.builder()
                .transport(provider)
                .exceptionHandler((l, failure) -> {})
                .open()) {
            result = loop.submit(() -> awaiting(loop.createFuture()));
            loop.callSoon(() -> loop.callSoon(loop::stop));
            loop.runForever();
            assertThat(result).isNotDone();
        }
        assertThatThrownBy(result::join).hasCauseInstanceOf(LoopClosedException.class);
    }

    @TransportTest
    void aLoopMayBeOpenedInOneThreadAndRunInAnother(TransportProvider provider) throws Exception {
        EventLoop loop = EventLoop.builder().transport(provider).open();
        loop.callSoon(loop::stop);
        Thread thread = new Thread(() -> {
            loop.runForever();
            loop.close();
        });
        thread.start();
        thread.join();
        assertThat(loop.isClosed()).isTrue();
    }

    private static void waitFor(CountDownLatch latch) {
        try {
            if (!latch.await(10, TimeUnit.SECONDS)) {
                throw new AssertionError("a wake-up was lost");
            }
        } catch (InterruptedException interrupted) {
            throw new AssertionError(interrupted);
        }
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException interrupted) {
            throw new AssertionError(interrupted);
        }
    }
}

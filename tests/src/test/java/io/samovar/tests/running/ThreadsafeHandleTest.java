package io.samovar.tests.running;

import static io.samovar.tests.running.LoopInThread.withLoop;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.samovar.Context;
import io.samovar.ContextVar;
import io.samovar.EventLoop;
import io.samovar.Handle;
import io.samovar.LoopClosedException;
import io.samovar.LoopFailure;
import io.samovar.NotLoopThreadException;
import io.samovar.tests.support.TransportTest;
import io.samovar.tests.support.VirtualLoop;
import io.samovar.transport.TransportProvider;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Callbacks that other threads schedule, and take back. */
@Timeout(30)
class ThreadsafeHandleTest {
    @TransportTest
    @Tag("L8")
    void aCallFromAnotherThreadWakesTheLoopAndRunsBeforeWhatComesLater(TransportProvider provider) throws Exception {
        try (EventLoop loop = EventLoop.builder().transport(provider).open()) {
            List<String> log = new ArrayList<>();
            loop.callSoon(() -> {
                CompletableFuture.runAsync(() -> loop.callSoonThreadsafe(() -> log.add("hello")))
                        .join();
                loop.callSoon(() -> {
                    log.add("world");
                    loop.stop();
                });
            });
            loop.runForever();
            assertThat(log).containsExactly("hello", "world");
        }
        withLoop(
                provider,
                loop -> { // nothing but the wake-up ends its poll
                    CountDownLatch ran = new CountDownLatch(1);
                    Handle unused = loop.callSoonThreadsafe(ran::countDown);
                    assertThat(ran.await(10, TimeUnit.SECONDS)).isTrue();
                });
    }

    @TransportTest
    @Tag("L9")
    void cancellingWhileTheCallbackRunsWaitsForItsEndAndComesTooLate(TransportProvider provider) throws Exception {
        assertThat(whileItRuns(provider, handle -> {
                    handle.cancel();
                    return handle.isCancelled();
                }))
                .isFalse();
    }

    @TransportTest
    @Tag("L9")
    void askingWhileTheCallbackRunsWaitsForItsEnd(TransportProvider provider) throws Exception {
        assertThat(whileItRuns(provider, Handle::isCancelled)).isFalse();
    }

    /** Does something in another thread while the callback runs, and checks that the callback has ended when it is done. */
    private static boolean whileItRuns(TransportProvider provider, Function<Handle, Boolean> action) throws Exception {
        boolean[] answer = {true};
        withLoop(provider, loop -> {
            CountDownLatch started = new CountDownLatch(1);
            AtomicInteger ran = new AtomicInteger();
            AtomicBoolean finished = new AtomicBoolean();
            Thread caller = Thread.currentThread();
            Handle handle = loop.callSoonThreadsafe(() -> {
                ran.incrementAndGet();
                started.countDown();
                while (caller.getState() != Thread.State.WAITING) { // until it waits for us
                    Thread.onSpinWait();
                }
                finished.set(true);
            });
            while (started.getCount() > 0) { // without waiting, which is what the callback looks for
                Thread.onSpinWait();
            }
            answer[0] = action.apply(handle);
            assertThat(finished).isTrue();
            assertThat(ran).hasValue(1);
            assertThat(handle).hasToString("Handle(ran)");
        });
        return answer[0];
    }

    @TransportTest
    void whatAnotherThreadHasCancelledNeverRuns(TransportProvider provider) throws Exception {
        withLoop(provider, loop -> {
            CountDownLatch inside = new CountDownLatch(1);
            CountDownLatch cancelled = new CountDownLatch(1);
            AtomicBoolean ran = new AtomicBoolean();
            loop.execute(() -> {
                inside.countDown();
                awaitQuietly(cancelled);
            });
            awaitQuietly(inside);
            Handle handle = loop.callSoonThreadsafe(() -> ran.set(true));
            handle.cancel();
            handle.cancel();
            assertThat(handle.isCancelled()).isTrue();
            assertThat(handle).hasToString("Handle(cancelled)");
            cancelled.countDown();
            CountDownLatch behind = new CountDownLatch(1);
            loop.execute(behind::countDown);
            awaitQuietly(behind);
            assertThat(ran).isFalse();
        });
    }

    @Test
    void aCallbackMayCancelItselfAndHasRunAllTheSame() {
        try (VirtualLoop virtual = new VirtualLoop()) {
            Handle[] own = new Handle[1];
            List<String> log = new ArrayList<>();
            own[0] = virtual.loop().callSoonThreadsafe(() -> {
                own[0].cancel();
                log.add("ran, cancelled: " + own[0].isCancelled());
            });
            virtual.turn();
            assertThat(log).containsExactly("ran, cancelled: false");
        }
    }

    @Test
    void aCallbackRunsInACopyOfTheContextOfTheThreadThatScheduledIt() throws Exception {
        ContextVar<String> drink = ContextVar.of("drink", "nothing");
        try (VirtualLoop virtual = new VirtualLoop()) {
            List<String> log = new ArrayList<>();
            Context context = new Context();
            context.run(() -> drink.set("tea"));
            Handle handle = CompletableFuture.supplyAsync(() -> {
                        Handle[] made = new Handle[1];
                        context.run(() -> made[0] = virtual.loop().callSoonThreadsafe(() -> log.add(drink.get())));
                        return made[0];
                    })
                    .get(10, TimeUnit.SECONDS);
            context.run(() -> drink.set("coffee"));
            assertThat(handle.context().contains(drink)).isTrue();
            virtual.turn();
            assertThat(log).containsExactly("tea");
        }
    }

    @Test
    void aFailureIsReportedWithTheNameOfTheCallbackAndItsHandle() {
        try (VirtualLoop virtual = new VirtualLoop()) {
            Handle handle = virtual.loop().callSoonThreadsafe(new Runnable() {
                @Override
                public void run() {
                    throw new IllegalStateException("boom");
                }

                @Override
                public String toString() {
                    return "ring the bell";
                }
            });
            assertThat(handle).hasToString("Handle(ring the bell)");
            virtual.turn();
            LoopFailure failure = virtual.failures().get(0);
            assertThat(failure.message()).isEqualTo("exception in callback ring the bell");
            assertThat(failure.source()).isSameAs(handle);
        }
    }

    @Test
    void plainHandlesBelongToTheLoopThread() throws Exception {
        try (VirtualLoop virtual = new VirtualLoop()) {
            Handle plain = virtual.loop().callSoon(() -> {});
            virtual.turn();
            CompletableFuture.runAsync(
                            () -> assertThatThrownBy(plain::cancel).isInstanceOf(NotLoopThreadException.class))
                    .get(10, TimeUnit.SECONDS);
        }
    }

    @Test
    void nothingAndClosedLoopsAreRefused() {
        VirtualLoop virtual = new VirtualLoop();
        assertThatNullPointerException().isThrownBy(() -> virtual.loop().callSoonThreadsafe(null));
        virtual.close();
        assertThatThrownBy(() -> virtual.loop().callSoonThreadsafe(() -> {})).isInstanceOf(LoopClosedException.class);
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            if (!latch.await(10, TimeUnit.SECONDS)) {
                throw new AssertionError("waited in vain");
            }
        } catch (InterruptedException interrupted) {
            throw new AssertionError(interrupted);
        }
    }
}

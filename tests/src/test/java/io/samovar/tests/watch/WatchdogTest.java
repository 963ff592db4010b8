package io.samovar.tests.watch;

import static io.samovar.Async.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.samovar.Async;
import io.samovar.BlockedLoop;
import io.samovar.BlockedLoopHandler;
import io.samovar.Coroutine;
import io.samovar.EventLoop;
import io.samovar.Task;
import io.samovar.tests.support.LogCapture;
import io.samovar.tests.support.TransportTest;
import io.samovar.transport.TransportProvider;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A loop that is held up is told of while it is. */
@Timeout(60) // interrupts the test, so whatever waits here can be interrupted
class WatchdogTest {
    private static final Duration LIMIT = Duration.ofMillis(20);

    private final List<BlockedLoop> told = new CopyOnWriteArrayList<>();
    private final Semaphore tellings = new Semaphore(0);

    private final BlockedLoopHandler note = blocked -> {
        told.add(blocked);
        tellings.release();
    };

    private EventLoop open(TransportProvider transport, BlockedLoopHandler handler) {
        return EventLoop.builder()
                .transport(transport)
                .blockedAfter(LIMIT)
                .blockedLoopHandler(handler)
                .open();
    }

    /** Holds the loop up until that has been told of. */
    private void blockUntilTold() {
        acquire(tellings);
    }

    @TransportTest
    void aCallbackThatBlocksIsToldOfWithItsStack(TransportProvider transport) {
        try (EventLoop loop = open(transport, note)) {
            loop.callSoon(this::blockUntilTold);
            loop.callSoon(loop::stop);
            loop.runForever();
            assertThat(told).singleElement().satisfies(blocked -> {
                assertThat(blocked.loop()).isSameAs(loop);
                assertThat(blocked.task()).isNull();
                assertThat(blocked.blockedFor()).isGreaterThanOrEqualTo(LIMIT);
                assertThat(blocked.stack())
                        .anyMatch(element -> element.getMethodName().equals("blockUntilTold"));
                assertThat(blocked.describe()).contains("held up", "a callback", "blockUntilTold");
            });
        }
    }

    private Coroutine<Void> outer(boolean innermost) {
        await(middle(innermost));
        return Coroutine.done();
    }

    private Coroutine<Void> middle(boolean innermost) {
        await(inner(innermost));
        if (!innermost) {
            blockUntilTold();
        }
        return Coroutine.done();
    }

    private Coroutine<Void> inner(boolean innermost) {
        await(Async.sleep(Duration.ZERO));
        if (innermost) {
            blockUntilTold();
        }
        return Coroutine.done();
    }

    @TransportTest
    void aStepThatBlocksIsToldOfWithTheTasksNameAndWhoAwaits(TransportProvider transport) {
        runBlocked(transport, true);
        assertThat(told).singleElement().satisfies(blocked -> {
            assertThat(blocked.task()).contains("brewer");
            assertThat(own(blocked)).containsExactly("acquire", "blockUntilTold", "inner", "await", "middle", "outer");
        });
    }

    @TransportTest
    void whoAwaitsIsToldAlsoWhenACoroutineGoesOnBecauseAnotherHasEnded(TransportProvider transport) {
        runBlocked(transport, false);
        assertThat(told)
                .singleElement()
                .satisfies(blocked -> assertThat(own(blocked))
                        .containsExactly("acquire", "blockUntilTold", "middle", "await", "outer"));
    }

    private void runBlocked(TransportProvider transport, boolean innermost) {
        try (EventLoop loop = open(transport, note)) {
            loop.callSoon(() -> {
                Task<Void> task = loop.createTask(outer(innermost));
                task.setName("brewer");
                task.addDoneCallback(done -> loop.stop());
            });
            loop.runForever();
        }
    }

    /** The methods of this class and the mark between stacks. */
    private static List<String> own(BlockedLoop blocked) {
        return blocked.stack().stream()
                .filter(element -> element.getClassName().equals(WatchdogTest.class.getName())
                        || element.getClassName().equals("(async)"))
                .map(StackTraceElement::getMethodName)
                .toList();
    }

    @TransportTest
    void itIsToldOnceForEachTime(TransportProvider transport) throws InterruptedException {
        CountDownLatch enough = new CountDownLatch(1);
        CompletableFuture<EventLoop> held = new CompletableFuture<>();
        Thread thread = new Thread(() -> {
            try (EventLoop loop = open(transport, note)) {
                loop.callSoon(() -> {
                    held.complete(loop);
                    awaitQuietly(enough);
                });
                loop.callSoon(loop::stop);
                loop.runForever();
            }
        });
        thread.start();
        EventLoop heldLoop = held.join();
        blockTwiceMore(transport);
        enough.countDown();
        thread.join();
        assertThat(told).filteredOn(blocked -> blocked.loop() == heldLoop).hasSize(1);
    }

    @TransportTest
    void aLoopThatWaitsForItsSocketsIsNotHeldUp(TransportProvider transport) throws InterruptedException {
        CompletableFuture<EventLoop> idle = new CompletableFuture<>();
        Thread thread = new Thread(() -> {
            try (EventLoop loop = open(transport, note)) {
                loop.callSoon(() -> idle.complete(loop));
                loop.runForever();
            }
        });
        thread.start();
        EventLoop idleLoop = idle.join();
        blockTwiceMore(transport);
        idleLoop.execute(idleLoop::stop);
        thread.join();
        assertThat(told).noneMatch(blocked -> blocked.loop() == idleLoop);
    }

    @TransportTest
    void itCanBeTurnedOff(TransportProvider transport) throws InterruptedException {
        CountDownLatch enough = new CountDownLatch(1);
        CompletableFuture<EventLoop> held = new CompletableFuture<>();
        Thread thread = new Thread(() -> {
            try (EventLoop loop = EventLoop.builder()
                    .transport(transport)
                    .blockedAfter(Duration.ZERO)
                    .blockedLoopHandler(note)
                    .open()) {
                loop.callSoon(() -> {
                    held.complete(loop);
                    awaitQuietly(enough);
                });
                loop.callSoon(loop::stop);
                loop.runForever();
            }
        });
        thread.start();
        EventLoop heldLoop = held.join();
        blockTwiceMore(transport);
        enough.countDown();
        thread.join();
        assertThat(told).noneMatch(blocked -> blocked.loop() == heldLoop);
    }

    /** Another loop is held up twice and told of, so twice the limit has gone by. */
    private void blockTwiceMore(TransportProvider transport) {
        Semaphore mine = new Semaphore(0);
        try (EventLoop loop = open(transport, blocked -> mine.release())) {
            loop.callSoon(() -> acquire(mine));
            loop.callSoon(() -> acquire(mine));
            loop.callSoon(loop::stop);
            loop.runForever();
        }
    }

    @TransportTest
    void aHandlerThatFailsIsLoggedAndCalledAgain(TransportProvider transport) {
        try (LogCapture log = new LogCapture();
                EventLoop loop = open(transport, blocked -> {
                    tellings.release();
                    throw new IllegalStateException("boom");
                })) {
            loop.callSoon(this::blockUntilTold);
            loop.callSoon(this::blockUntilTold);
            loop.callSoon(loop::stop);
            loop.runForever();
            assertThat(log.messages()).contains("the handler of blocked loops failed");
        }
    }

    @Test
    void aTimeThatIsNoneIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> EventLoop.builder().blockedAfter(Duration.ofMillis(-1)));
        System.setProperty("samovar.watchdog", "soon");
        try {
            assertThatIllegalArgumentException()
                    .isThrownBy(EventLoop::open)
                    .withMessage("-Dsamovar.watchdog=soon: give a number of milliseconds, or off");
        } finally {
            System.clearProperty("samovar.watchdog");
        }
    }

    private static void acquire(Semaphore semaphore) {
        try {
            semaphore.acquire();
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
        }
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
        }
    }
}

package io.samovar.tests.core;

import static io.samovar.Async.await;
import static io.samovar.tests.support.Coroutines.awaiting;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.samovar.Async;
import io.samovar.Awaitable;
import io.samovar.CancelledError;
import io.samovar.Coroutine;
import io.samovar.EventLoop;
import io.samovar.Frame;
import io.samovar.Promise;
import io.samovar.Task;
import io.samovar.tests.support.VirtualLoop;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The protocol that compiled coroutines follow: no stack grows, nothing is lost on the way up. */
@Timeout(60)
class FrameTest {
    private static final int MANY = 1_000_000;

    @AutoClose
    private final VirtualLoop virtual = new VirtualLoop();

    private final EventLoop loop = virtual.loop();

    /** Counts down by awaiting a call of its own, and sums up on the way back; the last one may wait. */
    private static Coroutine<Integer> deep(int depth, @Nullable Awaitable<?> last) {
        if (depth > 0) {
            return Coroutine.of(await(deep(depth - 1, last)) + 1);
        }
        if (last != null) {
            await(last);
        }
        return Coroutine.of(0);
    }

    @Test
    void aRecursionOfAMillionNeedsNoStack() {
        assertThat(loop.runUntilComplete(deep(MANY, null))).isEqualTo(MANY);
    }

    @Test
    void aRecursionOfAMillionThatSuspendsAtTheBottomComesBackWhole() {
        assertThat(loop.runUntilComplete(deep(MANY, Async.sleep(Duration.ofSeconds(1)))))
                .isEqualTo(MANY);
    }

    @Test
    void atEveryDepthAroundTheTrampolineTheResultIsRight() {
        for (int depth = 120; depth < 140; depth++) {
            assertThat(loop.runUntilComplete(deep(depth, null))).isEqualTo(depth);
            assertThat(loop.runUntilComplete(deep(depth, Async.sleep(Duration.ZERO))))
                    .isEqualTo(depth);
        }
    }

    /** Calls itself in tail position. */
    private static Coroutine<String> tailCall(int left, @Nullable Awaitable<String> last) {
        if (left > 0) {
            return tailCall(left - 1, last);
        }
        return Coroutine.of(last == null ? "end" : await(last));
    }

    @Test
    void aChainOfAMillionTailCallsNeedsNoStackInATaskOrBelowAFrame() {
        assertThat(loop.runUntilComplete(tailCall(MANY, null))).isEqualTo("end");
        assertThat(loop.runUntilComplete(awaiting(tailCall(MANY, null)))).isEqualTo("end");
    }

    @Test
    void aTailCallMayEndInSomethingThatWaits() {
        for (boolean below : new boolean[] {false, true}) {
            Coroutine<String> chain = tailCall(3, later());
            assertThat(loop.runUntilComplete(below ? awaiting(chain) : chain)).isEqualTo("later");
        }
    }

    /** By hand, for the compiler makes tail calls of coroutines alone. */
    private static final class TailCall extends Frame<String> {
        private final Awaitable<String> rest;

        TailCall(Awaitable<String> rest) {
            this.rest = rest;
        }

        @Override
        protected Object resume(Task<?> task, int at) {
            return tail(rest, task);
        }
    }

    @Test
    void aTailCallMayHandOverWhatIsNoCoroutine() {
        for (boolean below : new boolean[] {false, true}) {
            Coroutine<String> chain = new TailCall(new TailCall(later()));
            assertThat(loop.runUntilComplete(below ? awaiting(chain) : chain)).isEqualTo("later");
        }
    }

    private Promise<String> later() {
        Promise<String> later = loop.createFuture();
        loop.callLater(Duration.ofSeconds(1), () -> later.setResult("later"));
        return later;
    }

    @Test
    void aMillionAwaitsOfWhatIsDoneRunInOneStep() {
        Promise<Integer> done = loop.createFuture();
        done.setResult(1);
        Task<Integer> sum = loop.createTask(sum(done, MANY));
        virtual.turn();
        assertThat(sum.result()).isEqualTo(MANY);
    }

    private static Coroutine<Integer> sum(Awaitable<Integer> summand, int times) {
        int sum = 0;
        for (int i = 0; i < times; i++) {
            sum += await(summand);
        }
        return Coroutine.of(sum);
    }

    /** Passes a failure up through many frames, each with a finally. */
    private static Coroutine<Integer> failing(int depth, int[] finallies, Exception failure, boolean wait)
            throws Exception {
        try {
            if (depth > 0) {
                await(failing(depth - 1, finallies, failure, wait));
            } else if (wait) {
                await(Async.sleep(Duration.ZERO));
            }
            throw failure;
        } finally {
            finallies[0]++;
        }
    }

    @Test
    void aFailureRunsEveryFinallyOnItsWayUp() {
        Exception failure = new Exception("boom");
        for (boolean wait : new boolean[] {false, true}) {
            int[] finallies = {0};
            assertThatThrownBy(() -> loop.runUntilComplete(failing(200_000, finallies, failure, wait)))
                    .isSameAs(failure);
            assertThat(finallies[0]).isEqualTo(200_001);
        }
    }

    @Test
    void aCancellationIsThrownAtTheInnermostAwaitAndPassesOutwards() {
        StringBuilder log = new StringBuilder();
        Coroutine<Void> inner = notingItsCancellation(Async.sleep(Duration.ofDays(1)), "inner ", log);
        Task<Void> outer = loop.createTask(notingItsCancellation(inner, "outer", log));
        loop.callSoon(() -> loop.callSoon(() -> outer.cancel("enough")));
        assertThatThrownBy(() -> loop.runUntilComplete(outer)).hasMessage("enough");
        assertThat(log).hasToString("inner outer");
    }

    private static Coroutine<Void> notingItsCancellation(Awaitable<?> awaitable, String name, StringBuilder log) {
        try {
            await(awaitable);
        } catch (CancelledError cancelled) {
            log.append(name);
            throw cancelled;
        }
        return Coroutine.done();
    }

    @Test
    void anAwaitableThatCannotParkFailsTheAwait() {
        Awaitable<Void> broken = new Awaitable<>() {
            @Override
            public Object poll(Task<?> task) {
                return PENDING;
            }

            @Override
            public void park(Task<?> task) {
                throw new IllegalStateException("no room");
            }

            @Override
            public boolean interrupt(Task<?> task, @Nullable String message) {
                return false;
            }
        };
        assertThat(loop.runUntilComplete(messageOfItsFailure(broken))).isEqualTo("no room");
    }

    private static Coroutine<String> messageOfItsFailure(Awaitable<?> awaitable) {
        try {
            await(awaitable);
            return Coroutine.of("it did not fail");
        } catch (IllegalStateException failure) {
            return Coroutine.of(failure.getMessage());
        }
    }

    @Test
    void aCoroutineIsNotPolledByHand() {
        Task<?> task = loop.createTask(Coroutine.done());
        assertThatThrownBy(() -> deep(1, null).poll(task)).hasMessageContaining("createTask");
    }
}

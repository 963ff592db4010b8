package io.samovar.tests.core;

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
import io.samovar.testing.VirtualClock;
import io.samovar.tests.support.Machine;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The protocol that compiled coroutines follow: no stack grows, nothing is lost on the way up. */
@Timeout(60)
class FrameTest {
    private static final int MANY = 1_000_000;

    private final EventLoop loop = new VirtualClock().openLoop();

    @AfterEach
    void close() {
        loop.close();
    }

    /** Counts down by awaiting a frame of its own kind, and sums up on the way back; the last one may wait. */
    private static final class Deep extends Frame<Integer> {
        private final int depth;
        private final @Nullable Awaitable<?> last;

        Deep(int depth, @Nullable Awaitable<?> last) {
            this.depth = depth;
            this.last = last;
        }

        @Override
        protected @Nullable Object resume(Task<?> task, int at) throws Throwable {
            Object got;
            if (at != START) {
                got = awaited(task);
            } else if (depth > 0) {
                got = await(new Deep(depth - 1, last), task, 1);
            } else {
                got = last == null ? (Integer) 0 : await(last, task, 1);
            }
            if (got == SUSPENDED) {
                return SUSPENDED;
            }
            return depth == 0 ? (Object) 0 : (Integer) got + 1;
        }
    }

    @Test
    void aRecursionOfAMillionNeedsNoStack() {
        assertThat(loop.runUntilComplete(new Deep(MANY, null))).isEqualTo(MANY);
    }

    @Test
    void aRecursionOfAMillionThatSuspendsAtTheBottomComesBackWhole() {
        assertThat(loop.runUntilComplete(new Deep(MANY, Async.sleep(Duration.ofSeconds(1)))))
                .isEqualTo(MANY);
    }

    @Test
    void atEveryDepthAroundTheTrampolineTheResultIsRight() {
        for (int depth = 120; depth < 140; depth++) {
            assertThat(loop.runUntilComplete(new Deep(depth, null))).isEqualTo(depth);
            assertThat(loop.runUntilComplete(new Deep(depth, Async.sleep(Duration.ZERO))))
                    .isEqualTo(depth);
        }
    }

    /** Calls itself in tail position. */
    private static final class TailCall extends Frame<String> {
        private final int left;
        private final @Nullable Awaitable<String> last;

        TailCall(int left, @Nullable Awaitable<String> last) {
            this.left = left;
            this.last = last;
        }

        @Override
        protected Object resume(Task<?> task, int at) {
            if (left > 0) {
                return tail(new TailCall(left - 1, last), task);
            }
            return last == null ? "end" : tail(last, task);
        }
    }

    @Test
    void aChainOfAMillionTailCallsNeedsNoStackInATaskOrBelowAFrame() {
        assertThat(loop.runUntilComplete(new TailCall(MANY, null))).isEqualTo("end");
        assertThat(loop.runUntilComplete(Machine.awaiting(new TailCall(MANY, null))))
                .isEqualTo("end");
    }

    @Test
    void aTailCallMayEndInSomethingThatWaits() {
        for (boolean below : new boolean[] {false, true}) {
            Promise<String> later = loop.createFuture();
            loop.callLater(Duration.ofSeconds(1), () -> later.setResult("later"));
            Coroutine<String> chain = new TailCall(3, later);
            assertThat(loop.runUntilComplete(below ? Machine.awaiting(chain) : chain))
                    .isEqualTo("later");
        }
    }

    @Test
    void aMillionAwaitsOfWhatIsDoneRunInOneStep() {
        Promise<Integer> done = loop.createFuture();
        done.setResult(1);
        int[] sum = {0};
        loop.runUntilComplete(new Machine<>((self, task, at) -> {
            for (int i = 0; i < MANY; i++) {
                sum[0] += (Integer) self.await(done, task);
            }
            return null;
        }));
        assertThat(sum[0]).isEqualTo(MANY);
    }

    /** Passes a failure up through many frames, each with a finally. */
    private static final class Failing extends Frame<Integer> {
        private final int depth;
        private final int[] finallies;
        private final Exception failure;
        private final boolean wait;

        Failing(int depth, int[] finallies, Exception failure, boolean wait) {
            this.depth = depth;
            this.finallies = finallies;
            this.failure = failure;
            this.wait = wait;
        }

        @Override
        protected @Nullable Object resume(Task<?> task, int at) throws Throwable {
            boolean suspended = false;
            try {
                Object got;
                if (at != START) {
                    got = awaited(task);
                } else if (depth > 0) {
                    got = await(new Failing(depth - 1, finallies, failure, wait), task, 1);
                } else {
                    got = wait ? await(Async.sleep(Duration.ZERO), task, 1) : null;
                }
                if (got == SUSPENDED) {
                    suspended = true;
                    return SUSPENDED;
                }
                throw failure;
            } finally {
                if (!suspended) {
                    finallies[0]++;
                }
            }
        }
    }

    @Test
    void aFailureRunsEveryFinallyOnItsWayUp() {
        Exception failure = new Exception("boom");
        for (boolean wait : new boolean[] {false, true}) {
            int[] finallies = {0};
            assertThatThrownBy(() -> loop.runUntilComplete(new Failing(200_000, finallies, failure, wait)))
                    .isSameAs(failure);
            assertThat(finallies[0]).isEqualTo(200_001);
        }
    }

    @Test
    void aCancellationIsThrownAtTheInnermostAwaitAndPassesOutwards() {
        StringBuilder log = new StringBuilder();
        Machine<Object> inner = new Machine<>((self, task, at) -> {
            try {
                return at == 0 ? self.await(Async.sleep(Duration.ofDays(1)), task) : Machine.got(task);
            } catch (CancelledError cancelled) {
                log.append("inner ");
                throw cancelled;
            }
        });
        Task<Object> outer = loop.createTask(new Machine<>((self, task, at) -> {
            try {
                return at == 0 ? self.await(inner, task) : Machine.got(task);
            } catch (CancelledError cancelled) {
                log.append("outer");
                throw cancelled;
            }
        }));
        loop.callSoon(() -> loop.callSoon(() -> outer.cancel("enough")));
        assertThatThrownBy(() -> loop.runUntilComplete(outer)).hasMessage("enough");
        assertThat(log).hasToString("inner outer");
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
        String message = loop.runUntilComplete(new Machine<String>((self, task, at) -> {
            try {
                return at == 0 ? self.await(broken, task) : Machine.got(task);
            } catch (IllegalStateException failure) {
                return failure.getMessage();
            }
        }));
        assertThat(message).isEqualTo("no room");
    }

    @Test
    void aCoroutineIsNotPolledByHand() {
        Task<?> task = loop.createTask(Coroutine.done());
        Machine<Void> coroutine = Machine.running(() -> {});
        assertThatThrownBy(() -> coroutine.poll(task)).hasMessageContaining("createTask");
    }
}

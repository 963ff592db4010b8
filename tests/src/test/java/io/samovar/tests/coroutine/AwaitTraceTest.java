package io.samovar.tests.coroutine;

import static io.samovar.Async.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.samovar.Async;
import io.samovar.CancelledError;
import io.samovar.Coroutine;
import io.samovar.EventLoop;
import io.samovar.Future;
import io.samovar.Promise;
import io.samovar.Task;
import io.samovar.testing.VirtualClock;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A stack trace reads as if those who await had called. */
@Timeout(60)
class AwaitTraceTest {
    private static final String ASYNC = "(async).await(awaited by)";

    /** Whether what the innermost coroutine awaits takes another turn of the loop. */
    private boolean waits = true;

    private final IllegalStateException noWater = new IllegalStateException("no water");

    private Coroutine<String> boil() {
        await(waits ? Async.sleep(Duration.ZERO) : Coroutine.of(null));
        noWater.fillInStackTrace();
        throw noWater;
    }

    private Coroutine<String> tea() {
        return Coroutine.of("tea of " + await(boil()));
    }

    private Coroutine<String> breakfast() {
        String cup = await(tea());
        return Coroutine.of(cup);
    }

    /** The trace of what the coroutine throws, "method" for each element of this class and the marker. */
    private static List<String> trace(Callable<Coroutine<?>> coroutine) {
        try (EventLoop loop = new VirtualClock().openLoop()) {
            return trace(catchThrowable(() -> loop.runUntilComplete(coroutine.call())));
        }
    }

    private static List<String> trace(Throwable failure) {
        return Arrays.stream(failure.getStackTrace())
                .map(element -> element.getClassName().equals(AwaitTraceTest.class.getName())
                        ? element.getMethodName()
                        : element.toString())
                .toList();
    }

    @Test
    void showsWhoAwaitsACoroutineThatWasSuspended() {
        assertThat(trace(this::breakfast)).containsExactly("boil", ASYNC, "tea", "breakfast");
    }

    @Test
    void showsTheSameWhenNothingWasSuspended() {
        waits = false;
        assertThat(trace(this::breakfast)).containsExactly("boil", "tea", "breakfast");
    }

    @Test
    void namesTheLineOfEachAwait() {
        List<String> unused = trace(this::breakfast);
        int thrown = noWater.getStackTrace()[0].getLineNumber();
        assertThat(noWater.getStackTrace()[2])
                .isEqualTo(new StackTraceElement(
                        AwaitTraceTest.class.getName(), "tea", "AwaitTraceTest.java", thrown + 5));
        assertThat(noWater.getStackTrace()[3].getLineNumber()).isEqualTo(thrown + 9);
    }

    private Coroutine<String> rescued() {
        try {
            return Coroutine.of(await(tea()));
        } catch (IllegalStateException failure) {
            throw new IllegalArgumentException("no breakfast", failure);
        } finally {
            await(Async.sleep(Duration.ZERO));
        }
    }

    private Coroutine<String> morning() {
        return Coroutine.of(await(rescued()));
    }

    @Test
    void anotherFailureOnTheWayHasATraceOfItsOwn() {
        assertThat(trace(this::morning)).containsExactly("rescued", ASYNC, "morning");
        assertThat(trace(noWater)).containsExactly("boil", ASYNC, "tea", "rescued", "morning");
    }

    private static Coroutine<String> first(Future<String> future) {
        return Coroutine.of(await(future));
    }

    private static Coroutine<String> second(Future<String> future) {
        return Coroutine.of(await(future));
    }

    @Test
    void eachWhoAwaitsAFailedFutureSeesItsOwnChain() {
        try (EventLoop loop = new VirtualClock().openLoop()) {
            Promise<String> future = loop.createFuture();
            Task<String> first = loop.createTask(first(future));
            loop.callSoon(() -> future.setException(noWater));
            assertThat(trace(catchThrowable(() -> loop.runUntilComplete(first))))
                    .startsWith("<init>")
                    .endsWith(ASYNC, "first");
            // The future is done by now, so this one finds the failure without waiting.
            assertThat(trace(catchThrowable(() -> loop.runUntilComplete(second(future)))))
                    .startsWith("<init>")
                    .endsWith(ASYNC, "second")
                    .doesNotContain("first");
        }
    }

    @Test
    void aTaskThatAwaitsATaskIsSeenBehindIt() {
        assertThat(trace(this::viaTask)).containsExactly("boil", ASYNC, "tea", ASYNC, "viaTask");
    }

    private Coroutine<String> viaTask() {
        Task<String> tea = Async.createTask(tea());
        return Coroutine.of(await(tea));
    }

    private static Coroutine<@Nullable Void> sleepy(List<Throwable> caught) {
        try {
            await(Async.sleep(Duration.ofDays(1)));
        } catch (CancelledError cancelled) {
            caught.add(cancelled);
            throw cancelled;
        }
        return Coroutine.done();
    }

    private static Coroutine<@Nullable Void> sleeper(List<Throwable> caught) {
        await(sleepy(caught));
        return Coroutine.done();
    }

    @Test
    void aCancellationShowsWhereItStruck() {
        try (EventLoop loop = new VirtualClock().openLoop()) {
            List<Throwable> caught = new java.util.ArrayList<>();
            Task<@Nullable Void> task = loop.createTask(sleeper(caught));
            loop.callSoon(task::cancel);
            assertThat(catchThrowable(() -> loop.runUntilComplete(task))).isInstanceOf(CancelledError.class);
            assertThat(trace(caught.get(0))).containsExactly("sleepy", "sleeper");
        }
    }

    private Coroutine<String> deep(int depth) {
        return Coroutine.of(await(depth == 0 ? boil() : deep(depth - 1)));
    }

    @Test
    void itIsNotLongerThanAnybodyReads() {
        assertThat(trace(() -> deep(10_000))).hasSize(256).startsWith("boil", ASYNC, "deep");
    }

    /** A failure without a stack trace, as hot paths throw it. */
    private static final class Stackless extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Stackless() {
            super("stackless", null, false, false);
        }
    }

    /** A failure whose own methods fail. */
    private static final class Broken extends RuntimeException {
        private static final long serialVersionUID = 1L;

        @Override
        public StackTraceElement[] getStackTrace() {
            throw new IllegalStateException("broken");
        }
    }

    private static Coroutine<String> failing(RuntimeException failure) {
        await(Async.sleep(Duration.ZERO));
        throw failure;
    }

    private static Coroutine<String> awaitsFailing(RuntimeException failure) {
        return Coroutine.of(await(Async.createTask(failing(failure))));
    }

    @Test
    void whatHasNoTraceGetsNone() {
        assertThat(trace(() -> awaitsFailing(new Stackless()))).isEmpty();
    }

    @Test
    void aFailureWhoseOwnMethodsFailIsStillThrown() {
        try (EventLoop loop = new VirtualClock().openLoop()) {
            RuntimeException broken = new Broken();
            boolean thrown = false;
            try {
                loop.runUntilComplete(awaitsFailing(broken));
            } catch (Broken same) {
                thrown = same == broken;
            }
            assertThat(thrown).isTrue();
        }
    }
}

package io.samovar.tests.interop;

import static io.samovar.Async.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.util.concurrent.DefaultEventExecutor;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import io.samovar.Async;
import io.samovar.CancelledError;
import io.samovar.Coroutine;
import io.samovar.EventLoop;
import io.samovar.Task;
import io.samovar.tests.support.EveryMode;
import io.samovar.tests.support.Mode;
import io.samovar.tests.support.VirtualLoop;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Netty's futures, which an executor of its own completes, in coroutines. */
@Timeout(30)
@EveryMode
class AwaitNettyFutureTest {
    private static final DefaultEventExecutor EXECUTOR = new DefaultEventExecutor();

    @AutoClose
    private final VirtualLoop virtual;

    private final EventLoop loop;
    private final Promise<String> promise = EXECUTOR.newPromise();
    private final List<String> log = new ArrayList<>();

    AwaitNettyFutureTest(Mode mode) {
        virtual = new VirtualLoop(mode);
        loop = virtual.loop();
    }

    @AfterAll
    static void stopTheExecutor() {
        EXECUTOR.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
    }

    private Coroutine<String> awaiting(Future<String> other) {
        try {
            String value = await(other);
            log.add(value + " on the loop: " + loop.isLoopThread());
            return Coroutine.of(value);
        } catch (Throwable failure) {
            log.add(failure.getClass().getSimpleName() + ": " + failure.getMessage());
            throw failure;
        }
    }

    /** Listeners run on the executor, in their order: when one that comes later has run, so have the others. */
    private static void listenersHaveRun() {
        EXECUTOR.submit(() -> {}).syncUninterruptibly();
    }

    @Test
    void aPromiseThatNettysThreadCompletesWakesTheTaskOnTheLoop() {
        Task<String> task = loop.createTask(awaiting(promise));
        virtual.settle();
        EXECUTOR.execute(() -> promise.setSuccess("tea"));
        assertThat(loop.runUntilComplete(task)).isEqualTo("tea");
        assertThat(log).containsExactly("tea on the loop: true");
    }

    @Test
    void aFutureThatIsDoneCostsNoTurnOfTheLoop() {
        loop.createTask(awaiting(promise.setSuccess("tea")));
        loop.callSoon(() -> log.add("next"));
        virtual.turn();
        assertThat(log).containsExactly("tea on the loop: true", "next");
    }

    @Test
    void aFailureIsThrownAsItIs() {
        Exception failure = new Exception("cold");
        Task<String> task = loop.createTask(awaiting(promise));
        virtual.settle();
        EXECUTOR.execute(() -> promise.setFailure(failure));
        assertThatThrownBy(() -> loop.runUntilComplete(task)).isSameAs(failure);
        assertThatThrownBy(() -> loop.runUntilComplete(awaiting(promise))).isSameAs(failure);
    }

    @Test
    void cancellingTheTaskCancelsTheFuture() {
        Task<String> task = loop.createTask(awaiting(promise));
        virtual.settle();
        task.cancel("enough");
        assertThat(promise.isCancelled()).isTrue();
        listenersHaveRun();
        virtual.settle();
        assertThat(task.isCancelled()).isTrue();
        assertThat(log).containsExactly("CancelledError: enough");
    }

    @Test
    void aFutureThatCannotBeCancelledLeavesTheTaskCancelled() {
        promise.setUncancellable();
        Task<String> task = loop.createTask(awaiting(promise));
        virtual.settle();
        task.cancel();
        virtual.settle();
        assertThat(task.isCancelled()).isTrue();
        promise.setSuccess("too late");
        listenersHaveRun();
        virtual.settle();
        assertThat(virtual.failures()).isEmpty();
    }

    @Test
    void aCancelledFutureIsACancelledErrorAtTheAwait() {
        Task<String> task = loop.createTask(awaiting(promise));
        virtual.settle();
        promise.cancel(false);
        listenersHaveRun();
        virtual.settle();
        assertThat(task.isCancelled()).isTrue();
        assertThatThrownBy(() -> loop.runUntilComplete(awaiting(promise))).isInstanceOf(CancelledError.class);
    }

    @Test
    void aWrappedFutureIsOneOfTheLoop() {
        List<io.samovar.Future<String>> wrapped = new ArrayList<>();
        loop.callSoon(() -> wrapped.add(Async.wrapFuture(promise)));
        virtual.settle();
        promise.setSuccess("tea");
        assertThat(loop.runUntilComplete(wrapped.get(0))).isEqualTo("tea");
    }
}

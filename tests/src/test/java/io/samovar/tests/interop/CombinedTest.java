package io.samovar.tests.interop;

import static io.samovar.Async.await;
import static io.samovar.tests.support.Coroutines.coroutine;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.samovar.Async;
import io.samovar.AsyncIterator;
import io.samovar.AsyncTimeoutException;
import io.samovar.Awaitable;
import io.samovar.Coroutine;
import io.samovar.EventLoop;
import io.samovar.Future;
import io.samovar.Promise;
import io.samovar.Task;
import io.samovar.tests.support.EveryMode;
import io.samovar.tests.support.Mode;
import io.samovar.tests.support.VirtualLoop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Combinators over other libraries' futures, and gone through asynchronously. */
@Timeout(30)
@EveryMode
class CombinedTest {
    @AutoClose
    private final VirtualLoop virtual;

    private final EventLoop loop;
    private final CompletableFuture<String> stage = new CompletableFuture<>();
    private final List<String> log = new ArrayList<>();

    CombinedTest(Mode mode) {
        virtual = new VirtualLoop(mode);
        loop = virtual.loop();
    }

    @Test
    void aStageThatComesInTimeGivesItsValue() {
        loop.callLater(Duration.ofSeconds(4), () -> stage.complete("tea"));
        assertThat(loop.runUntilComplete(Async.timeout(Duration.ofSeconds(5), stage)))
                .isEqualTo("tea");
        assertThat(loop.runUntilComplete(Async.timeout(Duration.ZERO, stage))).isEqualTo("tea");
    }

    @Test
    void aStageThatIsLateIsCancelled() {
        assertThatThrownBy(() -> loop.runUntilComplete(Async.timeout(Duration.ofSeconds(5), stage)))
                .isInstanceOf(AsyncTimeoutException.class);
        assertThat(virtual.clock().elapsed()).isEqualTo(Duration.ofSeconds(5));
        assertThat(stage).isCancelled();
        CompletableFuture<String> without = new CompletableFuture<>();
        assertThatThrownBy(() -> loop.runUntilComplete(Async.timeout(Duration.ZERO, without)))
                .isInstanceOf(AsyncTimeoutException.class);
        assertThat(without).isCancelled();
    }

    @Test
    void aStageIsGatheredAsAnAwaitable() {
        Promise<String> ours = loop.createFuture();
        Task<List<String>> task = loop.createTask(coroutine(() -> {
            Future<List<String>> both = Async.gather(List.of(Async.wrapFuture(stage), ours));
            return Coroutine.of(await(both));
        }));
        virtual.settle();
        ours.setResult("milk");
        Elsewhere.run(() -> stage.complete("tea"));
        assertThat(loop.runUntilComplete(task)).containsExactly("tea", "milk");
        assertThat(loop.runUntilComplete(Async.timeout(Duration.ofSeconds(1), Awaitable.of(stage))))
                .isEqualTo("tea");
    }

    private static Coroutine<String> after(int millis, String value) {
        await(Async.sleep(Duration.ofMillis(millis)));
        return Coroutine.of(value);
    }

    @Test
    @Tag("W5")
    void whatIsDoneComesFirstAndTheTimeLimitCutsTheRestOff() {
        loop.runUntilComplete(coroutine(() -> {
            Task<String> slow = Async.createTask(after(150, "b"));
            AsyncIterator<Future<String>> done = Async.asCompleted(
                            List.of(slow, after(100, "a")), Duration.ofMillis(120))
                    .futures();
            try {
                while (await(done.hasNext())) {
                    assertThat(await(done.hasNext())).isTrue();
                    log.add(done.next().result());
                }
            } catch (AsyncTimeoutException late) {
                log.add("late at " + virtual.clock().elapsed().toMillis());
            }
            assertThat(await(done.hasNext())).isFalse();
            assertThat(slow.isDone()).isFalse();
            return Coroutine.done();
        }));
        assertThat(log).containsExactly("a", "late at 120");
    }

    @Test
    void theFuturesThatWereGivenAreTheOnesThatCome() {
        loop.runUntilComplete(coroutine(() -> {
            Task<String> slow = Async.createTask(after(2, "b"));
            Task<String> quick = Async.createTask(after(1, "a"));
            AsyncIterator<Future<String>> done =
                    Async.asCompleted(List.of(slow, quick)).futures();
            List<Future<String>> came = new ArrayList<>();
            while (await(done.hasNext())) {
                came.add(done.next());
            }
            assertThat(came).containsExactly(quick, slow);
            return Coroutine.done();
        }));
    }

    @Test
    void aWaitForTheNextOneThatIsCancelledLosesNothing() {
        Promise<String> only = loop.createFuture();
        List<AsyncIterator<Future<String>>> made = new ArrayList<>();
        loop.runUntilComplete(coroutine(() -> {
            made.add(Async.asCompleted(List.of(only)).futures());
            return Coroutine.done();
        }));
        AsyncIterator<Future<String>> done = made.get(0);
        Task<Boolean> task = loop.createTask(done.hasNext());
        virtual.settle();
        task.cancel();
        virtual.settle();
        assertThat(task.isCancelled()).isTrue();
        only.setResult("tea");
        assertThat(loop.runUntilComplete(done.hasNext())).isTrue();
        assertThat(done.next()).isSameAs(only);
        assertThat(loop.runUntilComplete(done.hasNext())).isFalse();
        loop.runUntilComplete(done.close());
    }
}

package io.samovar.tests.interop;

import static io.samovar.Async.await;
import static io.samovar.tests.support.Coroutines.coroutine;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.samovar.Async;
import io.samovar.AsyncIterator;
import io.samovar.AsyncSequence;
import io.samovar.AsyncSequence.Emitter;
import io.samovar.CancelledError;
import io.samovar.Coroutine;
import io.samovar.EventLoop;
import io.samovar.GeneratorExit;
import io.samovar.Promise;
import io.samovar.Task;
import io.samovar.tests.support.EveryMode;
import io.samovar.tests.support.Mode;
import io.samovar.tests.support.VirtualLoop;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Generators that end before their last element: closed, abandoned, or left over at the end of the program. */
@Timeout(30)
@EveryMode
class CloseSequenceTest {
    @AutoClose
    private final VirtualLoop virtual;

    private final EventLoop loop;
    private final List<String> log = new ArrayList<>();

    CloseSequenceTest(Mode mode) {
        virtual = new VirtualLoop(mode);
        loop = virtual.loop();
    }

    /** Emits without end, and takes a second to clean up. */
    private AsyncSequence<Integer> endless() {
        return AsyncSequence.generate(this::emitWithoutEnd);
    }

    private Coroutine<Void> emitWithoutEnd(Emitter<Integer> out) {
        try {
            for (int i = 0; ; i++) {
                await(out.emit(i));
            }
        } catch (Exception never) {
            log.add("swallowed");
            throw never;
        } finally {
            await(Async.sleep(Duration.ofSeconds(1)));
            log.add("cleaned up");
        }
    }

    private static Coroutine<Void> begin(AsyncIterator<?> iterator) {
        assertThat(await(iterator.hasNext())).isTrue();
        return Coroutine.done();
    }

    @Test
    void closingRunsTheFinallyBlocksWhichMayAwait() {
        AsyncSequence<Integer> sequence = endless();
        loop.runUntilComplete(begin(sequence));
        loop.runUntilComplete(sequence.close());
        assertThat(log).containsExactly("cleaned up");
        assertThat(virtual.clock().elapsed()).isEqualTo(Duration.ofSeconds(1));
        assertThat(loop.runUntilComplete(sequence.hasNext())).isFalse();
        assertThatThrownBy(sequence::next).isInstanceOf(NoSuchElementException.class);
        loop.runUntilComplete(sequence.close());
        assertThat(log).hasSize(1);
    }

    @Test
    void aLoopThatIsLeftEarlyClosesInItsFinally() {
        loop.runUntilComplete(coroutine(() -> {
            AsyncSequence<Integer> sequence = endless();
            try {
                while (await(sequence.hasNext())) {
                    if (sequence.next() == 3) {
                        break;
                    }
                }
            } finally {
                await(sequence.close());
            }
            log.add("after");
            return Coroutine.done();
        }));
        assertThat(log).containsExactly("cleaned up", "after");
    }

    @Test
    void aGeneratorThatHasNotBegunNeverRuns() {
        AsyncSequence<Integer> sequence = endless();
        loop.runUntilComplete(sequence.close());
        assertThat(loop.runUntilComplete(sequence.hasNext())).isFalse();
        assertThat(log).isEmpty();
    }

    @Test
    void aGeneratorMayCatchItsExitAndReturn() {
        AsyncSequence<Integer> sequence = AsyncSequence.generate(out -> {
            try {
                await(out.emit(1));
            } catch (GeneratorExit exit) {
                log.add("exit");
            }
            return Coroutine.done();
        });
        loop.runUntilComplete(begin(sequence));
        loop.runUntilComplete(sequence.close());
        assertThat(log).containsExactly("exit");
    }

    @Test
    void aGeneratorThatGoesOnToEmitFailsItsClose() {
        AsyncSequence<Integer> sequence = AsyncSequence.generate(out -> {
            try {
                await(out.emit(1));
            } catch (GeneratorExit exit) {
                await(out.emit(2));
            }
            log.add("let go");
            return Coroutine.done();
        });
        loop.runUntilComplete(begin(sequence));
        assertThatThrownBy(() -> loop.runUntilComplete(sequence.close()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("let GeneratorExit pass");
        assertThat(loop.runUntilComplete(sequence.hasNext())).isFalse();
        loop.runUntilComplete(sequence.close()); // it stands at its second emit, and passes this exit on
        assertThat(log).isEmpty();
    }

    @Test
    void whatFailsWhileItCleansUpLeavesClose() {
        AsyncSequence<Integer> sequence = failingToCleanUp();
        loop.runUntilComplete(begin(sequence));
        assertThatThrownBy(() -> loop.runUntilComplete(sequence.close())).hasMessage("stuck");
        loop.runUntilComplete(sequence.close());
    }

    private static AsyncSequence<Integer> failingToCleanUp() {
        return AsyncSequence.generate(out -> {
            try {
                await(out.emit(1));
                return Coroutine.done();
            } finally {
                throwStuck();
            }
        });
    }

    private static void throwStuck() {
        throw new IllegalStateException("stuck");
    }

    @Test
    void forEachClosesHoweverItEnds() {
        IllegalStateException failure = new IllegalStateException("spilt");
        Coroutine<Void> failing = endless().forEach(element -> {
            throw failure;
        });
        assertThatThrownBy(() -> loop.runUntilComplete(failing)).isSameAs(failure);
        assertThat(log).containsExactly("cleaned up");
        Coroutine<Void> failingTwice = failingToCleanUp().forEach(element -> {
            throw failure;
        });
        assertThatThrownBy(() -> loop.runUntilComplete(failingTwice)).isSameAs(failure);
        assertThat(failure.getSuppressed())
                .singleElement()
                .extracting(Throwable::getMessage)
                .isEqualTo("stuck");
    }

    @Test
    void aTaskThatIsCancelledInsideForEachClosesToo() {
        Task<Void> task = loop.createTask(endless().forEach(element -> {
            await(Async.sleep(Duration.ofDays(1)));
            return Coroutine.done();
        }));
        loop.callLater(Duration.ofMinutes(1), task::cancel);
        assertThatThrownBy(() -> loop.runUntilComplete(task)).isInstanceOf(CancelledError.class);
        assertThat(log).containsExactly("cleaned up");
        assertThat(virtual.clock().elapsed()).isEqualTo(Duration.ofSeconds(61));
    }

    @Test
    void shuttingDownClosesWhatWasBegun() {
        AsyncSequence<Integer> begun = endless();
        loop.runUntilComplete(begin(begun));
        AsyncSequence<Integer> stuck = failingToCleanUp();
        loop.runUntilComplete(begin(stuck));
        AsyncSequence<Integer> untouched = endless();
        AsyncSequence<Integer> over = AsyncSequence.generate(out -> Coroutine.done());
        loop.runUntilComplete(over.hasNext());
        loop.runUntilComplete(loop.shutdownAsyncGenerators());
        assertThat(log).containsExactly("cleaned up");
        assertThat(virtual.failures()).singleElement().satisfies(reported -> {
            assertThat(reported.message()).isEqualTo("a sequence failed while it was closed at the end");
            assertThat(reported.exception()).hasMessage("stuck");
        });
        loop.runUntilComplete(begin(untouched));
        assertThat(virtual.failures())
                .hasSize(2)
                .last()
                .satisfies(reported -> assertThat(reported.message())
                        .isEqualTo("a sequence was begun after shutdownAsyncGenerators()"));
    }

    @Test
    void whatIsLeftOverIsClosedAtTheEndOfTheProgram() {
        Async.run(() -> {
            await(begin(AsyncSequence.generate(out -> {
                try {
                    await(out.emit(1));
                } finally {
                    await(Async.sleep(Duration.ofMillis(1)));
                    log.add("cleaned up");
                }
                return Coroutine.done();
            })));
            return Coroutine.done();
        });
        assertThat(log).containsExactly("cleaned up");
    }

    @Test
    void whatNobodyCanReachAnyMoreIsClosed() {
        loop.runUntilComplete(begin(endless()));
        collectUntil("cleaned up");
        assertThat(virtual.failures()).isEmpty();
    }

    @Test
    void whatRunsIsNotTakenForAbandonedThoughOnlyItsConsumerKnowsIt() {
        Promise<Integer> kettle = loop.createFuture();
        Task<Boolean> waiting = loop.createTask(
                AsyncSequence.<Integer>generate(out -> out.emit(await(kettle))).hasNext());
        virtual.settle();
        loop.runUntilComplete(begin(endless())); // collected after the other might have been
        collectUntil("cleaned up");
        kettle.setResult(1);
        assertThat(loop.runUntilComplete(waiting)).isTrue();
        loop.close();
        assertThat(virtual.failures()).isEmpty();
    }

    @Test
    void theLoopForgetsWhatIsOver() {
        WeakReference<Emitter<Integer>> emitter = gone();
        loop.callSoon(new Runnable() {
            @Override
            public void run() {
                if (emitter.refersTo(null)) {
                    loop.stop();
                } else {
                    System.gc();
                    loop.callSoon(this);
                }
            }
        });
        loop.runForever();
    }

    /** In a method of its own, so that no local variable keeps the sequence. */
    private WeakReference<Emitter<Integer>> gone() {
        List<Emitter<Integer>> emitters = new ArrayList<>();
        AsyncSequence<Integer> sequence = AsyncSequence.generate(out -> {
            emitters.add(out);
            return out.emit(1);
        });
        loop.runUntilComplete(sequence.toList());
        return new WeakReference<>(emitters.get(0));
    }

    private void collectUntil(String logged) {
        loop.callSoon(new Runnable() {
            @Override
            public void run() {
                if (log.contains(logged)) {
                    loop.stop();
                } else {
                    System.gc();
                    virtual.clock().jump(Duration.ofSeconds(1)); // it moves by itself only when nothing is ready
                    loop.callSoon(this);
                }
            }
        });
        loop.runForever();
    }
}

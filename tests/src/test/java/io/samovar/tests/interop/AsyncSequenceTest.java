package io.samovar.tests.interop;

import static io.samovar.Async.await;
import static io.samovar.tests.support.Coroutines.coroutine;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.samovar.Async;
import io.samovar.AsyncIterable;
import io.samovar.AsyncSequence;
import io.samovar.AsyncSequence.Emitter;
import io.samovar.CancelledError;
import io.samovar.Coroutine;
import io.samovar.EventLoop;
import io.samovar.Promise;
import io.samovar.Task;
import io.samovar.tests.support.EveryMode;
import io.samovar.tests.support.Mode;
import io.samovar.tests.support.VirtualLoop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.function.Function;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What generators give, and how they are gone through. */
@Timeout(30)
@EveryMode
class AsyncSequenceTest {
    @AutoClose
    private final VirtualLoop virtual;

    private final EventLoop loop;
    private final List<String> log = new ArrayList<>();

    AsyncSequenceTest(Mode mode) {
        virtual = new VirtualLoop(mode);
        loop = virtual.loop();
    }

    /** 0, 1, ... with a wait before each. */
    private static AsyncSequence<Integer> numbers(int count, Duration every) {
        return AsyncSequence.generate(out -> {
            for (int i = 0; i < count; i++) {
                if (!every.isZero()) {
                    await(Async.sleep(every));
                }
                await(out.emit(i));
            }
            return Coroutine.done();
        });
    }

    private static AsyncSequence<Integer> numbers(int count) {
        return numbers(count, Duration.ZERO);
    }

    private static <T, R> AsyncSequence<R> map(AsyncIterable<T> from, Function<T, R> function) {
        return AsyncSequence.generate(out -> from.forEach(element -> out.emit(function.apply(element))));
    }

    @Test
    void theElementsComeInTheirOrderAndThenTheEnd() {
        assertThat(loop.runUntilComplete(numbers(3).toList())).containsExactly(0, 1, 2);
        assertThat(loop.runUntilComplete(numbers(0).toList())).isEmpty();
        assertThat(loop.runUntilComplete(
                        AsyncSequence.generate(out -> Coroutine.done()).toList()))
                .isEmpty();
    }

    @Test
    void theGeneratorWaitsForRealBetweenItsElements() {
        assertThat(loop.runUntilComplete(numbers(3, Duration.ofSeconds(1)).toList()))
                .containsExactly(0, 1, 2);
        assertThat(virtual.clock().elapsed()).isEqualTo(Duration.ofSeconds(3));
    }

    @Test
    void nullIsAnElement() {
        AsyncSequence<String> nulls = AsyncSequence.generate(out -> {
            await(out.emit(null));
            await(out.emit("tea"));
            await(out.emit(null));
            return Coroutine.done();
        });
        assertThat(loop.runUntilComplete(nulls.toList())).containsExactly(null, "tea", null);
    }

    @Test
    void askingTwiceSkipsNothingAndTakingWithoutAskingFails() {
        loop.runUntilComplete(coroutine(() -> {
            AsyncSequence<Integer> sequence = numbers(2);
            assertThatThrownBy(sequence::next)
                    .isInstanceOf(NoSuchElementException.class)
                    .hasMessageContaining("hasNext()");
            assertThat(await(sequence.hasNext())).isTrue();
            assertThat(await(sequence.hasNext())).isTrue();
            assertThat(sequence.next()).isZero();
            assertThatThrownBy(sequence::next).isInstanceOf(NoSuchElementException.class);
            assertThat(await(sequence.hasNext())).isTrue();
            assertThat(sequence.next()).isEqualTo(1);
            assertThat(await(sequence.hasNext())).isFalse();
            assertThat(await(sequence.hasNext())).isFalse();
            assertThatThrownBy(sequence::next).isInstanceOf(NoSuchElementException.class);
            return Coroutine.done();
        }));
    }

    @Test
    void theGeneratorRunsOnlyWhileItsConsumerWaitsForTheNextElement() {
        AsyncSequence<Integer> sequence = AsyncSequence.generate(out -> {
            log.add("begun");
            await(out.emit(1));
            log.add("between");
            await(out.emit(2));
            log.add("over");
            return Coroutine.done();
        });
        loop.runUntilComplete(coroutine(() -> {
            Coroutine<Boolean> first = sequence.hasNext();
            log.add("asked");
            boolean there = await(first);
            log.add(there + " " + sequence.next());
            await(Async.sleep(Duration.ofSeconds(1)));
            while (await(sequence.hasNext())) {
                log.add("then " + sequence.next());
            }
            return Coroutine.done();
        }));
        assertThat(log).containsExactly("asked", "begun", "true 1", "between", "then 2", "over");
    }

    @Test
    void anElementCostsNeitherATaskNorATurnOfTheLoop() {
        loop.createTask(coroutine(() -> {
            AsyncSequence<Integer> sequence = numbers(1000);
            int sum = 0;
            while (await(sequence.hasNext())) {
                assertThat(loop.allTasks()).hasSize(1);
                sum += sequence.next();
            }
            log.add("sum " + sum);
            return Coroutine.done();
        }));
        loop.callSoon(() -> log.add("next in line"));
        virtual.turn();
        assertThat(log).containsExactly("sum 499500", "next in line");
    }

    @Test
    void manyElementsNeedNoStack() {
        int count = 100_000;
        assertThat(loop.runUntilComplete(coroutine(() -> {
                    AsyncSequence<Integer> doubled = map(numbers(count), i -> 2 * i);
                    long sum = 0;
                    while (await(doubled.hasNext())) {
                        sum += doubled.next();
                    }
                    return Coroutine.of(sum);
                })))
                .isEqualTo((long) count * (count - 1));
    }

    @Test
    void whatTheGeneratorAwaitsMayEmitAtAnyDepth() {
        int depth = 1000; // more than are on the Java stack at once
        AsyncSequence<Integer> sequence = AsyncSequence.generate(out -> downAndUp(out, depth));
        List<Integer> expected = new ArrayList<>();
        for (int i = depth; i >= 0; i--) {
            expected.add(i);
        }
        for (int i = 1; i <= depth; i++) {
            expected.add(-i);
        }
        assertThat(loop.runUntilComplete(sequence.toList())).isEqualTo(expected);
    }

    private static Coroutine<Void> downAndUp(Emitter<Integer> out, int depth) {
        await(out.emit(depth));
        if (depth > 0) {
            await(downAndUp(out, depth - 1));
            return out.emit(-depth);
        }
        return Coroutine.done();
    }

    @Test
    void anEmitMayBeTheGeneratorsLastWord() {
        assertThat(loop.runUntilComplete(
                        AsyncSequence.<String>generate(out -> out.emit("tea")).toList()))
                .containsExactly("tea");
        AsyncSequence<String> closed = AsyncSequence.generate(out -> out.emit("tea"));
        loop.runUntilComplete(coroutine(() -> {
            await(closed.hasNext());
            await(closed.close());
            return Coroutine.done();
        }));
    }

    @Test
    void generatorsGoThroughGenerators() {
        AsyncSequence<Integer> slow = numbers(4, Duration.ofSeconds(1));
        assertThat(loop.runUntilComplete(
                        map(map(slow, i -> i * i), i -> "n" + i).toList()))
                .containsExactly("n0", "n1", "n4", "n9");
    }

    @Test
    void aConsumerMayBeDeepItself() {
        assertThat(loop.runUntilComplete(sumAtDepth(numbers(5), 300))).isEqualTo(10);
    }

    private static Coroutine<Integer> sumAtDepth(AsyncSequence<Integer> sequence, int depth) {
        if (depth > 0) {
            int sum = await(sumAtDepth(sequence, depth - 1));
            return Coroutine.of(sum);
        }
        int sum = 0;
        while (await(sequence.hasNext())) {
            sum += sequence.next();
        }
        return Coroutine.of(sum);
    }

    @Test
    void tasksMayTakeTurns() {
        AsyncSequence<Integer> sequence = numbers(4, Duration.ofSeconds(1));
        for (int i = 0; i < 4; i++) {
            assertThat(loop.runUntilComplete(sequence.hasNext())).isTrue();
            assertThat(sequence.next()).isEqualTo(i);
        }
        assertThat(loop.runUntilComplete(sequence.hasNext())).isFalse();
    }

    @Test
    void onlyOneTaskMayWaitForTheNextElement() {
        AsyncSequence<Integer> sequence = numbers(1, Duration.ofSeconds(1));
        Task<Boolean> first = loop.createTask(sequence.hasNext());
        Task<Boolean> second = loop.createTask(sequence.hasNext());
        Task<Void> closing = loop.createTask(sequence.close());
        virtual.settle();
        for (Task<?> task : List.of(second, closing)) {
            assertThat(task.exception())
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("waits for this sequence's next element already");
        }
        assertThat(loop.runUntilComplete(first)).isTrue();
        assertThat(sequence.next()).isZero();
    }

    @Test
    void aGeneratorThatGoesThroughItselfIsRefused() {
        List<AsyncSequence<Integer>> self = new ArrayList<>();
        AsyncSequence<Integer> sequence = AsyncSequence.generate(out -> {
            await(self.get(0).hasNext());
            return Coroutine.done();
        });
        self.add(sequence);
        assertThatThrownBy(() -> loop.runUntilComplete(sequence.hasNext()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("already");
    }

    @Test
    void anotherTaskCannotEmit() {
        AsyncSequence<Integer> sequence = AsyncSequence.generate(out -> {
            Task<Void> other = Async.createTask(out.emit(1));
            await(other);
            return Coroutine.done();
        });
        assertThatThrownBy(() -> loop.runUntilComplete(sequence.hasNext()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("not for another task");
    }

    @Test
    void nobodyCanEmitWhenTheGeneratorIsOver() {
        List<Emitter<Integer>> leaked = new ArrayList<>();
        AsyncSequence<Integer> sequence = AsyncSequence.generate(out -> {
            leaked.add(out);
            return Coroutine.done();
        });
        loop.runUntilComplete(sequence.hasNext());
        assertThatThrownBy(() -> loop.runUntilComplete(leaked.get(0).emit(1)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("emit is for the generator's own coroutine");
    }

    @Test
    void aFailureOfTheGeneratorLeavesHasNextAndIsItsEnd() {
        Exception failure = new Exception("cold");
        AsyncSequence<Integer> sequence = AsyncSequence.generate(out -> {
            await(out.emit(1));
            throw failure;
        });
        loop.runUntilComplete(coroutine(() -> {
            assertThat(await(sequence.hasNext())).isTrue();
            assertThat(sequence.next()).isEqualTo(1);
            try {
                await(sequence.hasNext());
                log.add("went on");
            } catch (Exception thrown) {
                log.add(thrown.getMessage());
            }
            assertThat(await(sequence.hasNext())).isFalse();
            return Coroutine.done();
        }));
        assertThat(log).containsExactly("cold");
    }

    @Test
    void aGeneratorThatFailsBeforeItsFirstAwaitFailsTheSame() {
        Exception failure = new Exception("cold");
        AsyncSequence<Integer> sequence = AsyncSequence.generate(out -> {
            throw failure;
        });
        assertThatThrownBy(() -> loop.runUntilComplete(sequence.hasNext())).isSameAs(failure);
        assertThat(loop.runUntilComplete(sequence.hasNext())).isFalse();
    }

    @Test
    void theTraceOfAFailureGoesFromTheGeneratorToItsConsumer() {
        for (Duration every : List.of(Duration.ZERO, Duration.ofSeconds(1))) {
            Throwable failure = catchThrowable(() -> loop.runUntilComplete(consuming(failingAfterOne(every))));
            assertThat(Arrays.stream(failure.getStackTrace())
                            .map(StackTraceElement::getMethodName)
                            .filter(name -> !name.startsWith("lambda$")))
                    .containsExactly("failing", "await", "consuming");
        }
    }

    @Test
    void aTaskThatWaitsInAGeneratorStandsInBoth() {
        Promise<Integer> kettle = loop.createFuture();
        Task<Integer> task = loop.createTask(consuming(AsyncSequence.generate(out -> {
            await(out.emit(1));
            return out.emit(await(kettle));
        })));
        virtual.settle();
        assertThat(task.stack())
                .extracting(StackTraceElement::getMethodName)
                .hasSize(2)
                .last()
                .isEqualTo("consuming");
        kettle.setResult(2);
        assertThat(loop.runUntilComplete(task)).isEqualTo(3);
    }

    private static AsyncSequence<Integer> failingAfterOne(Duration every) {
        return AsyncSequence.generate(out -> {
            await(out.emit(1));
            await(Async.sleep(every));
            return failing();
        });
    }

    private static Coroutine<Void> failing() {
        await(Coroutine.done());
        throw new IllegalStateException("cold");
    }

    private static Coroutine<Integer> consuming(AsyncSequence<Integer> sequence) {
        int sum = 0;
        while (await(sequence.hasNext())) {
            sum += sequence.next();
        }
        return Coroutine.of(sum);
    }

    @Test
    void cancellingTheConsumerCancelsWhatTheGeneratorAwaits() {
        Promise<String> kettle = loop.createFuture();
        AsyncSequence<String> sequence = AsyncSequence.generate(out -> {
            await(out.emit("first"));
            try {
                return out.emit(await(kettle));
            } finally {
                await(Async.sleep(Duration.ofSeconds(1)));
                log.add("cleaned up");
            }
        });
        Task<List<String>> task = loop.createTask(sequence.toList());
        virtual.settle();
        task.cancel("enough");
        assertThat(kettle.isCancelled()).isTrue();
        assertThatThrownBy(() -> loop.runUntilComplete(task)).isInstanceOf(CancelledError.class);
        assertThat(log).containsExactly("cleaned up");
        assertThat(loop.runUntilComplete(sequence.hasNext())).isFalse();
    }

    @Test
    void aTaskThatIsCancelledBeforeItAsksLeavesTheGeneratorAlone() {
        AsyncSequence<Integer> sequence = numbers(1);
        Task<Boolean> task = loop.createTask(sequence.hasNext());
        task.cancel();
        virtual.settle();
        assertThat(loop.runUntilComplete(sequence.toList())).containsExactly(0);
    }

    @Test
    void aSequenceBelongsToTheLoopOnWhichItWasBegun() {
        AsyncSequence<Integer> sequence = numbers(2);
        loop.runUntilComplete(sequence.hasNext());
        sequence.next();
        try (VirtualLoop other = new VirtualLoop()) {
            assertThatThrownBy(() -> other.loop().runUntilComplete(sequence.hasNext()))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("another loop");
        }
        assertThat(loop.runUntilComplete(sequence.toList())).containsExactly(1);
    }

    @Test
    void aLambdaThatMakesASequenceCanBeGoneThroughAgain() {
        AsyncIterable<Integer> again = () -> numbers(2);
        assertThat(loop.runUntilComplete(again.toList())).containsExactly(0, 1);
        assertThat(loop.runUntilComplete(again.toList())).containsExactly(0, 1);
        AsyncSequence<Integer> once = numbers(2);
        assertThat(loop.runUntilComplete(once.toList())).containsExactly(0, 1);
        assertThat(loop.runUntilComplete(once.toList())).isEmpty();
    }
}

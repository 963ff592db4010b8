package io.samovar.tests.interop;

import static io.samovar.Async.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.samovar.Async;
import io.samovar.AsyncIterable;
import io.samovar.AsyncSequence;
import io.samovar.Coroutine;
import io.samovar.EventLoop;
import io.samovar.LoopClosedException;
import io.samovar.Task;
import io.samovar.tests.support.EveryMode;
import io.samovar.tests.support.Mode;
import io.samovar.tests.support.VirtualLoop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.Flow;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Asynchronous iterables for subscribers. */
@Timeout(30)
@EveryMode
class ToPublisherTest {
    @AutoClose
    private final VirtualLoop virtual;

    private final EventLoop loop;
    private final List<String> log = new ArrayList<>();
    private final Sink sink = new Sink(log);

    ToPublisherTest(Mode mode) {
        virtual = new VirtualLoop(mode);
        loop = virtual.loop();
    }

    /** Notes what it gets, and asks for what the test says. */
    private static class Sink implements Flow.Subscriber<Integer> {
        private final List<String> log;
        Flow.Subscription subscription;

        Sink(List<String> log) {
            this.log = log;
        }

        @Override
        public void onSubscribe(Flow.Subscription given) {
            subscription = given;
        }

        @Override
        public void onNext(Integer element) {
            log.add("next " + element);
        }

        @Override
        public void onError(Throwable failure) {
            log.add(failure.getClass().getSimpleName() + ": " + failure.getMessage());
        }

        @Override
        public void onComplete() {
            log.add("complete");
        }
    }

    private AsyncSequence<Integer> numbers(int count, Duration every) {
        return AsyncSequence.generate(out -> {
            try {
                for (int i = 0; i < count; i++) {
                    if (!every.isZero()) {
                        await(Async.sleep(every));
                    }
                    log.add("made " + i);
                    await(out.emit(i));
                }
                return Coroutine.done();
            } finally {
                log.add("cleaned up");
            }
        });
    }

    private void subscribe(AsyncIterable<Integer> iterable, Flow.Subscriber<Integer> subscriber) {
        iterable.toPublisher(loop).subscribe(subscriber);
        virtual.settle();
    }

    @Test
    void demandDrivesTheCoroutine() {
        subscribe(numbers(3, Duration.ZERO), sink);
        assertThat(log).isEmpty();
        Elsewhere.run(() -> sink.subscription.request(2));
        assertThat(log).isEmpty();
        virtual.settle();
        assertThat(log).containsExactly("made 0", "next 0", "made 1", "next 1");
        log.clear();
        sink.subscription.request(Long.MAX_VALUE);
        sink.subscription.request(Long.MAX_VALUE);
        virtual.settle();
        assertThat(log).containsExactly("made 2", "next 2", "cleaned up", "complete");
        assertThat(loop.allTasks()).isEmpty();
    }

    @Test
    void aSubscriberMayAskForTheNextElementInsideOnNext() {
        int count = 20_000;
        List<Integer> got = new ArrayList<>();
        AsyncSequence<Integer> sequence = AsyncSequence.generate(out -> {
            for (int i = 0; i < count; i++) {
                await(out.emit(i));
            }
            return Coroutine.done();
        });
        subscribe(sequence, new Sink(log) {
            @Override
            public void onSubscribe(Flow.Subscription given) {
                super.onSubscribe(given);
                given.request(1);
            }

            @Override
            public void onNext(Integer element) {
                got.add(element);
                subscription.request(1);
            }
        });
        assertThat(got).hasSize(count);
        assertThat(log).containsExactly("complete");
    }

    @Test
    void cancellingWhileTheCoroutineWaitsCancelsItThere() {
        subscribe(numbers(3, Duration.ofDays(1)), sink);
        sink.subscription.request(1);
        virtual.settle();
        Elsewhere.run(() -> {
            sink.subscription.cancel();
            sink.subscription.cancel();
            sink.subscription.request(5);
        });
        virtual.settle();
        assertThat(log).containsExactly("cleaned up");
        assertThat(loop.allTasks()).isEmpty();
    }

    @Test
    void cancellingBetweenElementsClosesTheIterator() {
        subscribe(numbers(3, Duration.ZERO), sink);
        sink.subscription.request(1);
        virtual.settle();
        sink.subscription.cancel();
        virtual.settle();
        assertThat(log).containsExactly("made 0", "next 0", "cleaned up");
        assertThat(loop.allTasks()).isEmpty();
    }

    @Test
    void cancellingInsideOnNextEndsItThere() {
        subscribe(numbers(3, Duration.ZERO), new Sink(log) {
            @Override
            public void onSubscribe(Flow.Subscription given) {
                super.onSubscribe(given);
                given.request(3);
            }

            @Override
            public void onNext(Integer element) {
                super.onNext(element);
                subscription.cancel();
            }
        });
        assertThat(log).containsExactly("made 0", "next 0", "cleaned up");
    }

    @Test
    void aFailureIsTheSubscribersOnError() {
        AsyncSequence<Integer> failing = AsyncSequence.generate(out -> {
            await(out.emit(1));
            throw new IllegalStateException("cold");
        });
        subscribe(failing, sink);
        sink.subscription.request(2);
        virtual.settle();
        assertThat(log).containsExactly("next 1", "IllegalStateException: cold");
        assertThat(virtual.failures()).isEmpty();
    }

    @Test
    void askingForLessThanOneElementIsAnError() {
        subscribe(numbers(3, Duration.ofDays(1)), sink);
        sink.subscription.request(1);
        virtual.settle();
        Elsewhere.run(() -> sink.subscription.request(0));
        virtual.settle();
        assertThat(log)
                .containsExactly(
                        "cleaned up",
                        "IllegalArgumentException: a subscriber asked for less than one element (Reactive Streams 3.9)");
        subscribe(numbers(3, Duration.ZERO), sink);
        log.clear();
        sink.subscription.request(-1);
        virtual.settle();
        assertThat(log).singleElement().asString().startsWith("IllegalArgumentException");
    }

    @Test
    void nullIsNoElementForAPublisher() {
        AsyncSequence<Integer> nulls = AsyncSequence.generate(out -> out.emit(null));
        subscribe(nulls, sink);
        sink.subscription.request(1);
        virtual.settle();
        assertThat(log).containsExactly("NullPointerException: a publisher has no null among its elements");
    }

    @Test
    void eachSubscriberOfAnIterableHasItsOwnIterator() {
        AsyncIterable<Integer> again = () -> numbers(1, Duration.ZERO);
        Flow.Publisher<Integer> publisher = again.toPublisher(loop);
        for (int i = 0; i < 2; i++) {
            publisher.subscribe(sink);
            virtual.settle();
            sink.subscription.request(2);
            virtual.settle();
        }
        assertThat(log)
                .containsExactly(
                        "made 0", "next 0", "cleaned up", "complete", "made 0", "next 0", "cleaned up", "complete");
    }

    @Test
    void aSequenceHasOneSubscriber() {
        Flow.Publisher<Integer> publisher = numbers(1, Duration.ZERO).toPublisher(loop);
        publisher.subscribe(sink);
        publisher.subscribe(new Sink(log));
        virtual.settle();
        assertThat(log)
                .containsExactly(
                        "IllegalStateException: a sequence is gone through once, and has a subscriber already");
        sink.subscription.request(2);
        virtual.settle();
        assertThat(log).endsWith("made 0", "next 0", "cleaned up", "complete");
    }

    @Test
    void aSubscriberThatThrowsIsReportedAndCancelled() {
        subscribe(numbers(3, Duration.ZERO), new Sink(log) {
            @Override
            public void onNext(Integer element) {
                throw new IllegalStateException("spilt");
            }

            @Override
            public void onSubscribe(Flow.Subscription given) {
                given.request(3);
            }
        });
        assertThat(log).containsExactly("made 0", "cleaned up");
        assertThat(virtual.failures()).singleElement().satisfies(reported -> {
            assertThat(reported.message()).startsWith("a subscriber failed, which it must not");
            assertThat(reported.exception()).hasMessage("spilt");
        });
    }

    @Test
    void whatFailsAfterTheSubscriberHasCancelledIsReported() {
        AsyncSequence<Integer> stuck = AsyncSequence.generate(out -> {
            try {
                return out.emit(await(Coroutine.of(1)));
            } finally {
                throwStuck();
            }
        });
        subscribe(stuck, sink);
        sink.subscription.request(1);
        virtual.settle();
        sink.subscription.cancel();
        virtual.settle();
        assertThat(log).containsExactly("next 1");
        assertThat(virtual.failures())
                .singleElement()
                .satisfies(reported -> assertThat(reported.exception()).hasMessage("stuck"));
    }

    private static void throwStuck() {
        throw new IllegalStateException("stuck");
    }

    @Test
    void aSubscriberIsToldWhenItsTaskIsCancelled() {
        subscribe(numbers(3, Duration.ofDays(1)), sink);
        sink.subscription.request(1);
        virtual.settle();
        loop.allTasks().forEach(Task::cancel);
        virtual.settle();
        assertThat(log)
                .containsExactly(
                        "cleaned up",
                        CancellationException.class.getSimpleName() + ": the publisher's task was cancelled");
    }

    @Test
    void aClosedLoopRefusesItsSubscribers() {
        Flow.Publisher<Integer> publisher = numbers(1, Duration.ZERO).toPublisher(loop);
        loop.close();
        publisher.subscribe(sink);
        sink.subscription.request(1);
        sink.subscription.cancel();
        assertThat(log).singleElement().asString().startsWith(LoopClosedException.class.getSimpleName());
    }
}

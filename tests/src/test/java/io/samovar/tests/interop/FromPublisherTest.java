package io.samovar.tests.interop;

import static io.samovar.Async.await;
import static io.samovar.tests.support.Coroutines.coroutine;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.samovar.AsyncIterable;
import io.samovar.AsyncIterator;
import io.samovar.Coroutine;
import io.samovar.EventLoop;
import io.samovar.Task;
import io.samovar.tests.support.EveryMode;
import io.samovar.tests.support.Mode;
import io.samovar.tests.support.VirtualLoop;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.Flow;
import java.util.concurrent.SubmissionPublisher;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Publishers in coroutines. */
@Timeout(30)
@EveryMode
class FromPublisherTest {
    @AutoClose
    private final VirtualLoop virtual;

    private final EventLoop loop;
    private final Source source = new Source();
    private final List<String> log = new ArrayList<>();

    FromPublisherTest(Mode mode) {
        virtual = new VirtualLoop(mode);
        loop = virtual.loop();
    }

    /** A publisher that does what the test says, and notes what it is asked for. */
    private static final class Source implements Flow.Publisher<Integer>, Flow.Subscription {
        Flow.Subscriber<? super Integer> subscriber;
        long requested;
        boolean cancelled;

        @Override
        public void subscribe(Flow.Subscriber<? super Integer> by) {
            subscriber = by;
            by.onSubscribe(this);
        }

        @Override
        public void request(long n) {
            requested += n;
        }

        @Override
        public void cancel() {
            cancelled = true;
        }

        void give(int from, int to) {
            for (int i = from; i < to; i++) {
                subscriber.onNext(i);
            }
        }
    }

    private AsyncIterator<Integer> iterator(int window) {
        return loop.runUntilComplete(
                coroutine(() -> Coroutine.of(AsyncIterable.from(source, window).iterator())));
    }

    private Coroutine<List<Integer>> take(AsyncIterator<Integer> elements, int count) {
        List<Integer> taken = new ArrayList<>();
        while (taken.size() < count && await(elements.hasNext())) {
            taken.add(elements.next());
        }
        return Coroutine.of(taken);
    }

    @Test
    void whatAnotherThreadPublishesArrivesInItsOrder() {
        int count = 2_000;
        SubmissionPublisher<Integer> publisher = new SubmissionPublisher<>();
        Task<List<Integer>> task = loop.createTask(
                coroutine(() -> AsyncIterable.from(publisher, 16).toList()));
        virtual.settle();
        Thread thread = new Thread(() -> {
            try (publisher) {
                for (int i = 0; i < count; i++) {
                    publisher.submit(i); // waits while the buffers are full
                }
            }
        });
        thread.start();
        assertThat(loop.runUntilComplete(task))
                .isEqualTo(IntStream.range(0, count).boxed().toList());
    }

    @Test
    void nothingIsSubscribedBeforeTheFirstElementIsAskedFor() {
        AsyncIterator<Integer> elements = iterator(4);
        assertThat(source.subscriber).isNull();
        loop.createTask(elements.hasNext());
        virtual.settle();
        assertThat(source.requested).isEqualTo(4);
    }

    @Test
    void noMoreIsRequestedThanTheWindowHasRoomFor() {
        AsyncIterator<Integer> elements = iterator(4);
        Task<List<Integer>> task = loop.createTask(take(elements, 3));
        virtual.settle();
        Elsewhere.run(() -> source.give(0, 4));
        assertThat(source.requested).isEqualTo(4);
        assertThat(loop.runUntilComplete(task)).containsExactly(0, 1, 2);
        assertThat(source.requested).isEqualTo(7);
        Elsewhere.run(() -> source.give(4, 7));
        assertThat(loop.runUntilComplete(take(elements, 4))).containsExactly(3, 4, 5, 6);
        assertThat(source.requested).isEqualTo(10);
    }

    @Test
    void aWindowOfOneAsksForOneAtATime() {
        AsyncIterator<Integer> elements = iterator(1);
        for (int i = 0; i < 3; i++) {
            Task<List<Integer>> task = loop.createTask(take(elements, 1));
            virtual.settle();
            assertThat(source.requested).isEqualTo(i + 1);
            source.give(i, i + 1);
            assertThat(loop.runUntilComplete(task)).containsExactly(i);
        }
        assertThatThrownBy(() -> AsyncIterable.from(source, 0)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void whatHasArrivedCostsNoTurnOfTheLoop() {
        AsyncIterator<Integer> elements = iterator(64);
        loop.createTask(take(elements, 1));
        virtual.settle();
        source.give(0, 60);
        virtual.settle();
        loop.createTask(coroutine(() -> {
            log.add(await(take(elements, 50)).size() + " taken");
            return Coroutine.done();
        }));
        loop.callSoon(() -> log.add("next in line"));
        virtual.turn();
        assertThat(log).containsExactly("50 taken", "next in line");
    }

    @Test
    void aFailureComesBehindTheElementsAndOnce() {
        AsyncIterator<Integer> elements = iterator(4);
        loop.createTask(take(elements, 1));
        virtual.settle();
        Exception failure = new Exception("cold");
        Elsewhere.run(() -> {
            source.give(0, 3);
            source.subscriber.onError(failure);
        });
        virtual.settle();
        assertThat(loop.runUntilComplete(take(elements, 2))).containsExactly(1, 2);
        assertThatThrownBy(() -> loop.runUntilComplete(elements.hasNext())).isSameAs(failure);
        assertThat(loop.runUntilComplete(elements.hasNext())).isFalse();
        assertThat(source.cancelled).isFalse();
    }

    @Test
    void askingTwiceSkipsNothingAndTakingWithoutAskingFails() {
        AsyncIterator<Integer> elements = iterator(4);
        Task<Boolean> first = loop.createTask(elements.hasNext());
        virtual.settle();
        source.give(7, 9);
        assertThat(loop.runUntilComplete(first)).isTrue();
        assertThat(loop.runUntilComplete(elements.hasNext())).isTrue();
        assertThat(elements.next()).isEqualTo(7);
        assertThatThrownBy(elements::next).isInstanceOf(NoSuchElementException.class);
    }

    @Test
    void closingCancelsTheSubscriptionAndDropsWhatHasArrived() {
        AsyncIterator<Integer> elements = iterator(4);
        loop.createTask(take(elements, 1));
        virtual.settle();
        source.give(0, 3);
        virtual.settle();
        loop.runUntilComplete(elements.close());
        assertThat(source.cancelled).isTrue();
        source.give(3, 4);
        assertThat(loop.runUntilComplete(elements.hasNext())).isFalse();
    }

    @Test
    void closingWakesATaskThatWaits() {
        AsyncIterator<Integer> elements = iterator(4);
        Task<Boolean> waiting = loop.createTask(elements.hasNext());
        virtual.settle();
        loop.runUntilComplete(elements.close());
        assertThat(loop.runUntilComplete(waiting)).isFalse();
    }

    @Test
    void aSubscriptionThatComesAfterTheCloseIsCancelled() {
        List<Flow.Subscriber<? super Integer>> late = new ArrayList<>();
        AsyncIterator<Integer> elements = loop.runUntilComplete(coroutine(
                () -> Coroutine.of(AsyncIterable.<Integer>from(late::add).iterator())));
        Task<Boolean> waiting = loop.createTask(elements.hasNext());
        virtual.settle();
        waiting.cancel();
        loop.runUntilComplete(elements.close());
        Elsewhere.run(() -> late.get(0).onSubscribe(source));
        assertThat(source.cancelled).isFalse();
        virtual.settle();
        assertThat(source.cancelled).isTrue();
        assertThat(source.requested).isZero();
    }

    @Test
    void aWaitThatIsCancelledLosesNothing() {
        AsyncIterator<Integer> elements = iterator(4);
        Task<List<Integer>> task = loop.createTask(take(elements, 1));
        virtual.settle();
        Elsewhere.run(() -> source.give(0, 1));
        task.cancel();
        virtual.settle();
        assertThat(task.isCancelled()).isTrue();
        assertThat(loop.runUntilComplete(take(elements, 1))).containsExactly(0);
    }

    @Test
    void onlyOneTaskMayWait() {
        AsyncIterator<Integer> elements = iterator(4);
        Task<Boolean> first = loop.createTask(elements.hasNext());
        Task<Boolean> second = loop.createTask(elements.hasNext());
        virtual.settle();
        assertThat(second.exception())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("waits here already");
        source.give(0, 1);
        assertThat(loop.runUntilComplete(first)).isTrue();
    }

    @Test
    void aPublisherThatGivesMoreThanWasAskedForFailsTheIteration() {
        AsyncIterator<Integer> elements = iterator(4);
        loop.createTask(take(elements, 1));
        virtual.settle();
        source.give(0, 100);
        virtual.settle();
        assertThatThrownBy(() -> loop.runUntilComplete(take(elements, 100)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("more elements than were asked for");
    }

    @Test
    void aPublisherThatFailsToTakeASubscriberFailsTheIteration() {
        AsyncIterable<Integer> broken = AsyncIterable.from(subscriber -> {
            throw new IllegalStateException("no more seats");
        });
        assertThatThrownBy(() -> loop.runUntilComplete(coroutine(broken::toList)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("no more seats");
    }

    @Test
    void whatIsPublishedAfterTheLoopWasClosedCancelsTheSubscription() {
        AsyncIterator<Integer> elements = iterator(4);
        loop.createTask(elements.hasNext());
        virtual.settle();
        loop.close();
        Elsewhere.run(() -> source.give(0, 1));
        assertThat(source.cancelled).isTrue();
    }
}

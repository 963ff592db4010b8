package io.samovar.tests.interop;

import static io.samovar.Async.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.samovar.Async;
import io.samovar.AsyncIterable;
import io.samovar.AsyncSequence;
import io.samovar.Coroutine;
import io.samovar.EventLoop;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.reactivestreams.tck.TestEnvironment;
import org.reactivestreams.tck.flow.FlowPublisherVerification;
import org.reactivestreams.tck.flow.FlowSubscriberBlackboxVerification;
import org.testng.ITestResult;
import org.testng.TestListenerAdapter;
import org.testng.TestNG;
import org.testng.annotations.AfterClass;
import org.testng.annotations.BeforeClass;

/** The technology compatibility kit of Reactive Streams, which is written for TestNG. */
@Timeout(120)
class ReactiveStreamsTckTest {
    /** For a signal that must come; a busy machine may take its time. */
    private static final long PATIENCE_MILLIS = 1_000;

    /** For a signal that must not come. */
    private static final long SILENCE_MILLIS = 30;

    private static TestListenerAdapter run(Class<?> verification) {
        TestNG testng = new TestNG(false);
        testng.setVerbose(0);
        testng.setTestClasses(new Class<?>[] {verification});
        TestListenerAdapter results = new TestListenerAdapter();
        testng.addListener(results);
        testng.run();
        return results;
    }

    private static void passes(Class<?> verification, int atLeast) {
        TestListenerAdapter results = run(verification);
        assertThat(results.getFailedTests())
                .as("failed")
                .extracting(ReactiveStreamsTckTest::describe)
                .isEmpty();
        assertThat(results.getConfigurationFailures()).isEmpty();
        assertThat(results.getPassedTests()).hasSizeGreaterThanOrEqualTo(atLeast);
    }

    private static String describe(ITestResult result) {
        return result.getName() + ": " + result.getThrowable();
    }

    @Test
    void thePublisherOfAnIterableFulfilsTheContract() {
        passes(PublisherOfAnIterable.class, 30);
    }

    @Test
    void theIteratorOfAPublisherFulfilsTheContractOfASubscriber() {
        passes(IteratorOfAPublisher.class, 10);
    }

    /** A program in a thread of its own. */
    private static final class BackgroundLoop {
        private final CompletableFuture<EventLoop> opened = new CompletableFuture<>();
        private final CompletableFuture<Void> stopped = new CompletableFuture<>();
        private final Thread thread = new Thread(() -> Async.run(() -> {
            opened.complete(EventLoop.current());
            await(stopped);
            return Coroutine.done();
        }));

        BackgroundLoop() {
            thread.start();
        }

        EventLoop loop() {
            return opened.join();
        }

        void stop() throws InterruptedException {
            stopped.complete(null);
            thread.join();
        }
    }

    private static AsyncSequence<Long> numbers(long count) {
        return AsyncSequence.generate(out -> {
            for (long i = 0; i < count; i++) {
                await(out.emit(i));
            }
            return Coroutine.done();
        });
    }

    /** An iterator for each subscriber. TestNG wants what it runs to be public. */
    public static final class PublisherOfAnIterable extends FlowPublisherVerification<Long> {
        private BackgroundLoop background;

        public PublisherOfAnIterable() {
            super(new TestEnvironment(PATIENCE_MILLIS, SILENCE_MILLIS));
        }

        @BeforeClass
        public void startTheLoop() {
            background = new BackgroundLoop();
        }

        @AfterClass
        public void stopTheLoop() throws InterruptedException {
            background.stop();
        }

        @Override
        public Flow.Publisher<Long> createFlowPublisher(long elements) {
            AsyncIterable<Long> iterable = () -> numbers(elements);
            return iterable.toPublisher(background.loop());
        }

        @Override
        public Flow.Publisher<Long> createFailedFlowPublisher() {
            AsyncIterable<Long> failed = () -> {
                throw new IllegalStateException("cold");
            };
            return failed.toPublisher(background.loop());
        }
    }

    /** What an iterator subscribes with, while a task goes through it. */
    public static final class IteratorOfAPublisher extends FlowSubscriberBlackboxVerification<Integer> {
        private BackgroundLoop background;

        public IteratorOfAPublisher() {
            super(new TestEnvironment(PATIENCE_MILLIS, SILENCE_MILLIS));
        }

        @BeforeClass
        public void startTheLoop() {
            background = new BackgroundLoop();
        }

        @AfterClass
        public void stopTheLoop() throws InterruptedException {
            background.stop();
        }

        @Override
        @SuppressWarnings("unchecked") // a subscriber of integers takes integers
        public Flow.Subscriber<Integer> createFlowSubscriber() {
            CompletableFuture<Flow.Subscriber<? super Integer>> subscriber = new CompletableFuture<>();
            CompletableFuture<Void> unused = background
                    .loop()
                    .submit(() ->
                            AsyncIterable.<Integer>from(subscriber::complete).forEach(element -> Coroutine.done()));
            return (Flow.Subscriber<Integer>) subscriber.join();
        }

        @Override
        public Integer createElement(int element) {
            return element;
        }
    }
}

package io.samovar;

import java.util.Objects;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/** Gives each subscriber an iterator of its own, on a loop. */
final class IterablePublisher<T extends @Nullable Object> implements Flow.Publisher<T> {
    private final EventLoop loop;
    private final AsyncIterable<T> iterable;

    IterablePublisher(EventLoop loop, AsyncIterable<T> iterable) {
        this.loop = Objects.requireNonNull(loop, "loop");
        this.iterable = iterable;
    }

    @Override
    public void subscribe(Flow.Subscriber<? super T> subscriber) {
        Objects.requireNonNull(subscriber, "subscriber");
        IterableSubscription<T> subscription = new IterableSubscription<>(loop, iterable, subscriber);
        try {
            loop.execute(subscription::start);
        } catch (LoopClosedException loopIsClosed) {
            subscription.refuse(loopIsClosed);
        }
    }
}

package io.samovar;

import static io.samovar.Async.await;

import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.concurrent.Flow;
import org.jctools.queues.atomic.SpscAtomicArrayQueue;
import org.jspecify.annotations.Nullable;

/**
 * The elements of a publisher, of which no more than a window are on their way or waiting.
 *
 * <p>The publisher's threads put elements into the queue and ring. Its subscription is only called on the loop thread, for calls to it
 * must not overlap (Reactive Streams 2.7).
 */
final class PublisherIterator<T> implements AsyncIterator<T>, Flow.Subscriber<T> {
    private final EventLoop loop = EventLoop.current();
    private final Flow.Publisher<? extends T> publisher;
    private final int window;
    private final SpscAtomicArrayQueue<T> arrived;
    private final Arrival arrival = new Arrival();

    /** Written by the loop. */
    private volatile Flow.@Nullable Subscription subscription;

    // The loop's own.
    private boolean subscribed;
    /** {@link #hasNext} has said that there is an element. */
    private boolean found;
    /** Taken since the last request. */
    private int taken;
    /** The failure was thrown. */
    private boolean thrown;

    /** Written before {@link #ended}. */
    private @Nullable Throwable failure;
    /** Nothing more comes, behind what is in the queue. */
    private volatile boolean ended;

    private volatile boolean closed;

    PublisherIterator(Flow.Publisher<? extends T> publisher, int window) {
        this.publisher = publisher;
        this.window = window;
        this.arrived = new SpscAtomicArrayQueue<>(window);
    }

    @Override
    public Coroutine<Boolean> hasNext() {
        if (!subscribed) {
            subscribed = true;
            try {
                publisher.subscribe(this);
            } catch (RuntimeException broken) {
                end(broken);
            }
        }
        return Coroutine.of(await(arrival));
    }

    @Override
    public T next() {
        T element = found ? arrived.poll() : null;
        if (element == null) {
            throw new NoSuchElementException("no element is there: await hasNext() first, which must give true");
        }
        found = false;
        taken++;
        Flow.Subscription from = subscription;
        if (taken > window / 2 && !ended && from != null) {
            int more = taken;
            taken = 0;
            from.request(more);
        }
        return element;
    }

    @Override
    public Coroutine<@Nullable Void> close() {
        await(Coroutine.done()); // so that nothing happens before this is awaited
        if (!closed) {
            closed = true;
            found = false;
            arrived.clear();
            Flow.Subscription from = subscription;
            if (from != null) {
                subscription = null;
                from.cancel();
            }
            arrival.ring();
        }
        return Coroutine.done();
    }

    @Override
    public void onSubscribe(Flow.Subscription offered) {
        Objects.requireNonNull(offered, "subscription");
        if (loop.isLoopThread()) {
            subscribed(offered);
            return;
        }
        try {
            loop.execute(() -> subscribed(offered));
        } catch (LoopClosedException loopIsClosed) {
            offered.cancel();
        }
    }

    private void subscribed(Flow.Subscription offered) {
        if (closed || subscription != null) {
            offered.cancel();
            return;
        }
        subscription = offered;
        offered.request(window);
    }

    @Override
    public void onNext(T element) {
        Objects.requireNonNull(element, "element");
        if (closed || ended) {
            return;
        }
        if (!arrived.offer(element)) {
            end(new IllegalStateException("the publisher gave more elements than were asked for: " + publisher));
            return;
        }
        arrival.ring();
    }

    @Override
    public void onError(Throwable cause) {
        end(Objects.requireNonNull(cause, "cause"));
    }

    @Override
    public void onComplete() {
        end(null);
    }

    private void end(@Nullable Throwable cause) {
        if (!ended) {
            failure = cause;
            ended = true;
            arrival.ring();
        }
    }

    /** The wait for the next element. */
    private final class Arrival extends Doorbell {
        Arrival() {
            super(loop);
        }

        @Override
        boolean isReady() {
            return !arrived.isEmpty() || ended || closed;
        }

        @Override
        Boolean answer() throws Throwable {
            found = !arrived.isEmpty() && !closed;
            if (!found && !closed && failure != null && !thrown) {
                thrown = true;
                AwaitTrace.appendStack(failure);
                throw failure;
            }
            return found;
        }

        @Override
        void nobodyIsThere() {
            Flow.Subscription last = subscription;
            if (last != null) {
                last.cancel(); // the loop calls it no more
            }
        }
    }
}

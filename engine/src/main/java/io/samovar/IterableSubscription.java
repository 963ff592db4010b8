package io.samovar;

import static io.samovar.Async.await;

import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * One subscriber of an {@link IterablePublisher}, and the task that serves it: whoever asks for elements has the iterator go on.
 *
 * <p>The subscriber is called by the task only, on the loop thread. {@link #request} and {@link #cancel} come from any thread.
 */
final class IterableSubscription<T extends @Nullable Object> implements Flow.Subscription {
    private final EventLoop loop;
    private final AsyncIterable<T> iterable;
    private final Demand demand;

    /** {@code null} once it is not to be called any more, so that nothing here keeps it alive. */
    private volatile Flow.@Nullable Subscriber<? super T> subscriber;

    /** Asked for and not given; {@link Long#MAX_VALUE} means without end. */
    private final AtomicLong requested = new AtomicLong();

    private volatile boolean cancelled;
    /** It asked for less than one element. */
    private volatile boolean misused;

    // The loop's own.
    private @Nullable Task<?> task;
    /** The task waits for the iterator. */
    private boolean asking;

    IterableSubscription(EventLoop loop, AsyncIterable<T> iterable, Flow.Subscriber<? super T> subscriber) {
        this.loop = loop;
        this.iterable = iterable;
        this.subscriber = subscriber;
        this.demand = new Demand();
    }

    void start() {
        task = loop.createTask(serve());
    }

    /** The loop is closed: a subscriber must be told all the same. */
    void refuse(LoopClosedException reason) {
        Flow.Subscriber<? super T> refused = Objects.requireNonNull(subscriber);
        cancelled = true;
        subscriber = null;
        refused.onSubscribe(this);
        refused.onError(reason);
    }

    @Override
    public void request(long n) {
        if (cancelled) {
            return;
        }
        if (n > 0) {
            requested.accumulateAndGet(n, (had, more) -> had + more < 0 ? Long.MAX_VALUE : had + more);
        } else {
            misused = true;
            onLoop(this::stop);
        }
        demand.ring();
    }

    @Override
    public void cancel() {
        if (cancelled) {
            return;
        }
        cancelled = true;
        subscriber = null;
        onLoop(this::stop);
    }

    private void onLoop(Runnable action) {
        if (loop.isLoopThread()) {
            action.run();
            return;
        }
        try {
            loop.execute(action);
        } catch (LoopClosedException loopIsClosed) {
            // the task will not run any more in any case
        }
    }

    private void stop() {
        demand.ring();
        if (asking && task != null) {
            task.cancel("the subscriber wants no more");
        }
    }

    private Coroutine<@Nullable Void> serve() {
        Throwable failed = null;
        try {
            call(to -> to.onSubscribe(this));
            await(giveElements());
        } catch (Throwable failure) {
            failed = failure;
        }
        end(failed);
        cancelled = true;
        subscriber = null;
        return Coroutine.done();
    }

    private void end(@Nullable Throwable failure) {
        if (failure == null) {
            call(Flow.Subscriber::onComplete);
        } else if (misused) {
            call(to -> to.onError(new IllegalArgumentException(
                    "a subscriber asked for less than one element (Reactive Streams 3.9)", failure)));
        } else if (failure instanceof CancelledError) {
            CancellationException cancellation = new CancellationException("the publisher's task was cancelled");
            cancellation.initCause(failure);
            call(to -> to.onError(cancellation));
        } else if (cancelled) {
            loop.report(new LoopFailure("a publisher failed after its subscriber had cancelled", failure, this));
        } else {
            call(to -> to.onError(failure));
        }
    }

    /** Until the last element, or until the subscriber has cancelled. */
    private Coroutine<@Nullable Void> giveElements() {
        AsyncIterator<T> elements = iterable.iterator();
        Throwable failed = null;
        try {
            while (await(demand) && await(ask(elements))) {
                T element = Objects.requireNonNull(elements.next(), "a publisher has no null among its elements");
                if (requested.get() != Long.MAX_VALUE) {
                    requested.decrementAndGet();
                }
                call(to -> to.onNext(element));
            }
        } catch (Throwable failure) {
            failed = failure;
            throw failure;
        } finally {
            await(Closing.after(failed, elements));
        }
        return Coroutine.done();
    }

    private Coroutine<Boolean> ask(AsyncIterator<T> elements) {
        asking = true;
        try {
            boolean more = await(elements.hasNext());
            return Coroutine.of(more && !cancelled);
        } finally {
            asking = false;
        }
    }

    private interface Signal<T extends @Nullable Object> {
        void to(Flow.Subscriber<? super T> subscriber);
    }

    /** A subscriber that throws breaks its contract, and counts as one that has cancelled. */
    private void call(Signal<T> signal) {
        Flow.Subscriber<? super T> to = subscriber;
        if (to == null) {
            return;
        }
        try {
            signal.to(to);
        } catch (Throwable failure) {
            cancelled = true;
            subscriber = null;
            loop.rethrowIfFatal(failure);
            loop.report(new LoopFailure("a subscriber failed, which it must not: " + to, failure, this));
        }
    }

    /** The wait until elements are asked for; {@code false} if none will be. */
    private final class Demand extends Doorbell {
        Demand() {
            super(loop);
        }

        @Override
        boolean isReady() {
            return cancelled || misused || requested.get() > 0;
        }

        @Override
        Boolean answer() {
            if (misused) {
                throw new CancelledError(null); // end() says why
            }
            return !cancelled;
        }

        @Override
        void nobodyIsThere() {
            cancelled = true;
        }
    }
}

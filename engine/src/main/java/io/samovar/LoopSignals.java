package io.samovar;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The signals that one loop is told of. Belongs to the loop thread. */
final class LoopSignals {
    private final EventLoop loop;
    /** All that are open, so that closing the loop ends them. */
    private final Set<Subscription> open = new HashSet<>();
    /** Those of {@link EventLoop#addSignalHandler}: one for each signal. */
    private final Map<String, Subscription> handlers = new HashMap<>();

    LoopSignals(EventLoop loop) {
        this.loop = loop;
    }

    void setHandler(String signal, Runnable callback) {
        Subscription added = subscribe(signal, callback);
        Subscription before = handlers.put(added.name, added);
        if (before != null) {
            before.close();
        }
    }

    boolean removeHandler(String signal) {
        Subscription removed = handlers.remove(ProcessSignal.nameOf(signal));
        if (removed == null) {
            return false;
        }
        removed.close();
        return true;
    }

    /** Has {@code callback} run on the loop whenever the signal comes, until the subscription is closed. */
    Subscription subscribe(String signal, Runnable callback) {
        Subscription subscription = new Subscription(ProcessSignal.nameOf(signal), callback);
        ProcessSignal.listen(subscription.name, subscription);
        open.add(subscription);
        return subscription;
    }

    void close() {
        handlers.clear();
        List.copyOf(open).forEach(Subscription::close);
    }

    /** One signal, one callback. */
    final class Subscription implements Runnable {
        private final String name;
        /** {@code null} once it is closed. Belongs to the loop thread. */
        private @Nullable Runnable callback;

        Subscription(String name, Runnable callback) {
            this.name = name;
            this.callback = Context.bind(Objects.requireNonNull(callback, "callback"));
        }

        /** The signal has come; in a thread of its own. */
        @Override
        public void run() {
            try {
                loop.execute(this::call);
            } catch (LoopClosedException closedMeanwhile) {
                // nobody is left to hear of it
            }
        }

        private void call() {
            if (callback != null) {
                callback.run();
            }
        }

        void close() {
            callback = null;
            open.remove(this);
            ProcessSignal.leave(name, this);
        }
    }
}

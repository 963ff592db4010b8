package io.samovar.net;

import io.samovar.EventLoop;
import io.samovar.Future;
import io.samovar.Promise;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Those who wait for something to be closed: each gets a future of its own, so that cancelling one disturbs no other. */
final class CloseWaiters {
    private final EventLoop loop;
    private final List<Promise<@Nullable Void>> waiting = new ArrayList<>(1);
    private boolean closed;

    CloseWaiters(EventLoop loop) {
        this.loop = loop;
    }

    Future<@Nullable Void> add() {
        Promise<@Nullable Void> promise = loop.createFuture();
        if (closed) {
            finish(promise);
        } else {
            waiting.removeIf(Future::isDone); // those that were cancelled
            waiting.add(promise);
        }
        return promise;
    }

    /** It is closed. */
    void complete() {
        closed = true;
        for (Promise<@Nullable Void> promise : waiting) {
            if (!promise.isDone()) {
                finish(promise);
            }
        }
        waiting.clear();
    }

    @SuppressWarnings(
            "NullAway") // a Promise<@Nullable Void> takes null; NullAway does not read type arguments on JDK 17
    private static void finish(Promise<@Nullable Void> promise) {
        promise.setResult(null);
    }
}

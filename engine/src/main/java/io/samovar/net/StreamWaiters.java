package io.samovar.net;

import io.samovar.EventLoop;
import io.samovar.Future;
import io.samovar.Task;
import io.samovar.TimerHandle;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Those who wait for a stream to be flushed or closed, and the limit of its closing: what most streams never have. */
final class StreamWaiters {
    private final EventLoop loop;
    private final CloseWaiters close;
    private final List<Task<?>> flush = new ArrayList<>(1);
    private @Nullable TimerHandle closeLimit;
    private @Nullable FlowListener flow;

    StreamWaiters(EventLoop loop) {
        this.loop = loop;
        close = new CloseWaiters(loop);
    }

    Future<@Nullable Void> addClosed() {
        return close.add();
    }

    void flowListener(FlowListener listener) {
        flow = listener;
    }

    void paused() {
        if (flow != null) {
            flow.writingPaused();
        }
    }

    void resumed() {
        if (flow != null) {
            flow.writingMayGoOn();
        }
    }

    /** Nothing can be written any more. */
    void failed() {
        flushed();
        if (flow != null) {
            flow.writingIsOver();
        }
    }

    void addFlusher(Task<?> task) {
        flush.add(task);
    }

    void forgetFlusher(Task<?> task) {
        flush.remove(task);
    }

    /** Has those who wait for the flush ask again. */
    void flushed() {
        if (!flush.isEmpty()) {
            List<Task<?>> tasks = List.copyOf(flush);
            flush.clear();
            tasks.forEach(Task::wakeup);
        }
    }

    /** Has {@code action} run if the close takes longer than this; only the first call counts. */
    void limitClose(Duration limit, Runnable action) {
        if (closeLimit == null) {
            closeLimit = loop.callLater(limit, action);
        }
    }

    void closed() {
        if (closeLimit != null) {
            closeLimit.cancel();
        }
        failed();
        close.complete();
    }
}

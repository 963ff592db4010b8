package io.samovar;

import io.samovar.Watches.Direction;
import io.samovar.transport.ReadinessListener;
import io.samovar.transport.Watch;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** One descriptor or channel, and what is to be called when it can be read and when it can be written. */
final class Watched implements ReadinessListener {
    private final EventLoop loop;
    private final Watch watch;
    private @Nullable Callback reader;
    private @Nullable Callback writer;

    Watched(EventLoop loop, Function<? super ReadinessListener, Watch> opener) {
        this.loop = loop;
        watch = opener.apply(this);
    }

    /** Takes the place of the callback that was there before, if the transport does not refuse. */
    void add(Direction direction, Runnable callback) {
        Callback added = new Callback(callback);
        boolean reading = direction == Direction.READING;
        // Asked for even if it was before: the descriptor may have been closed, and its number may stand for another
        // one.
        watch.interest(reading || reader != null, !reading || writer != null);
        Callback before = reading ? reader : writer;
        if (before != null) {
            before.cancel();
        }
        put(direction, added);
    }

    boolean remove(Direction direction) {
        Callback removed = direction == Direction.READING ? reader : writer;
        if (removed == null) {
            return false;
        }
        removed.cancel();
        put(direction, null);
        if (isEmpty()) {
            watch.cancel();
        } else {
            try {
                watch.interest(reader != null, writer != null);
            } catch (RuntimeException closedMeanwhile) {
                // the other callback will never run, and has to be removed as well
            }
        }
        return true;
    }

    private void put(Direction direction, @Nullable Callback callback) {
        if (direction == Direction.READING) {
            reader = callback;
        } else {
            writer = callback;
        }
    }

    boolean isEmpty() {
        return reader == null && writer == null;
    }

    void cancel() {
        reader = null;
        writer = null;
        watch.cancel();
    }

    @Override
    public void ready(boolean readable, boolean writable) {
        if (readable && reader != null) {
            reader.schedule();
        }
        if (writable && writer != null) {
            writer.schedule();
        }
    }

    /** Runs in one and the same context each time, as in asyncio. */
    private final class Callback implements Runnable {
        private final ContextCallback inContext;
        /** In the ready queue; {@code null} if it is not there. */
        private @Nullable Handle queued;

        Callback(Runnable callback) {
            Objects.requireNonNull(callback, "callback");
            inContext = new ContextCallback(Context.copyCurrent(), callback);
        }

        void schedule() {
            if (queued == null) { // one poll may tell of one thing twice
                Handle handle = new Handle(loop, this);
                queued = handle;
                loop.ready(handle);
            }
        }

        void cancel() {
            if (queued != null) {
                queued.cancel();
                queued = null;
            }
        }

        @Override
        public void run() {
            queued = null;
            inContext.run();
        }

        @Override
        public String toString() {
            return inContext.toString();
        }
    }
}

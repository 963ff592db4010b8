package io.samovar;

import java.util.Objects;

/** A callback that has a context, which a {@link Handle} without one need not have room for. */
record ContextCallback(Context context, Runnable callback) implements Runnable {
    ContextCallback {
        Objects.requireNonNull(context, "context");
        Objects.requireNonNull(callback, "callback");
    }

    @Override
    public void run() {
        Context.enter(context); // the handle takes it back, when a failure has been reported in it
        callback.run();
    }

    @Override
    public String toString() {
        return callback.toString();
    }
}

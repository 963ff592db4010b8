package io.samovar;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** {@link TaskFactory#eager}. */
record EagerTaskFactory(TaskFactory factory) implements TaskFactory {
    EagerTaskFactory {
        Objects.requireNonNull(factory, "factory");
    }

    @Override
    public <T extends @Nullable Object> Task<T> create(
            EventLoop loop, Coroutine<? extends T> coroutine, TaskOptions options) {
        return factory.create(loop, coroutine, options.eager() == null ? options.eager(true) : options);
    }
}

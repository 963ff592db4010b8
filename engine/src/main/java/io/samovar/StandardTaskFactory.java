package io.samovar;

import org.jspecify.annotations.Nullable;

/** {@link TaskFactory#LAZY} and {@link TaskFactory#EAGER}. */
record StandardTaskFactory(boolean eager) implements TaskFactory {
    @Override
    public <T extends @Nullable Object> Task<T> create(
            EventLoop loop, Coroutine<? extends T> coroutine, TaskOptions options) {
        Boolean asked = options.eager();
        return Task.create(loop, coroutine, options, asked == null ? eager : asked);
    }

    @Override
    public String toString() {
        return eager ? "TaskFactory.EAGER" : "TaskFactory.LAZY";
    }
}

package io.samovar;

import org.jspecify.annotations.Nullable;

/**
 * Something that went wrong where nobody awaits.
 *
 * @param message what happened, in words
 * @param exception what was thrown, if anything was
 * @param source the handle, future, task or server it came from, if known
 */
public record LoopFailure(
        String message,
        @Nullable Throwable exception,
        @Nullable Object source) {}

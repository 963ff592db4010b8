package io.samovar;

import org.jspecify.annotations.Nullable;

/**
 * Ctrl-C has cancelled the program's main task, which has ended. {@link Runner#run} and {@link Async#run} throw it.
 *
 * <p>If it leaves the main thread, nothing is printed: the process ends as Java always ends it after Ctrl-C, with its shutdown
 * hooks and status 130. It is an {@link Error}, so that {@code catch (Exception e)} does not swallow it; who catches it goes
 * on. Python: {@code KeyboardInterrupt}.
 */
public final class KeyboardInterrupt extends Error {
    private static final long serialVersionUID = 1L;

    KeyboardInterrupt(@Nullable CancelledError cancellation) {
        super("the program was interrupted", cancellation);
    }
}

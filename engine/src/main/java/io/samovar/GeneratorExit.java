package io.samovar;

/**
 * Thrown at the {@code emit} where a generator stands that is being closed, so that it cleans up.
 *
 * <p>It is an {@link Error}, so that {@code catch (Exception e)} does not swallow it; {@code finally} blocks run as always. A
 * generator lets it pass, or returns. Python: {@code GeneratorExit}.
 */
public final class GeneratorExit extends Error {
    private static final long serialVersionUID = 1L;

    GeneratorExit() {
        super("the sequence was closed");
    }

    /** Does nothing: closing a sequence is no error. */
    @Override
    public synchronized Throwable fillInStackTrace() {
        return this;
    }
}

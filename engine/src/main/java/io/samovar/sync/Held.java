package io.samovar.sync;

import org.jspecify.annotations.Nullable;

/**
 * A lock or a permit that is held until this is closed.
 *
 * <pre>{@code
 * try (Held held = await(lock.hold())) {
 *     ...
 * }
 * }</pre>
 *
 * <p>Closing it releases what is held, closing it again does nothing: so it may be closed early. With {@code -Xlint:try}, javac
 * complains of a resource that is not mentioned in the block; {@code Held held = await(lock.hold()); try (held) {...}} is the same
 * and has no warning.
 */
public final class Held implements AutoCloseable {
    private @Nullable Runnable release;

    Held(Runnable release) {
        this.release = release;
    }

    @Override
    public void close() {
        Runnable held = release;
        if (held != null) {
            release = null;
            held.run();
        }
    }
}

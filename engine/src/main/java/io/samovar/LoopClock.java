package io.samovar;

/**
 * The time a loop goes by. Replace it in tests.
 *
 * <p>Only differences matter; the origin is arbitrary. It is read on the loop thread.
 */
@FunctionalInterface
public interface LoopClock {
    /** The clock of the machine: {@link System#nanoTime()}. */
    LoopClock SYSTEM = System::nanoTime;

    /** Monotonic time in nanoseconds. */
    long nanoTime();
}

package io.samovar.benchmarks.echo;

import java.time.Duration;

/**
 * How long a measurement takes.
 *
 * @param jvmWarmUp load before the window, for servers in Java: the just-in-time compilers share the server's core
 * @param nativeWarmUp the same for others
 * @param window what is measured
 */
record Timing(Duration jvmWarmUp, Duration nativeWarmUp, Duration window) {
    /** For figures. */
    static final Timing FULL = new Timing(Duration.ofSeconds(9), Duration.ofSeconds(1), Duration.ofSeconds(4));

    /** To see that it works. */
    static final Timing QUICK = new Timing(Duration.ofMillis(800), Duration.ofMillis(200), Duration.ofMillis(600));

    Duration warmUp(boolean jvm) {
        return jvm ? jvmWarmUp : nativeWarmUp;
    }

    @Override
    public String toString() {
        return "warm-up %s s (C: %s s), window %s s"
                .formatted(jvmWarmUp.toMillis() / 1e3, nativeWarmUp.toMillis() / 1e3, window.toMillis() / 1e3);
    }
}

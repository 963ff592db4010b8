package io.samovar.echo;

import java.time.Duration;
import java.util.Locale;

/**
 * The load to make.
 *
 * @param connections how many
 * @param size bytes of one message
 * @param depth messages that each connection keeps in flight
 * @param warmup load that is not measured
 * @param duration load that is
 */
record LoadPlan(int connections, int size, int depth, Duration warmup, Duration duration) {
    /** {@code 64 connections, messages of 64 bytes, depth 1}. */
    String text() {
        return String.format(
                Locale.ROOT,
                "%,d connection%s, messages of %,d byte%s, depth %d",
                connections,
                connections == 1 ? "" : "s",
                size,
                size == 1 ? "" : "s",
                depth);
    }
}

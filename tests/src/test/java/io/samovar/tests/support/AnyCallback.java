package io.samovar.tests.support;

import io.samovar.Future;
import java.util.function.Consumer;

/** Equals every callback, so that removing it from a future removes and counts those that are there. */
public final class AnyCallback implements Consumer<Future<?>> {
    @Override
    public void accept(Future<?> future) {}

    @Override
    @SuppressWarnings({"EqualsHashCode", "EqualsUnsafeCast"})
    public boolean equals(Object other) {
        return other != null;
    }

    @Override
    public int hashCode() {
        return 0;
    }
}

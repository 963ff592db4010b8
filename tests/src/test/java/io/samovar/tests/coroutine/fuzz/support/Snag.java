package io.samovar.tests.coroutine.fuzz.support;

import org.jspecify.annotations.Nullable;

/** What generated programs throw and have to declare. */
public final class Snag extends Exception {
    private static final long serialVersionUID = 1L;

    public Snag(@Nullable String message) {
        super(message);
    }
}

package io.samovar.tests.coroutine.fuzz.support;

import org.jspecify.annotations.Nullable;

/** What generated programs throw. */
public final class Boom extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public Boom(@Nullable String message) {
        super(message);
    }
}

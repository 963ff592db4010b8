package io.samovar.tests.running;

/** Throws what may not be thrown here. */
final class Sneaky {
    private Sneaky() {}

    @SuppressWarnings("unchecked") // no cast is made, so a checked exception passes
    static <E extends Throwable> RuntimeException asItIs(Throwable failure) throws E {
        throw (E) failure;
    }
}

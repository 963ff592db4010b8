package io.samovar;

import java.lang.ref.Cleaner;

/** Tells of objects that were collected; its thread is made with the first one that is watched over. */
final class Collected {
    static final Cleaner CLEANER = Cleaner.create();

    private Collected() {}
}

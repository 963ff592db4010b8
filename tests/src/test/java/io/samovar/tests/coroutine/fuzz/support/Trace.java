package io.samovar.tests.coroutine.fuzz.support;

import org.jspecify.annotations.Nullable;

/** What one run of a generated program did, in order; and the fuel that makes sure that it ends. */
public abstract class Trace {
    private static final int FUEL = 400;

    private final StringBuilder lines = new StringBuilder();
    private int fuel = FUEL;
    private int asked;

    Trace() {}

    public final void log(int place, @Nullable Object value) {
        lines.append(place).append('=').append(Values.show(value)).append(' ');
    }

    public final String lines() {
        return lines.toString();
    }

    /** Called once a round of every loop and once a call. */
    public final void tick() {
        if (--fuel < 0) {
            throw new OutOfFuel();
        }
    }

    /** A condition that javac cannot know: yes in three of four cases. */
    public final boolean more(int place) {
        return Values.mix(place + 31 * asked++) % 4 != 0;
    }

    /** May throw a checked exception, as javac sees it and sometimes truly. */
    public final void snag(int place) throws Snag {
        if (Values.mix(place + 31 * asked++) % 8 == 0) {
            throw new Snag("snag " + place);
        }
    }

    /** Thrown at every tick when the fuel is used up. */
    public static final class OutOfFuel extends Error {
        private static final long serialVersionUID = 1L;

        OutOfFuel() {
            super("out of fuel", null, false, false);
        }
    }
}

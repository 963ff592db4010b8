package io.samovar.tests.coroutine.fuzz;

import java.util.List;
import java.util.Random;

/** The random choices of one program, and how large it may still become. */
final class Choice {
    private final Random random;
    private int left;
    private int names;
    private int places;

    Choice(long seed, int size) {
        this.random = new Random(seed * 0x9E3779B97F4A7C15L);
        this.left = size;
    }

    int below(int bound) {
        left--;
        return random.nextInt(bound);
    }

    /** Yes in one of {@code of} cases. */
    boolean one(int of) {
        return random.nextInt(of) == 0;
    }

    <T> T of(List<T> values) {
        return values.get(random.nextInt(values.size()));
    }

    String name(String prefix) {
        return prefix + names++;
    }

    /** A number that tells places of a program apart in its trace. */
    int place() {
        return ++places;
    }

    /** Whether the program is large enough, so that only leaves may be added. */
    boolean spent() {
        return left < 0;
    }

    void allow(int more) {
        left = Math.max(left, 0) + more;
    }
}

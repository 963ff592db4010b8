package io.samovar.tests.coroutine.fuzz;

import java.util.ArrayList;
import java.util.List;

/** The seeds that share a run of javac. A seed alone says which options its program is compiled with. */
final class Batch {
    static final int SIZE = 40;

    private final long number;

    private Batch(long number) {
        this.number = number;
    }

    static Batch of(long seed) {
        return new Batch(Math.floorDiv(seed, SIZE));
    }

    long first() {
        return number * SIZE;
    }

    private long choice(int shift, int of) {
        long mixed = (number + shift) * 0x9E3779B97F4A7C15L;
        return (((mixed ^ (mixed >>> 29)) * 0xBF58476D1CE4E5B9L) >>> 33) % of;
    }

    private boolean release17() {
        return choice(24, 3) == 0;
    }

    List<String> options() {
        List<String> options = new ArrayList<>(
                switch ((int) choice(8, 4)) {
                    case 0 -> List.of("-g:none");
                    case 1 -> List.of("-g:source,lines");
                    default -> List.of("-g");
                });
        if (choice(16, 4) == 0) {
            options.add("-Asamovar.keepLocals=true");
        }
        if (release17() && Runtime.version().feature() > 17) {
            options.addAll(List.of("--release", "17"));
        }
        return options;
    }

    Program program(long seed) {
        boolean patterns = Runtime.version().feature() >= 21 && !release17();
        return new Generator(seed, patterns, choice(32, 4) == 0).generate();
    }

    /** All programs of the batch. */
    List<Program> programs() {
        List<Program> programs = new ArrayList<>();
        for (long seed = first(); seed < first() + SIZE; seed++) {
            programs.add(program(seed));
        }
        return programs;
    }
}

package io.samovar.tests.coroutine;

import static io.samovar.tests.coroutine.Compilation.fine;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** An option's wrong value is an error that lists the right ones, and right ones pass without a word. */
@Timeout(60)
class CheckOptionsTest {
    @Test
    void aWrongLevelIsAnErrorThatListsTheLevels() {
        assertThat(new Compilation()
                        .option("-Asamovar.blocking=loud")
                        .option("-Asamovar.heldLock=")
                        .saysWithoutPlace())
                .containsExactly(
                        "ERROR: -Asamovar.blocking=loud is no level: write warn, error or off",
                        "ERROR: -Asamovar.heldLock=nothing is no level: write warn, error or off");
        assertThat(new Compilation().option("-Asamovar.blocking").saysWithoutPlace())
                .containsExactly("ERROR: -Asamovar.blocking=nothing is no level: write warn, error or off");
    }

    @Test
    void aWrongNameIsAnErrorThatShowsARightOne() {
        assertThat(new Compilation()
                        .option("-Asamovar.blocking.allow=java.io.Console,a b")
                        .option("-Asamovar.blocking.also=a..b,")
                        .saysWithoutPlace())
                .containsExactly(
                        "ERROR: -Asamovar.blocking.allow=java.io.Console,a b: a b is no name: write classes and methods with commas"
                                + " between, as java.io.Console,java.lang.Thread.join",
                        "ERROR: -Asamovar.blocking.also=a..b,: a..b is no name: write classes and methods with commas between, as"
                                + " java.io.Console,java.lang.Thread.join",
                        "ERROR: -Asamovar.blocking.also=a..b,: nothing is no name: write classes and methods with commas between,"
                                + " as java.io.Console,java.lang.Thread.join");
    }

    @Test
    void javacKnowsTheOptionsAndTheKeys() {
        new Compilation()
                .option("-Xlint:all,-processing,-path,-options")
                .option("-Werror")
                .option("-Asamovar.keepLocals=false")
                .option("-Asamovar.blocking=error")
                .option("-Asamovar.blocking.allow=java.io.Console")
                .option("-Asamovar.blocking.also=java.io.Console.printf")
                .option("-Asamovar.heldLock=error")
                .says(fine("@SuppressWarnings({\"samovar.blocking\", \"samovar.heldLock\"})"
                        + " Coroutine<Void> m(Lock lock) { lock.lock(); await(tea()); return Coroutine.done(); }"));
    }
}

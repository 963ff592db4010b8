package io.samovar.tests.coroutine.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import io.samovar.tests.coroutine.fuzz.Runner.Difference;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Random programs do as coroutines what they do as plain Java. {@link Fuzz} runs as many as one likes. */
@Timeout(600)
class RandomProgramsTest {
    private static final int BATCHES = 60;
    /** How long this may take: a slow machine runs fewer of the programs. */
    private static final Duration TIME = Duration.ofSeconds(40);

    @Test
    void coroutinesDoWhatPlainJavaDoes() {
        long end = System.nanoTime() + TIME.toNanos();
        long programs = IntStream.range(0, BATCHES)
                        .parallel()
                        .filter(batch -> System.nanoTime() - end < 0)
                        .peek(RandomProgramsTest::check)
                        .count()
                * Batch.SIZE;
        System.out.println(programs + " random programs");
        assertThat(programs).isGreaterThan(Batch.SIZE);
    }

    private static void check(int number) {
        Batch batch = Batch.of((long) number * Batch.SIZE);
        List<Difference> differences = Runner.run(batch.programs(), batch.options());
        // javac has bugs of its own, and refuses some programs that it should not; few, or the generator is wrong.
        assertThat(differences.stream().filter(Difference::weaver)).isEmpty();
        assertThat(differences).hasSizeLessThan(Batch.SIZE / 4);
    }

    @Test
    void aSeedAlwaysGivesTheSameProgram() {
        Batch batch = Batch.of(7);
        assertThat(batch.program(7).source(Node.Form.WOVEN))
                .isEqualTo(batch.program(7).source(Node.Form.WOVEN))
                .isNotEqualTo(batch.program(8).source(Node.Form.WOVEN));
    }
}

package io.samovar.tests.coroutine.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import io.samovar.tests.coroutine.fuzz.Runner.Difference;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Random programs do as coroutines what they do as plain Java. {@link Fuzz} runs as many as one likes. */
@Timeout(600)
class RandomProgramsTest {
    private static final int BATCHES = 60;
    /** How long this may take: a slow machine runs fewer of the programs, the same ones first. */
    private static final Duration TIME = Duration.ofSeconds(15);

    @Test
    void coroutinesDoWhatPlainJavaDoes() {
        long end = System.nanoTime() + TIME.toNanos();
        for (int i = 0; i < BATCHES && System.nanoTime() - end < 0; i++) {
            Batch batch = Batch.of((long) i * Batch.SIZE);
            List<Difference> differences = Runner.run(batch.programs(), batch.options());
            // javac has bugs of its own, and refuses some programs that it should not; few, or the generator is wrong.
            assertThat(differences.stream().filter(Difference::weaver)).isEmpty();
            assertThat(differences).hasSizeLessThan(Batch.SIZE / 4);
        }
    }

    @Test
    void aSeedAlwaysGivesTheSameProgram() {
        Batch batch = Batch.of(7);
        assertThat(batch.program(7).source(Node.Form.WOVEN))
                .isEqualTo(batch.program(7).source(Node.Form.WOVEN))
                .isNotEqualTo(batch.program(8).source(Node.Form.WOVEN));
    }
}

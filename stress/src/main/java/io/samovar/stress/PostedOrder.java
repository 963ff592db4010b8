package io.samovar.stress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.L_Result;

/** Two threads post at once. */
@JCStressTest
@Outcome(
        id = {"12x", "1x2", "x12"},
        expect = ACCEPTABLE,
        desc = "All ran, those of one thread in its order.")
@Outcome(expect = FORBIDDEN, desc = "One was lost, ran twice, or overtook another of its thread.")
@State
public class PostedOrder {
    private final SteppedLoop stepped = new SteppedLoop();
    private final StringBuilder ran = new StringBuilder();

    /** Posts two. */
    @Actor
    public void two() {
        stepped.loop.execute(() -> ran.append('1'));
        stepped.loop.execute(() -> ran.append('2'));
    }

    /** Posts one. */
    @Actor
    public void one() {
        stepped.loop.execute(() -> ran.append('x'));
    }

    /** Runs them. */
    @Arbiter
    public void arbiter(L_Result result) {
        stepped.run(2);
        result.r1 = ran.toString();
    }
}

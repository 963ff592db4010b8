package io.samovar.stress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.L_Result;

/** A loop falls asleep while another thread posts. */
@JCStressTest
@Outcome(id = "RAN", expect = ACCEPTABLE, desc = "The loop saw it before it slept.")
@Outcome(id = "WOKEN", expect = ACCEPTABLE, desc = "The loop was about to sleep, or slept, and was woken.")
@Outcome(id = "LOST", expect = FORBIDDEN, desc = "The loop sleeps and nobody wakes it.")
@State
public class WakeUp {
    private final SteppedLoop stepped = new SteppedLoop();
    private boolean ran;

    /** The loop. */
    @Actor
    public void loop() {
        stepped.run(1);
    }

    /** Another thread. */
    @Actor
    public void post() {
        stepped.loop.execute(() -> ran = true);
    }

    /** What came of it. */
    @Arbiter
    public void arbiter(L_Result result) {
        result.r1 = ran ? "RAN" : stepped.isAsleep() ? "LOST" : "WOKEN";
    }
}

package io.samovar.stress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.samovar.Handle;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LI_Result;

/** A callback runs while another thread cancels it. */
@JCStressTest
@Outcome(id = "CANCELLED, 0", expect = ACCEPTABLE, desc = "It never ran.")
@Outcome(id = "ENDED, 1", expect = ACCEPTABLE, desc = "It had run when cancel() returned.")
@Outcome(expect = FORBIDDEN, desc = "It ran in spite of it, twice, not at all, or on after cancel() had returned.")
@State
public class HandleCancel {
    private final SteppedLoop stepped = new SteppedLoop();
    private final Handle handle = stepped.loop.callSoonThreadsafe(this::callback);
    /** Plain, for cancel() must make visible what the callback did before. */
    private int ran;

    private void callback() {
        ran++;
    }

    /** The loop. */
    @Actor
    public void loop() {
        stepped.run(1);
    }

    /** Another thread. */
    @Actor
    public void cancel(LI_Result result) {
        handle.cancel();
        result.r1 = handle.isCancelled() ? "CANCELLED" : ran == 1 ? "ENDED" : "UNCLEAR";
    }

    /** How often it ran. */
    @Arbiter
    public void arbiter(LI_Result result) {
        result.r2 = ran;
    }
}

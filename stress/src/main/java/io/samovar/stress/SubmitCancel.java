package io.samovar.stress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.samovar.Coroutine;
import java.util.concurrent.CompletableFuture;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LLI_Result;

/** A coroutine of another thread ends while that thread cancels it. */
@JCStressTest
@Outcome(id = "true, CANCELLED, 0", expect = ACCEPTABLE, desc = "Cancelled, and its task is gone.")
@Outcome(id = "false, tea, 0", expect = ACCEPTABLE, desc = "It had its result before.")
@Outcome(expect = FORBIDDEN, desc = "The two sides disagree, or a task is left.")
@State
public class SubmitCancel {
    /** To take it over, to start it, to pass its result on; and once more for a cancellation that came last. */
    private static final int ENOUGH = 6;

    private final SteppedLoop stepped = new SteppedLoop();
    private final CompletableFuture<String> result = stepped.loop.submit(() -> Coroutine.of("tea"));
    private int tasksLeft;

    /** The loop. */
    @Actor
    public void loop() {
        stepped.run(ENOUGH);
        tasksLeft = stepped.loop.allTasks().size();
    }

    /** Another thread. */
    @Actor
    public void cancel(LLI_Result outcome) {
        outcome.r1 = result.cancel(false);
    }

    /** What came of it. */
    @Arbiter
    public void arbiter(LLI_Result outcome) {
        outcome.r2 = result.isCancelled() ? "CANCELLED" : result.getNow("PENDING");
        outcome.r3 = tasksLeft;
    }
}

package io.samovar.stress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.samovar.Coroutine;
import io.samovar.LoopClosedException;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.L_Result;

/** A loop is closed while another thread submits a coroutine: nobody may wait for ever. */
@JCStressTest
@Outcome(id = "REFUSED", expect = ACCEPTABLE, desc = "The loop was closed already.")
@Outcome(id = "FAILED", expect = ACCEPTABLE, desc = "It came in time and was abandoned.")
@Outcome(id = "PENDING", expect = FORBIDDEN, desc = "The other thread would wait for ever.")
@State
public class SubmitClose {
    private final SteppedLoop stepped = new SteppedLoop();
    private @Nullable CompletableFuture<String> result;

    /** The loop. */
    @Actor
    public void close() {
        stepped.run(1);
        stepped.loop.close();
    }

    /** Another thread. */
    @Actor
    public void submit() {
        try {
            result = stepped.loop.submit(() -> Coroutine.of("tea"));
        } catch (LoopClosedException closed) {
            result = null;
        }
    }

    /** What came of it. */
    @Arbiter
    public void arbiter(L_Result outcome) {
        if (result == null) {
            outcome.r1 = "REFUSED";
        } else {
            outcome.r1 = result.isDone() ? "FAILED" : "PENDING";
        }
    }
}

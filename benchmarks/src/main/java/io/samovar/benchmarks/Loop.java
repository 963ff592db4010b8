package io.samovar.benchmarks;

import io.samovar.Awaitable;
import io.samovar.EventLoop;
import io.samovar.Future;
import io.samovar.Promise;
import java.util.ArrayList;
import java.util.List;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** A Samovar loop that has no sockets to ask, as Kotlin's has none; one for each thread that measures. */
@State(Scope.Thread)
public class Loop implements AutoCloseable {
    /** Futures that are done; more than one, so that nothing about them is invariant in a loop. A power of two. */
    static final int COMPLETED = 256;

    private final EventLoop loop =
            EventLoop.builder().transport(new NoTransport()).open();
    private final List<Future<Integer>> completed = new ArrayList<>();

    /** Opens the loop. */
    public Loop() {
        for (int i = 0; i < COMPLETED; i++) {
            Promise<Integer> promise = loop.createFuture();
            promise.setResult(i & 63);
            completed.add(promise);
        }
    }

    /** Done, each with a small number. */
    List<Future<Integer>> completed() {
        return completed;
    }

    <T> T run(Awaitable<T> coroutine) {
        return loop.runUntilComplete(coroutine);
    }

    @Override
    @TearDown(Level.Trial)
    public void close() {
        loop.close();
    }
}

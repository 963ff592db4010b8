package io.samovar.tests.support;

import io.samovar.EventLoop;
import io.samovar.LoopFailure;
import io.samovar.TaskFactory;
import io.samovar.testing.VirtualClock;
import java.util.ArrayList;
import java.util.List;

/** A loop on a virtual clock, run by the test's own thread, and what was reported to its exception handler. */
public final class VirtualLoop implements AutoCloseable {
    private final List<LoopFailure> failures = new ArrayList<>();
    private final VirtualClock clock = new VirtualClock();
    private final EventLoop loop;

    /** A loop without sockets. */
    public VirtualLoop() {
        this(new Mode(null, false, false));
    }

    /** A loop in a mode that {@link EveryMode} gave. */
    public VirtualLoop(Mode mode) {
        loop = mode.builder(clock)
                .exceptionHandler((failed, failure) -> failures.add(failure))
                .open();
        if (mode.eager()) {
            loop.setTaskFactory(TaskFactory.EAGER);
        }
    }

    public EventLoop loop() {
        return loop;
    }

    public VirtualClock clock() {
        return clock;
    }

    /** What was reported so far. */
    public List<LoopFailure> failures() {
        return failures;
    }

    /** One iteration of the loop. */
    public void turn() {
        loop.stop();
        loop.runForever();
    }

    /** So many iterations that nothing is ready any more. */
    public void settle() {
        turns(20);
    }

    /** So many iterations of the loop. */
    public void turns(int count) {
        for (int i = 0; i < count; i++) {
            turn();
        }
    }

    @Override
    public void close() {
        loop.close();
    }
}

package io.samovar.sync;

import io.samovar.EventLoop;
import io.samovar.Task;
import org.jspecify.annotations.Nullable;

/** Something that belongs to the loop on which a task first waits for it. asyncio: {@code _LoopBoundMixin}. */
abstract class LoopBound {
    /** {@code null} until somebody has to wait: so it may be made anywhere, as a constant for instance. */
    private @Nullable EventLoop loop;

    LoopBound() {}

    /** A task of this loop is going to wait. */
    final void bind(EventLoop waiting) {
        if (loop == null) {
            loop = waiting;
        } else {
            check(waiting);
        }
    }

    final void check(Task<?> task) {
        check(task.loop());
    }

    final void check(EventLoop user) {
        if (loop != null && loop != user) {
            throw new IllegalStateException(
                    this + " belongs to another loop, on which tasks have waited for it: make one for"
                            + " each loop, or use it there by loop.submit(...)");
        }
    }

    /** What wakes a task must run on that task's thread. */
    final void checkThread() {
        if (loop != null) {
            loop.checkThread();
        }
    }
}

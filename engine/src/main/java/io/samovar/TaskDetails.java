package io.samovar;

import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** What only some tasks have, so that the others stay small: made when it is first needed. */
final class TaskDetails {
    /** Of all loops, as in asyncio. */
    private static final AtomicLong NAMED = new AtomicLong();

    /** The end of a chain of {@link #below}. */
    private static final TaskDetails END = new TaskDetails();

    /** {@code null} until somebody asks or sets it. */
    @Nullable
    String name;

    /** What the steps of the task run in; {@code null} as long as that would be empty. */
    @Nullable
    Context context;

    /** Of the request that the task itself is to be told of; a later one may be on its way through what the task awaits. */
    @Nullable
    String cancelMessage;

    /** {@link Task#cancelling()}. */
    int cancelRequests;

    /** While a cancellation goes inwards through tasks that await each other: the next of them, or {@link #END}. */
    private @Nullable TaskDetails below;

    String name() {
        String given = name;
        if (given == null) {
            given = "Task-" + NAMED.incrementAndGet();
            name = given;
        }
        return given;
    }

    /** A cancellation comes by, from the outer task {@code above} if there is one. */
    void visit(@Nullable TaskDetails above) {
        cancelRequests++;
        below = END;
        if (above != null) {
            above.below = this;
        }
    }

    /** Whether the cancellation has come by already, so that the tasks await each other in a ring. */
    boolean isVisited() {
        return below != null;
    }

    /** The cancellation that began here is over. */
    void unvisit() {
        TaskDetails visited = this;
        while (visited != END) {
            TaskDetails next = visited.below;
            assert next != null : "visited";
            visited.below = null;
            visited = next;
        }
    }
}

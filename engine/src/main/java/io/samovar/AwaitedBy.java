package io.samovar;

import org.jspecify.annotations.Nullable;

/**
 * A done-callback of a future through which somebody awaits that future: a task group's, a {@code gather}'s.
 *
 * <p>The callback that a combinator gives to {@link Future#addDoneCallback} implements this as well, so that a call graph finds
 * the way outwards: from a future through its waiters to the futures that await it. A task that awaits the future itself needs
 * no such thing.
 */
interface AwaitedBy {
    /**
     * What waits for the future that has this callback: the outer future of {@code gather}, {@code wait} or {@code shield}, the
     * parent task of a task group. {@code null} if nobody does (any more).
     */
    @Nullable
    Future<?> awaiter();
}

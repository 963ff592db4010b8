package io.samovar;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A loop that stands still because one callback or one step of a task does not come to its end.
 *
 * @param loop the loop
 * @param task the task whose step it is, by its name and state; {@code null} if it is a plain callback
 * @param blockedFor how long it has been so, at the least
 * @param stack what the loop's thread was doing a moment ago: its Java stack, and below it those who await the task's
 *     coroutine; at most 256 lines
 */
public record BlockedLoop(EventLoop loop, @Nullable String task, Duration blockedFor, List<StackTraceElement> stack) {
    /** A sentence and the stack, as the log shows it. */
    public String describe() {
        StringBuilder text = new StringBuilder()
                .append(loop)
                .append(" has been held up for ")
                .append(blockedFor.toMillis())
                .append(" ms by ")
                .append(task == null ? "a callback" : task)
                .append("; blocking work belongs on another thread");
        for (StackTraceElement element : stack) {
            text.append("\n\tat ").append(element);
        }
        return text.toString();
    }
}

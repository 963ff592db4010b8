package io.samovar.testing;

import io.samovar.LoopFailure;
import io.samovar.Task;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What is wrong at the end of a test, in words. */
final class TestReport {
    private final List<String> problems = new ArrayList<>();
    private final Set<Check> failed = EnumSet.noneOf(Check.class);
    private final List<Throwable> causes = new ArrayList<>();

    void leakedTasks(Set<Check> checks, List<Task<?>> tasks) {
        if (checks.contains(Check.LEAKED_TASKS)) {
            for (Task<?> task : tasks) {
                add(Check.LEAKED_TASKS, "a task is not done: " + standing(task));
            }
        }
    }

    void unclosedSockets(Set<Check> checks, List<String> descriptions) {
        if (checks.contains(Check.UNCLOSED_SOCKETS)) {
            descriptions.forEach(description -> add(Check.UNCLOSED_SOCKETS, description));
        }
    }

    void unhandledErrors(Set<Check> checks, List<LoopFailure> failures) {
        if (checks.contains(Check.UNHANDLED_ERRORS)) {
            for (LoopFailure failure : failures) {
                add(
                        Check.UNHANDLED_ERRORS,
                        "an error was reported: " + failure.message()
                                + (failure.source() == null ? "" : ": " + failure.source())
                                + (failure.exception() == null ? "" : ": " + failure.exception()));
                if (failure.exception() != null) {
                    causes.add(failure.exception());
                }
            }
        }
    }

    private void add(Check check, String problem) {
        failed.add(check);
        problems.add(problem);
    }

    void throwIfAny() {
        if (problems.isEmpty()) {
            return;
        }
        String skipped = failed.stream().map(check -> "Check." + check).collect(Collectors.joining(", "));
        AssertionError error = new AssertionError(
                "the test has left something behind:\n- " + String.join("\n- ", problems)
                        + "\nIf that is meant: @SkipChecks(" + (failed.size() > 1 ? '{' + skipped + '}' : skipped) + ")"
                        + (failed.contains(Check.UNHANDLED_ERRORS)
                                ? ", or take the errors with TestLoop.takeFailures()"
                                : ""),
                causes.isEmpty() ? null : causes.get(0));
        causes.stream().skip(1).forEach(error::addSuppressed);
        throw error;
    }

    /** A test has not ended in time. */
    static String tooLong(TestLoop test, @Nullable VirtualClock clock, Duration limit) {
        List<Task<?>> tasks = test.loop().allTasks();
        return "the test took longer than " + text(limit)
                + (clock == null ? "" : "; its virtual clock stands at " + text(clock.elapsed()))
                + (clock != null && clock.isManual() ? " and is manual: time passes only by advance and jump" : "")
                + "\n"
                + tasks.stream()
                        .map(task -> "- a task is not done: " + standing(task))
                        .collect(Collectors.joining("\n"));
    }

    private static String text(Duration duration) {
        return duration.toString().substring(2).toLowerCase(Locale.ROOT);
    }

    /** A task and where it stands. */
    private static String standing(Task<?> task) {
        return task + Places.lines(task.stack().stream());
    }
}

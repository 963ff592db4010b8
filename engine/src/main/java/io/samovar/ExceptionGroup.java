package io.samovar;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Several failures at once, such as those of the tasks of a {@link TaskGroup}. asyncio: {@code ExceptionGroup} and {@code
 * BaseExceptionGroup}.
 *
 * <p>The members may be of any kind, {@code Error}s and groups included. They are {@link #getSuppressed() suppressed} exceptions of
 * the group as well, so that whatever prints a stack trace prints theirs.
 *
 * <p>Where Python has {@code except*}, Java takes a group apart:
 *
 * <pre>{@code
 * try {
 *     await(TaskGroup.run(group -> ...));
 * } catch (ExceptionGroup failures) {
 *     ExceptionGroup.Split io = failures.split(IOException.class);
 *     if (io.matching() != null) {
 *         log(io.matching());
 *     }
 *     if (io.rest() != null) {
 *         throw io.rest();
 *     }
 * }
 * }</pre>
 */
public final class ExceptionGroup extends RuntimeException {
    private static final long serialVersionUID = 1L;

    @SuppressWarnings("serial") // an immutable list of the JDK, which is serializable as its elements are
    private final List<Throwable> exceptions;

    private final String text;

    /**
     * A group.
     *
     * @param message what they have in common; their number is added
     * @param exceptions at least one
     * @throws IllegalArgumentException if there is none
     */
    public ExceptionGroup(String message, List<? extends Throwable> exceptions) {
        super(message + count(exceptions));
        this.text = Objects.requireNonNull(message, "message");
        this.exceptions = List.copyOf(exceptions);
        this.exceptions.forEach(this::addSuppressed);
    }

    private static String count(List<? extends Throwable> exceptions) {
        if (exceptions.isEmpty()) {
            throw new IllegalArgumentException("a group needs an exception at least");
        }
        return exceptions.size() == 1 ? " (1 sub-exception)" : " (" + exceptions.size() + " sub-exceptions)";
    }

    /** The members, in the order in which they came. */
    public List<Throwable> exceptions() {
        return exceptions;
    }

    /** Those that are of a type. Groups among the members keep their shape, without what does not match. */
    public Split split(Class<? extends Throwable> type) {
        return split(type::isInstance);
    }

    /**
     * Those that match, and the others. Groups are asked as wholes first; those that do not match are split in their turn.
     */
    public Split split(Predicate<? super Throwable> condition) {
        if (condition.test(this)) {
            return new Split(this, null);
        }
        List<Throwable> matching = new ArrayList<>();
        List<Throwable> rest = new ArrayList<>();
        for (Throwable exception : exceptions) {
            if (exception instanceof ExceptionGroup group) {
                Split inner = group.split(condition);
                addIfPresent(matching, inner.matching);
                addIfPresent(rest, inner.rest);
            } else {
                (condition.test(exception) ? matching : rest).add(exception);
            }
        }
        return new Split(of(matching), of(rest));
    }

    private static void addIfPresent(List<Throwable> exceptions, @Nullable ExceptionGroup group) {
        if (group != null) {
            exceptions.add(group);
        }
    }

    /** What {@link #split(Class)} calls matching. */
    public @Nullable ExceptionGroup subgroup(Class<? extends Throwable> type) {
        return split(type).matching;
    }

    /** What {@link #split(Predicate)} calls matching. */
    public @Nullable ExceptionGroup subgroup(Predicate<? super Throwable> condition) {
        return split(condition).matching;
    }

    /** A group of some of the members, which otherwise looks like this one. */
    private @Nullable ExceptionGroup of(List<Throwable> some) {
        if (some.isEmpty()) {
            return null;
        }
        if (some.equals(exceptions)) {
            return this;
        }
        ExceptionGroup part = new ExceptionGroup(text, some);
        part.setStackTrace(getStackTrace());
        if (getCause() != null) {
            part.initCause(getCause());
        }
        Set<Throwable> members = Collections.newSetFromMap(new IdentityHashMap<>());
        members.addAll(exceptions);
        for (Throwable suppressed : getSuppressed()) {
            if (!members.contains(suppressed)) { // somebody has added it
                part.addSuppressed(suppressed);
            }
        }
        return part;
    }

    /**
     * A group in two parts.
     *
     * @param matching the part that matches, or {@code null} if nothing does
     * @param rest the other part, or {@code null} if everything matches
     */
    public record Split(
            @Nullable ExceptionGroup matching, @Nullable ExceptionGroup rest) {}
}

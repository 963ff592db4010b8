package io.samovar.compiler.check;

import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;

/**
 * The options of the checks, as given with {@code -A}.
 *
 * @param blocking how calls that block are told of
 * @param allow classes, and methods as {@code Class.method}, that are not told of
 * @param also further ones that are
 * @param heldLock how an await under a lock is told of
 */
public record CheckOptions(Level blocking, Set<String> allow, Set<String> also, Level heldLock) {
    /** How calls that block are told of; the key in {@code @SuppressWarnings} too. */
    public static final String BLOCKING = "samovar.blocking";

    /** What is left out, by name. */
    public static final String BLOCKING_ALLOW = "samovar.blocking.allow";

    /** What is added, by name. */
    public static final String BLOCKING_ALSO = "samovar.blocking.also";

    /** How an await under a lock is told of; the key in {@code @SuppressWarnings} too. */
    public static final String HELD_LOCK = "samovar.heldLock";

    private static final String NAME = "[\\p{javaJavaIdentifierPart}]+(\\.[\\p{javaJavaIdentifierPart}]+)*";

    /** What becomes of a finding. */
    public enum Level {
        WARN,
        ERROR,
        OFF
    }

    /** All their names. */
    public static Set<String> names() {
        return Set.of(BLOCKING, BLOCKING_ALLOW, BLOCKING_ALSO, HELD_LOCK);
    }

    /**
     * Reads the options.
     *
     * @param given by name, as javac gives them
     * @param mistakes is told of each value that cannot be
     */
    public static CheckOptions of(Map<String, String> given, Consumer<String> mistakes) {
        return new CheckOptions(
                level(given, BLOCKING, mistakes),
                names(given, BLOCKING_ALLOW, mistakes),
                names(given, BLOCKING_ALSO, mistakes),
                level(given, HELD_LOCK, mistakes));
    }

    private static Level level(Map<String, String> given, String option, Consumer<String> mistakes) {
        if (!given.containsKey(option)) {
            return Level.WARN;
        }
        String value = Objects.requireNonNullElse(given.get(option), "nothing"); // if there is no "="
        for (Level level : Level.values()) {
            if (level.name().toLowerCase(Locale.ROOT).equals(value)) {
                return level;
            }
        }
        mistakes.accept(Message.OPTION_LEVEL.with(option, value));
        return Level.WARN;
    }

    private static Set<String> names(Map<String, String> given, String option, Consumer<String> mistakes) {
        Set<String> names = new LinkedHashSet<>();
        if (!given.containsKey(option)) {
            return names;
        }
        String value = Objects.requireNonNullElse(given.get(option), "");
        for (String part : value.split(",", -1)) {
            String name = part.strip();
            if (name.matches(NAME)) {
                names.add(name);
            } else {
                mistakes.accept(Message.OPTION_NAME.with(option, value, name.isEmpty() ? "nothing" : name));
            }
        }
        return names;
    }
}

package io.samovar.tests.coroutine.fuzz.support;

import java.lang.reflect.Array;
import org.jspecify.annotations.Nullable;

/** The values of the generated programs. */
public final class Values {
    private Values() {}

    /** Three constants to switch over. */
    public enum Color {
        RED,
        GREEN,
        BLUE
    }

    /** Two values that are constructed together. */
    public record Pair(int a, @Nullable String b) {}

    /** A generic value, for constructions within constructions. */
    public record Box<T extends @Nullable Object>(T value) {}

    /** What patterns take apart. */
    public sealed interface Shape permits Circle, Square, Nest {}

    /** A leaf. */
    public record Circle(int radius) implements Shape {}

    /** A leaf with a wide component. */
    public record Square(long side, @Nullable Object tag) implements Shape {}

    /** A pattern within a pattern. */
    public record Nest(@Nullable Shape inner, @Nullable Object tag) implements Shape {}

    /** The common type of {@link Left} and {@link Right}, which generated programs cannot name. */
    abstract static class Hidden {
        private final int number;

        Hidden(int number) {
            this.number = number;
        }

        public final int number() {
            return number;
        }
    }

    /** One of two classes whose common type is not accessible. */
    public static final class Left extends Hidden implements Numbered {
        public Left(int number) {
            super(number);
        }
    }

    /** The other one. */
    public static final class Right extends Hidden implements Numbered {
        public Right(int number) {
            super(number + 1);
        }
    }

    /** What can be called on both. */
    public interface Numbered {
        int number();
    }

    /** Shortens, so that text cannot grow without end. */
    public static @Nullable String cut(@Nullable String text) {
        return text == null || text.length() <= 24 ? text : text.substring(0, 24);
    }

    @SafeVarargs
    public static <T extends @Nullable Object> T pick(int index, T... values) {
        return values[Math.floorMod(index, values.length)];
    }

    public static <T extends @Nullable Object> T same(T value) {
        return value;
    }

    public static int sum(int... values) {
        int sum = 0;
        for (int value : values) {
            sum += value;
        }
        return sum;
    }

    public static int mix(int number) {
        int mixed = number * 0x9E3779B9;
        return (mixed ^ (mixed >>> 15)) & 0x7fff_ffff;
    }

    /** The text of a value, the same in every run. */
    public static String show(@Nullable Object value) {
        if (value instanceof Throwable failure) {
            return failure(failure);
        }
        if (value == null || !value.getClass().isArray()) {
            return String.valueOf(value);
        }
        StringBuilder text = new StringBuilder("[");
        for (int i = 0; i < Array.getLength(value); i++) {
            text.append(i == 0 ? "" : ",").append(show(Array.get(value, i)));
        }
        return text.append(']').toString();
    }

    private static String failure(Throwable failure) {
        StringBuilder text = new StringBuilder(failure.getClass().getName());
        if (hasItsOwnMessage(failure)) {
            text.append(": ").append(failure.getMessage());
        }
        if (failure.getCause() != null) {
            text.append(" cause ").append(failure(failure.getCause()));
        }
        for (Throwable suppressed : failure.getSuppressed()) {
            text.append(" suppressed ").append(failure(suppressed));
        }
        return text.toString();
    }

    /** The JVM's messages name classes, variables and expressions, which differ between the forms. */
    private static boolean hasItsOwnMessage(Throwable failure) {
        return failure instanceof Boom
                || failure instanceof Snag
                || failure instanceof AssertionError
                || failure instanceof ArithmeticException
                || failure instanceof LinkageError;
    }
}

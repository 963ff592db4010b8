package io.samovar;

import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A variable that has a value of its own for each task: the request that is being served, its user, its trace. Python: {@code
 * contextvars.ContextVar}.
 *
 * <p>A task inherits the values of whoever creates it, and what it sets stays with it: neither its creator nor other tasks see
 * that. Coroutines that it awaits share its values. The rules are {@link Context}'s.
 *
 * <pre>{@code
 * static final ContextVar<String> USER = ContextVar.of("user", "nobody");
 *
 * static Coroutine<Void> serve(Request request) {
 *     try (var token = USER.set(request.user())) {
 *         await(answer(request));                       // and all that this starts finds USER.get()
 *     }
 *     return Coroutine.done();
 * }
 * }</pre>
 *
 * <p>Make few of them, and keep them in static fields. Any thread may use a variable; where no loop is running, each thread has
 * values of its own.
 *
 * @param <T> the type of the value
 */
public final class ContextVar<T extends @Nullable Object> {
    private static final AtomicInteger MADE = new AtomicInteger();

    /** Consecutive, so that the first few variables never meet in a table. */
    final int hash = MADE.getAndIncrement();

    private final String name;
    /** Or {@link ContextMap#UNSET}. */
    private final @Nullable Object defaultValue;

    private ContextVar(String name, @Nullable Object defaultValue) {
        this.name = Objects.requireNonNull(name, "name");
        this.defaultValue = defaultValue;
    }

    /** A variable that has no value before it is set. */
    public static <T extends @Nullable Object> ContextVar<T> of(String name) {
        return new ContextVar<>(name, ContextMap.UNSET);
    }

    /** A variable that has a value before it is set. */
    public static <T extends @Nullable Object> ContextVar<T> of(String name, T defaultValue) {
        return new ContextVar<>(name, defaultValue);
    }

    /** The name, for people. */
    public String name() {
        return name;
    }

    /**
     * The value for what runs now, or the default value.
     *
     * @throws NoSuchElementException if there is neither
     */
    @SuppressWarnings({"unchecked", "NullAway"}) // set() and of() took a T, which may be a nullable type
    public T get() {
        Object value = Context.lookUp(this);
        if (value == ContextMap.UNSET) {
            value = defaultValue;
            if (value == ContextMap.UNSET) {
                throw new NoSuchElementException("the context variable '" + name + "' has neither a value here nor a"
                        + " default: set it first, or give a fallback");
            }
        }
        return (T) value;
    }

    /** The value for what runs now; where none is set, {@code fallback} and not the default value. */
    @SuppressWarnings({"unchecked", "NullAway"}) // set() took a T, which may be a nullable type
    public T get(T fallback) {
        Object value = Context.lookUp(this);
        return value == ContextMap.UNSET ? fallback : (T) value;
    }

    /**
     * Sets the value for what runs now.
     *
     * @return what takes it back
     */
    public Token<T> set(T value) {
        Context context = Context.makeCurrent();
        return new Token<>(this, context, context.put(this, value));
    }

    /**
     * Takes a {@link #set} back: the value is what it was before.
     *
     * @throws IllegalStateException if the token was used before, or comes from another context, such as another task's
     * @throws IllegalArgumentException if it comes from another variable
     */
    public void reset(Token<T> token) {
        if (token.variable != this) {
            throw new IllegalArgumentException(token + " does not belong to the context variable '" + name + "'");
        }
        token.reset();
    }

    @Override
    public String toString() {
        return "ContextVar(" + name + ')';
    }

    /**
     * What the variable was before a {@link ContextVar#set}. Closing it takes that back.
     *
     * @param <T> the type of the value
     */
    public static final class Token<T extends @Nullable Object> implements AutoCloseable {
        private final ContextVar<T> variable;
        private final Context context;
        private final @Nullable Object before;
        private boolean spent;

        private Token(ContextVar<T> variable, Context context, @Nullable Object before) {
            this.variable = variable;
            this.context = context;
            this.before = before;
        }

        /** {@link ContextVar#reset} with this token. */
        @Override
        public void close() {
            reset();
        }

        private void reset() {
            if (spent) {
                throw new IllegalStateException(this + " was used before");
            }
            if (Context.makeCurrent() != context) {
                throw new IllegalStateException(
                        this + " comes from another context: reset it in the task or callback that set the variable");
            }
            spent = true;
            Object unused = context.put(variable, before);
        }

        @Override
        public String toString() {
            return "the token of " + variable;
        }
    }
}

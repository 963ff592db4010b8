package io.samovar;

import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * The values of {@link ContextVar}s for one line of work: each task has one, and so has each callback. Python: {@code
 * contextvars.Context}.
 *
 * <p>Whatever is started gets a copy of its starter's context, taken at once: a task by {@code createTask}, a callback by {@code
 * callSoon}, {@code callLater}, {@code callAt}, {@code execute} and {@code addDoneCallback}. A copy shares the values until one of
 * the two is changed, so it costs the same for any number of them; and where no variable was ever set nothing is copied at
 * all. Wherever a copy is taken, a context may be given instead. That one is shared: what the task or callback sets in it
 * stays there for the next.
 *
 * <pre>{@code
 * Context context = Context.copyCurrent();
 * context.run(() -> USER.set("root"));                  // only in the copy
 * Async.createTask(audit(), TaskOptions.DEFAULT.context(context));
 * }</pre>
 *
 * <p>Where no loop is running, each thread has a context of its own, empty at first. A context may be handed from thread to
 * thread, but only one may use it at a time.
 */
public final class Context {
    /** What a loop has as its context while it is not running: that of its thread counts. */
    static final Context OUTSIDE = new Context();

    /** The context of a thread on which no loop is running. Not Netty's: a loop that ends in a plain thread clears those. */
    private static final ThreadLocal<@Nullable Context> OF_THREAD = new ThreadLocal<>();

    /**
     * Whether a variable was ever set. Needs to be seen only by a thread that has set one itself or was given a context by one
     * that has, so it need not be volatile.
     */
    private static boolean used;

    private ContextMap values;

    /** An empty context. */
    public Context() {
        this(ContextMap.EMPTY);
    }

    private Context(ContextMap values) {
        this.values = values;
    }

    /** A copy of the context of what runs now. Python: {@code copy_context}. */
    public static Context copyCurrent() {
        Context copied = capture();
        return copied == null ? new Context() : copied;
    }

    /** {@link #copyCurrent()}, or {@code null} instead of an empty one. */
    static @Nullable Context capture() {
        return used ? copyOrNull(current()) : null;
    }

    static @Nullable Context copyOrNull(@Nullable Context context) {
        return context == null || context.isEmpty() ? null : context.copy();
    }

    /** {@code callback} in a copy of the context of what runs now, if that is not empty. */
    static Runnable bind(Runnable callback) {
        Context captured = capture();
        return captured == null ? callback : new ContextCallback(captured, callback);
    }

    /** The context of what runs now; {@code null} if it has none yet, which is as good as an empty one. */
    private static @Nullable Context current() {
        EventLoop loop = EventLoop.running();
        return loop == null ? OF_THREAD.get() : loop.context;
    }

    /** {@link #current()}, which is from now on kept by what runs. */
    static Context makeCurrent() {
        Context now = current();
        if (now != null) {
            return now;
        }
        EventLoop loop = EventLoop.running();
        if (loop != null) {
            return loop.makeContext();
        }
        Context made = new Context();
        OF_THREAD.set(made);
        return made;
    }

    static void enter(Context context) {
        EventLoop loop = EventLoop.running();
        if (loop == null) {
            OF_THREAD.set(context);
        } else {
            loop.context = context;
        }
    }

    /** The variable's value in the context of what runs now, or {@link ContextMap#UNSET}. */
    static @Nullable Object lookUp(ContextVar<?> variable) {
        Context now = used ? current() : null;
        return now == null ? ContextMap.UNSET : now.values.get(variable);
    }

    /** Sets a variable, or removes it with {@link ContextMap#UNSET}, and gives what was there before. */
    @Nullable
    Object put(ContextVar<?> variable, @Nullable Object value) {
        used = true;
        Object before = values.get(variable);
        values = values.with(variable, value);
        return before;
    }

    /** A context that has the same values now, and then goes its own way. */
    public Context copy() {
        return new Context(values);
    }

    /** Whether no variable has a value here. */
    public boolean isEmpty() {
        return values.size() == 0;
    }

    /** Whether the variable has a value here; its default value does not count. */
    public boolean contains(ContextVar<?> variable) {
        return values.get(variable) != ContextMap.UNSET;
    }

    /** Runs the code in this context: what it sets is set here. The code may do so again inside. */
    public void run(Runnable code) {
        Objects.requireNonNull(code, "code");
        Context before = makeCurrent();
        enter(this);
        try {
            code.run();
        } finally {
            enter(before);
        }
    }

    /** {@link #run} for code that gives something or throws checked exceptions. */
    public <T extends @Nullable Object> T call(Callable<? extends T> code) throws Exception {
        Objects.requireNonNull(code, "code");
        Context before = makeCurrent();
        enter(this);
        try {
            return code.call();
        } finally {
            enter(before);
        }
    }

    @Override
    public String toString() {
        return "Context(" + values.size() + (values.size() == 1 ? " variable)" : " variables)");
    }
}

package io.samovar;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * {@code sun.misc.Signal}, the only way to signals that Java has, by reflection: javac warns of every mention of it, and a
 * Java machine need not have its module, {@code jdk.unsupported}.
 */
final class SunSignals {
    private final Class<?> handlerType;
    private final Class<?> signalType;
    private final Object defaultAction;
    private final Object ignore;

    /**
     * @throws UnsupportedOperationException if this Java machine has no signals
     */
    SunSignals() {
        try {
            signalType = Class.forName("sun.misc.Signal");
            handlerType = Class.forName("sun.misc.SignalHandler");
            defaultAction = handlerType.getField("SIG_DFL").get(null);
            ignore = handlerType.getField("SIG_IGN").get(null);
        } catch (ClassNotFoundException | NoSuchFieldException | IllegalAccessException missing) {
            throw new UnsupportedOperationException(
                    "signals cannot be handled, for this Java machine lacks the module jdk.unsupported: start it with"
                            + " --add-modules jdk.unsupported, or put the module into its image",
                    missing);
        }
    }

    /**
     * Has {@code raised} called, in a thread of its own, whenever the signal comes.
     *
     * @return what was done before, for {@link #restore}
     * @throws IllegalArgumentException if there is no such signal, or the Java machine needs it
     */
    Object handle(String name, Runnable raised) {
        return set(
                name,
                Proxy.newProxyInstance(handlerType.getClassLoader(), new Class<?>[] {handlerType}, calling(raised)));
    }

    /** Has done again what {@link #handle} put an end to. */
    void restore(String name, Object before) {
        Object unused = set(name, before);
    }

    /** Sends the signal to this process. */
    void raise(String name) {
        Object unused = call("raise", new Class<?>[] {signalType}, signal(name));
    }

    /** Whether {@link #handle} took the place of the Java machine's own action, the orderly exit. */
    boolean isExit(Object before) {
        return before.getClass() == defaultAction.getClass() && before != defaultAction && before != ignore;
    }

    private Object set(String name, Object handler) {
        return Objects.requireNonNull(
                call("handle", new Class<?>[] {signalType, handlerType}, signal(name), handler), "never null");
    }

    private Object signal(String name) {
        try {
            return signalType.getConstructor(String.class).newInstance(name);
        } catch (InvocationTargetException failed) {
            throw refused(failed);
        } catch (ReflectiveOperationException impossible) {
            throw new LinkageError("sun.misc.Signal is not what it was", impossible);
        }
    }

    private @Nullable Object call(String method, Class<?>[] types, Object... arguments) {
        try {
            return signalType.getMethod(method, types).invoke(null, arguments);
        } catch (InvocationTargetException failed) {
            throw refused(failed);
        } catch (ReflectiveOperationException impossible) {
            throw new LinkageError("sun.misc.Signal is not what it was", impossible);
        }
    }

    private static IllegalArgumentException refused(InvocationTargetException failed) {
        Throwable cause = failed.getCause();
        String why = cause == null ? failed.toString() : cause.getMessage();
        return new IllegalArgumentException("the signal cannot be handled: " + why, cause);
    }

    private static InvocationHandler calling(Runnable raised) {
        return (proxy, method, arguments) -> {
            if (method.getDeclaringClass() == Object.class) {
                return ofObject(proxy, method, arguments);
            }
            raised.run();
            return null;
        };
    }

    private static Object ofObject(Object proxy, Method method, @Nullable Object @Nullable [] arguments) {
        return switch (method.getName()) {
            case "equals" -> arguments != null && proxy == arguments[0];
            case "hashCode" -> System.identityHashCode(proxy);
            default -> "Samovar's signal handler";
        };
    }
}

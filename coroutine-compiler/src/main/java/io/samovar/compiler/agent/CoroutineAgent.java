package io.samovar.compiler.agent;

import io.samovar.compiler.weave.LoadTimeWeaver;
import io.samovar.compiler.weave.Weaver;
import java.lang.instrument.Instrumentation;
import org.jspecify.annotations.Nullable;

/**
 * The coroutine compiler for classes that javac has not woven: {@code java -javaagent:samovar-coroutine-compiler.jar ...} weaves
 * them as they are loaded.
 *
 * <p>It is meant for compilers that cannot run the annotation processor, above all Eclipse's, for {@code java Tea.java} and for
 * JShell. Classes that are woven already stay as they are. What cannot be a coroutine is logged when its class is loaded, and throws at its await. With the argument
 * {@code keepLocals} every local variable is kept across an await, for debuggers.
 */
public final class CoroutineAgent {
    /** The system property that is there as soon as the agent is. */
    public static final String PRESENT = "io.samovar.compiler.agent";

    private static final String KEEP_LOCALS = "keepLocals";

    private CoroutineAgent() {}

    /** Called by the JVM before the program's main method. */
    public static void premain(@Nullable String arguments, Instrumentation instrumentation) {
        boolean keepLocals = KEEP_LOCALS.equals(arguments);
        if (arguments != null && !arguments.isEmpty() && !keepLocals) {
            throw new IllegalArgumentException(
                    "the coroutine compiler's agent knows the argument " + KEEP_LOCALS + " only, and not " + arguments);
        }
        System.setProperty(PRESENT, "true");
        // Not capable of retransformation: agents that are will then start from the woven class.
        instrumentation.addTransformer(
                new WeavingTransformer(new LoadTimeWeaver(new Weaver(keepLocals)), new ClassDefiner(instrumentation)));
    }

    /** Called by the JVM when the agent joins a program that runs; classes that are loaded already stay as they are. */
    public static void agentmain(@Nullable String arguments, Instrumentation instrumentation) {
        premain(arguments, instrumentation);
    }
}

package io.samovar.compiler.weave;

import org.jspecify.annotations.Nullable;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.MethodNode;

/** A method cannot be made a coroutine. The message names the method and the reason. */
public final class WeaveException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** The method's name and descriptor, {@code null} if it is not one method's fault. */
    final @Nullable String method;

    public WeaveException(String message) {
        this(message, null, null);
    }

    public WeaveException(String message, Throwable cause) {
        this(message, null, cause);
    }

    private WeaveException(String message, @Nullable String method, @Nullable Throwable cause) {
        super(message, cause);
        this.method = method;
    }

    /**
     * @param line of the source, or a negative number if it is not known
     */
    static WeaveException in(
            ClassNode host, MethodNode method, int line, @Nullable String reason, @Nullable Throwable cause) {
        String where =
                new StackTraceElement(host.name.replace('/', '.'), method.name, host.sourceFile, line).toString();
        return new WeaveException(where + ": " + reason, method.name + method.desc, cause);
    }
}

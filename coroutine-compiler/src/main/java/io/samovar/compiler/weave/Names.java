package io.samovar.compiler.weave;

import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.MethodInsnNode;

/** The run-time that woven code calls, known by name only. */
final class Names {
    static final String ASYNC = "io/samovar/Async";
    static final String AWAITABLE = "io/samovar/Awaitable";
    static final String COROUTINE = "io/samovar/Coroutine";
    static final String FRAME = "io/samovar/Frame";
    static final String TASK = "io/samovar/Task";
    static final String OBJECT = "java/lang/Object";

    static final String RETURNS_COROUTINE = ")L" + COROUTINE + ";";
    static final String AWAIT_DESCRIPTOR = "(L" + AWAITABLE + ";)L" + OBJECT + ";";

    private Names() {}

    /** The await of an {@code Awaitable}; {@link HostMethod} makes one of each other. */
    static boolean isAwait(AbstractInsnNode insn) {
        return insn instanceof MethodInsnNode call
                && call.owner.equals(ASYNC)
                && call.name.equals("await")
                && call.desc.equals(AWAIT_DESCRIPTOR);
    }

    /** {@code Coroutine.of(value)}. */
    static boolean isOf(AbstractInsnNode insn) {
        return isStatic(insn, "of");
    }

    /** {@code Coroutine.done()}. */
    static boolean isDone(AbstractInsnNode insn) {
        return isStatic(insn, "done");
    }

    private static boolean isStatic(AbstractInsnNode insn, String name) {
        return insn instanceof MethodInsnNode call && call.owner.equals(COROUTINE) && call.name.equals(name);
    }
}

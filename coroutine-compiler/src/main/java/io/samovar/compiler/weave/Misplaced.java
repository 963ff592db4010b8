package io.samovar.compiler.weave;

import org.jspecify.annotations.Nullable;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.MethodNode;

/** Finds awaits that no state machine can be made of, as far as a class file shows them. */
final class Misplaced {
    private Misplaced() {}

    /** The first of a method, or {@code null}. */
    static @Nullable WeaveException first(HostClass host, HostMethod method) {
        try {
            return find(host, method);
        } catch (RuntimeException broken) {
            return WeaveException.in(host, method, method.firstLine(), "its code is not understood: " + broken, broken);
        }
    }

    private static @Nullable WeaveException find(HostClass host, HostMethod method) {
        @Nullable Monitors monitors = null;
        for (AbstractInsnNode insn : method.awaits()) {
            String reason = reason(method);
            if (reason == null && method.locks()) {
                monitors = monitors == null ? new Monitors(method) : monitors;
                reason = monitors.heldAt(insn)
                        ? "await in a synchronized block: the task would keep the monitor while others run"
                        : null;
            }
            if (reason != null) {
                return WeaveException.in(host, method, Code.line(insn), reason, null);
            }
        }
        return null;
    }

    private static @Nullable String reason(MethodNode method) {
        if (method.name.equals("<init>")) {
            return "await in a constructor or an initialiser: move it to a static method that returns a Coroutine";
        }
        if (method.name.equals("<clinit>")) {
            return "await in a static initialiser: move it to a method that returns a Coroutine";
        }
        if (!method.desc.endsWith(Names.RETURNS_COROUTINE)) {
            return (method.access & Opcodes.ACC_SYNTHETIC) == 0
                    ? "await in a method that does not return a Coroutine: only a coroutine can wait"
                    : "await in a lambda that does not return a Coroutine: only a coroutine can wait";
        }
        return (method.access & Opcodes.ACC_SYNCHRONIZED) == 0
                ? null
                : "await in a synchronized method: the task would keep the monitor while others run";
    }
}

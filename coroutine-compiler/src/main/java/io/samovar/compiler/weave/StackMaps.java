package io.samovar.compiler.weave;

import java.util.ArrayList;
import java.util.List;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.FrameNode;
import org.objectweb.asm.tree.MethodNode;

/**
 * Puts the stack maps of a method into the form of class files, where most are differences to the one before (JVMS 4.7.4).
 *
 * <p>ASM does so by itself when it writes, and the bytes are the same; but by way of a descriptor that it makes for every type in
 * every map, which took a fifth of the time of all weaving.
 */
final class StackMaps {
    /** More variables than these, fewer or further ones, take a full map. */
    private static final int MAX_DIFFERENCE = 3;

    private StackMaps() {}

    /** From here on the code can be written, and no map can be understood without those before. */
    static void shorten(String owner, MethodNode method) {
        List<Object> before = List.of();
        boolean isFirst = true;
        for (AbstractInsnNode insn = method.instructions.getFirst(); insn != null; insn = insn.getNext()) {
            if (insn instanceof FrameNode frame) {
                before = isFirst ? atEntry(owner, method) : before;
                isFirst = false;
                List<Object> locals = frame.local;
                shorten(frame, before);
                before = locals;
            }
        }
    }

    private static void shorten(FrameNode frame, List<Object> before) {
        List<Object> locals = frame.local;
        int more = locals.size() - before.size();
        boolean isDifference =
                frame.stack.isEmpty() ? Math.abs(more) <= MAX_DIFFERENCE : more == 0 && frame.stack.size() == 1;
        if (!isDifference || !beginAlike(locals, before)) {
            frame.type = Opcodes.F_FULL;
        } else if (!frame.stack.isEmpty()) {
            frame.type = Opcodes.F_SAME1;
        } else if (more == 0) {
            frame.type = Opcodes.F_SAME;
        } else if (more > 0) {
            frame.type = Opcodes.F_APPEND;
            frame.local = locals.subList(before.size(), locals.size());
        } else {
            frame.type = Opcodes.F_CHOP;
            frame.local = before.subList(locals.size(), before.size()); // only their number counts
        }
    }

    private static boolean beginAlike(List<Object> locals, List<Object> before) {
        for (int i = Math.min(locals.size(), before.size()) - 1; i >= 0; i--) {
            if (!locals.get(i).equals(before.get(i))) {
                return false;
            }
        }
        return true;
    }

    /** The map that each method begins with, which its descriptor tells. */
    private static List<Object> atEntry(String owner, MethodNode method) {
        List<Object> locals = new ArrayList<>();
        if ((method.access & Opcodes.ACC_STATIC) == 0) {
            locals.add(method.name.equals("<init>") ? Opcodes.UNINITIALIZED_THIS : owner);
        }
        for (Type parameter : Type.getArgumentTypes(method.desc)) {
            locals.add(Code.verifierType(parameter));
        }
        return locals;
    }
}

package io.samovar.compiler.weave;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.FrameNode;
import org.objectweb.asm.tree.InsnList;
import org.objectweb.asm.tree.LabelNode;
import org.objectweb.asm.tree.LineNumberNode;
import org.objectweb.asm.tree.TryCatchBlockNode;

/** What several passes ask about a method's code. */
final class Code {
    private Code() {}

    /** The line of an instruction; -1 if it is not known. */
    static int line(AbstractInsnNode insn) {
        for (AbstractInsnNode before = insn; before != null; before = before.getPrevious()) {
            if (before instanceof LineNumberNode line) {
                return line.line;
            }
        }
        return -1;
    }

    /** Whether the {@code try} covers the instruction with this index. */
    static boolean covers(InsnList code, TryCatchBlockNode block, int index) {
        return code.indexOf(block.start) <= index && index < code.indexOf(block.end);
    }

    /** The stack map at a label, or {@code null}. */
    static @Nullable FrameNode frameAt(AbstractInsnNode label) {
        AbstractInsnNode insn = label;
        while (insn != null && insn.getOpcode() < 0) {
            if (insn instanceof FrameNode frame) {
                return frame;
            }
            insn = insn.getNext();
        }
        return null;
    }

    /** Where a stack map has the variable in a slot, an index into its locals; -1 if it does not know it. */
    static int indexOf(FrameNode frame, int slot) {
        int at = 0;
        for (int i = 0; i < frame.local.size() && at <= slot; i++) {
            Object type = frame.local.get(i);
            if (at == slot) {
                return type == Opcodes.TOP ? -1 : i;
            }
            at += isWide(type) ? 2 : 1;
        }
        return -1;
    }

    /** Whether one of a stack map's types is an object that is not constructed yet. */
    static boolean hasUninitialised(List<Object> types) {
        for (Object type : types) {
            if (type instanceof LabelNode) {
                return true;
            }
        }
        return false;
    }

    /** Whether values of this type take two slots. */
    static boolean isWide(Object type) {
        return type == Opcodes.LONG || type == Opcodes.DOUBLE;
    }

    /** What the verifier makes of a type: all small integers are one. */
    static Object verifierType(Type type) {
        return switch (type.getSort()) {
            case Type.LONG -> Opcodes.LONG;
            case Type.FLOAT -> Opcodes.FLOAT;
            case Type.DOUBLE -> Opcodes.DOUBLE;
            case Type.ARRAY, Type.OBJECT -> type.getInternalName();
            default -> Opcodes.INTEGER;
        };
    }
}

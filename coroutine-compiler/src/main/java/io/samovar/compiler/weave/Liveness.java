package io.samovar.compiler.weave;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.IincInsnNode;
import org.objectweb.asm.tree.InsnList;
import org.objectweb.asm.tree.JumpInsnNode;
import org.objectweb.asm.tree.LabelNode;
import org.objectweb.asm.tree.LookupSwitchInsnNode;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.tree.TableSwitchInsnNode;
import org.objectweb.asm.tree.TryCatchBlockNode;
import org.objectweb.asm.tree.VarInsnNode;

/** Which local variables are still read after each instruction, on the normal way or through a handler. */
final class Liveness {
    private final InsnList code;
    private final BitSet[] liveBefore;
    private final List<List<Integer>> successors;

    Liveness(MethodNode method) {
        code = method.instructions;
        int size = code.size();
        liveBefore = new BitSet[size];
        successors = new ArrayList<>(size);
        for (int i = 0; i < size; i++) {
            liveBefore[i] = new BitSet();
            successors.add(successorsOf(i));
        }
        for (TryCatchBlockNode block : method.tryCatchBlocks) {
            int handler = code.indexOf(block.handler);
            for (int i = code.indexOf(block.start); i < code.indexOf(block.end); i++) {
                successors.get(i).add(handler);
            }
        }
        for (boolean changed = true; changed; ) {
            changed = false;
            for (int i = size - 1; i >= 0; i--) {
                changed |= update(i);
            }
        }
    }

    /** The slots that are read at or after {@code insn} before they are written. */
    BitSet before(AbstractInsnNode insn) {
        return liveBefore[code.indexOf(insn)];
    }

    List<Integer> successors(int index) {
        return successors.get(index);
    }

    private boolean update(int i) {
        BitSet live = new BitSet();
        int next = i + 1;
        for (int successor : successors.get(i)) {
            live.or(liveBefore[successor]);
        }
        AbstractInsnNode insn = code.get(i);
        if (insn instanceof VarInsnNode access && isStore(access.getOpcode())) {
            live.clear(access.var);
            // A handler may see the value from before the store.
            for (int successor : successors.get(i)) {
                if (successor != next && liveBefore[successor].get(access.var)) {
                    live.set(access.var);
                }
            }
        } else if (insn instanceof VarInsnNode access) {
            live.set(access.var);
        } else if (insn instanceof IincInsnNode increment) {
            live.set(increment.var);
        }
        if (live.equals(liveBefore[i])) {
            return false;
        }
        liveBefore[i] = live;
        return true;
    }

    private List<Integer> successorsOf(int i) {
        List<Integer> next = new ArrayList<>(2);
        AbstractInsnNode insn = code.get(i);
        if (insn instanceof JumpInsnNode jump) {
            next.add(code.indexOf(jump.label));
        } else if (insn instanceof TableSwitchInsnNode table) {
            addAll(next, table.dflt, table.labels);
        } else if (insn instanceof LookupSwitchInsnNode lookup) {
            addAll(next, lookup.dflt, lookup.labels);
        }
        if (fallsThrough(insn.getOpcode()) && i + 1 < code.size()) {
            next.add(i + 1);
        }
        return next;
    }

    private void addAll(List<Integer> next, LabelNode otherwise, List<LabelNode> labels) {
        next.add(code.indexOf(otherwise));
        labels.forEach(label -> next.add(code.indexOf(label)));
    }

    static boolean fallsThrough(int opcode) {
        return opcode != Opcodes.GOTO
                && opcode != Opcodes.ATHROW
                && opcode != Opcodes.TABLESWITCH
                && opcode != Opcodes.LOOKUPSWITCH
                && !(opcode >= Opcodes.IRETURN && opcode <= Opcodes.RETURN);
    }

    static boolean isStore(int opcode) {
        return opcode >= Opcodes.ISTORE && opcode <= Opcodes.ASTORE;
    }
}

package io.samovar.compiler.weave;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.InsnList;
import org.objectweb.asm.tree.JumpInsnNode;
import org.objectweb.asm.tree.LabelNode;
import org.objectweb.asm.tree.LookupSwitchInsnNode;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.tree.TableSwitchInsnNode;
import org.objectweb.asm.tree.TryCatchBlockNode;

/** How many monitors a method holds before each of its instructions, from {@code synchronized} blocks. */
final class Monitors {
    private final MethodNode method;
    private final InsnList code;
    /** -1 where nothing is known yet, or the instruction is never reached. */
    private final int[] heldBefore;

    private final Deque<Integer> open = new ArrayDeque<>();
    private int enters;

    Monitors(MethodNode method) {
        this.method = method;
        code = method.instructions;
        for (AbstractInsnNode insn = code.getFirst(); insn != null; insn = insn.getNext()) {
            if (insn.getOpcode() == Opcodes.MONITORENTER) {
                enters++;
            }
        }
        heldBefore = new int[enters == 0 ? 0 : code.size()];
        if (enters > 0) {
            Arrays.fill(heldBefore, -1);
            reach(0, 0);
            while (!open.isEmpty()) {
                follow(open.pop());
            }
        }
    }

    boolean heldAt(AbstractInsnNode insn) {
        return enters > 0 && heldBefore[code.indexOf(insn)] > 0;
    }

    private void follow(int index) {
        AbstractInsnNode insn = code.get(index);
        int opcode = insn.getOpcode();
        int held = heldBefore[index];
        int after = opcode == Opcodes.MONITORENTER ? held + 1 : opcode == Opcodes.MONITOREXIT ? held - 1 : held;
        if (insn instanceof JumpInsnNode jump) {
            reach(jump.label, after);
        } else if (insn instanceof TableSwitchInsnNode table) {
            reach(table.dflt, after);
            table.labels.forEach(label -> reach(label, after));
        } else if (insn instanceof LookupSwitchInsnNode lookup) {
            reach(lookup.dflt, after);
            lookup.labels.forEach(label -> reach(label, after));
        }
        if (Flow.fallsThrough(opcode) && index + 1 < heldBefore.length) {
            reach(index + 1, after);
        }
        if (mayThrow(opcode)) {
            // What throws while it enters or leaves has not entered, and has left as far as the code can do.
            reachHandlers(index, Math.min(held, after));
        }
    }

    /** Only the first catch-all is entered: behind the one that leaves the monitor, nobody holds it. */
    private void reachHandlers(int index, int held) {
        for (TryCatchBlockNode block : method.tryCatchBlocks) {
            if (Code.covers(code, block, index)) {
                reach(block.handler, held);
                if (block.type == null) {
                    return;
                }
            }
        }
    }

    private void reach(LabelNode label, int held) {
        reach(code.indexOf(label), held);
    }

    private void reach(int index, int held) {
        int now = Math.max(0, Math.min(held, enters));
        if (now > heldBefore[index]) {
            heldBefore[index] = now;
            open.push(index);
        }
    }

    private static boolean mayThrow(int opcode) {
        boolean pushes = opcode < Opcodes.IALOAD && opcode != Opcodes.LDC;
        boolean stores = opcode >= Opcodes.ISTORE && opcode <= Opcodes.ASTORE;
        return !pushes && !stores && opcode != Opcodes.GOTO;
    }
}

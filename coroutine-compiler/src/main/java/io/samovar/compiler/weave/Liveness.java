package io.samovar.compiler.weave;

import java.util.Arrays;
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
    private static final int[] NONE = {};

    private final InsnList code;
    private final AbstractInsnNode[] insns;
    private final int[][] successors;
    /** Bits in a row of {@link #live}. */
    private final int words;
    /** A row of bits for each instruction: the slots that are read at or after it before they are written. */
    private long[] live = {};

    Liveness(MethodNode method) {
        code = method.instructions;
        insns = code.toArray();
        words = (method.maxLocals >> 6) + 1;
        successors = new int[insns.length][];
        for (int i = 0; i < insns.length; i++) {
            successors[i] = successorsOf(i);
        }
        for (TryCatchBlockNode block : method.tryCatchBlocks) {
            int handler = code.indexOf(block.handler);
            for (int i = code.indexOf(block.start); i < code.indexOf(block.end); i++) {
                successors[i] = with(successors[i], handler);
            }
        }
    }

    /** The slots that are read at or after {@code insn} before they are written. */
    BitSet before(AbstractInsnNode insn) {
        if (live.length == 0) {
            solve();
        }
        int row = code.indexOf(insn) * words;
        return BitSet.valueOf(Arrays.copyOfRange(live, row, row + words));
    }

    List<Integer> successors(int index) {
        return Arrays.stream(successors[index]).boxed().toList();
    }

    int[] next(int index) {
        return successors[index];
    }

    private void solve() {
        live = new long[insns.length * words];
        long[] row = new long[words];
        for (boolean changed = true; changed; ) {
            changed = false;
            for (int i = insns.length - 1; i >= 0; i--) {
                changed |= update(i, row);
            }
        }
    }

    private boolean update(int i, long[] row) {
        Arrays.fill(row, 0);
        for (int successor : successors[i]) {
            for (int word = 0; word < words; word++) {
                row[word] |= live[successor * words + word];
            }
        }
        AbstractInsnNode insn = insns[i];
        if (insn instanceof VarInsnNode access) {
            long bit = 1L << access.var;
            if (!isStore(access.getOpcode())) {
                row[access.var >> 6] |= bit;
            } else if (!isLiveInHandler(i, access.var)) { // a handler may see the value from before the store
                row[access.var >> 6] &= ~bit;
            }
        } else if (insn instanceof IincInsnNode increment) {
            row[increment.var >> 6] |= 1L << increment.var;
        }
        int from = i * words;
        if (Arrays.equals(row, 0, words, live, from, from + words)) {
            return false;
        }
        System.arraycopy(row, 0, live, from, words);
        return true;
    }

    private boolean isLiveInHandler(int i, int slot) {
        for (int successor : successors[i]) {
            if (successor != i + 1 && (live[successor * words + (slot >> 6)] & 1L << slot) != 0) {
                return true;
            }
        }
        return false;
    }

    private int[] successorsOf(int i) {
        AbstractInsnNode insn = insns[i];
        int[] next = NONE;
        if (insn instanceof JumpInsnNode jump) {
            next = new int[] {code.indexOf(jump.label)};
        } else if (insn instanceof TableSwitchInsnNode table) {
            next = targets(table.dflt, table.labels);
        } else if (insn instanceof LookupSwitchInsnNode lookup) {
            next = targets(lookup.dflt, lookup.labels);
        }
        return fallsThrough(insn.getOpcode()) && i + 1 < insns.length ? with(next, i + 1) : next;
    }

    private int[] targets(LabelNode otherwise, List<LabelNode> labels) {
        int[] next = new int[labels.size() + 1];
        next[0] = code.indexOf(otherwise);
        for (int i = 0; i < labels.size(); i++) {
            next[i + 1] = code.indexOf(labels.get(i));
        }
        return next;
    }

    private static int[] with(int[] some, int another) {
        int[] more = Arrays.copyOf(some, some.length + 1);
        more[some.length] = another;
        return more;
    }

    /** Whether the next instruction may be the next one to run. */
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

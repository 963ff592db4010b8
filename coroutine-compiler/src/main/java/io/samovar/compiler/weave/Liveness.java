package io.samovar.compiler.weave;

import java.util.BitSet;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.IincInsnNode;
import org.objectweb.asm.tree.InsnList;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.tree.VarInsnNode;

/** Which local variables are still read after each instruction, on the normal way or through a handler. */
final class Liveness {
    private final InsnList code;
    private final Flow flow;
    /** Longs in a row of bits. */
    private final int words;
    /** For each block a row of bits: the slots that are read in it or after it before they are written. */
    private long[][] live = {};

    Liveness(MethodNode method, Flow flow) {
        this.code = method.instructions;
        this.flow = flow;
        this.words = (method.maxLocals >> 6) + 1;
    }

    /** The slots that are read at or after {@code insn} before they are written. */
    BitSet before(AbstractInsnNode insn) {
        if (live.length == 0) {
            solve();
        }
        return BitSet.valueOf(before(code.indexOf(insn), flow.blockAt(insn)));
    }

    private void solve() {
        int size = flow.size();
        live = new long[size][words];
        long[][] reads = new long[size][words];
        long[][] writes = new long[size][words];
        findFirstAccesses(reads, writes);
        for (boolean changed = true; changed; ) {
            changed = false;
            for (int block = size - 1; block >= 0; block--) {
                for (int word = 0; word < words; word++) {
                    // A handler may see the value from before a store.
                    long after = liveInAny(flow.successors(block), word) & ~writes[block][word];
                    long caught = liveInAny(flow.handlers(block), word) & writes[block][word];
                    long row = reads[block][word] | after | caught;
                    changed |= row != live[block][word];
                    live[block][word] = row;
                }
            }
        }
    }

    /** What each block does first with a slot. */
    private void findFirstAccesses(long[][] reads, long[][] writes) {
        AbstractInsnNode insn = code.getFirst();
        for (int block = 0; block < reads.length; block++) {
            for (int index = flow.start(block); index < flow.end(block); index++, insn = insn.getNext()) {
                if (insn instanceof VarInsnNode access) {
                    note(
                            access.var,
                            isStore(access.getOpcode()) ? writes[block] : reads[block],
                            reads[block],
                            writes[block]);
                } else if (insn instanceof IincInsnNode increment) {
                    note(increment.var, reads[block], reads[block], writes[block]);
                }
            }
        }
    }

    private static void note(int slot, long[] row, long[] reads, long[] writes) {
        int word = slot >> 6;
        row[word] |= (1L << slot) & ~(reads[word] | writes[word]);
    }

    /** Goes back from the end of a block to one of its instructions. */
    private long[] before(int index, int block) {
        long[] row = liveInAny(flow.successors(block));
        // A handler may see the value from before a store.
        long[] caught = liveInAny(flow.handlers(block));
        AbstractInsnNode insn = code.get(flow.end(block) - 1);
        for (int i = flow.end(block) - 1; i >= index; i--) {
            if (insn instanceof VarInsnNode access) {
                long bit = 1L << access.var;
                int word = access.var >> 6;
                if (isStore(access.getOpcode())) {
                    row[word] = (row[word] & ~bit) | (caught[word] & bit);
                } else {
                    row[word] |= bit;
                }
            } else if (insn instanceof IincInsnNode increment) {
                row[increment.var >> 6] |= 1L << increment.var;
            }
            insn = insn.getPrevious();
        }
        return row;
    }

    private long[] liveInAny(int[] blocks) {
        long[] row = new long[words];
        for (int word = 0; word < words; word++) {
            row[word] = liveInAny(blocks, word);
        }
        return row;
    }

    private long liveInAny(int[] blocks, int word) {
        long row = 0;
        for (int block : blocks) {
            row |= live[block][word];
        }
        return row;
    }

    static boolean isStore(int opcode) {
        return opcode >= Opcodes.ISTORE && opcode <= Opcodes.ASTORE;
    }
}

package io.samovar.compiler.weave;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.InsnList;
import org.objectweb.asm.tree.JumpInsnNode;
import org.objectweb.asm.tree.LabelNode;
import org.objectweb.asm.tree.LookupSwitchInsnNode;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.tree.TableSwitchInsnNode;
import org.objectweb.asm.tree.TryCatchBlockNode;

/**
 * The ways through a method's code, in basic blocks: instructions that run one after the other, and whose failures are caught by
 * the same handlers. It holds as long as the code does not change.
 */
final class Flow {
    private static final int[] NONE = {};

    private final InsnList code;
    /** The block of each instruction. */
    private final int[] blocks;
    /** Where each block starts, and at last where the code ends. */
    private final int[] starts;

    private final int[][] successors;
    private final int[][] handlers;

    Flow(MethodNode method) {
        code = method.instructions;
        blocks = new int[code.size()];
        starts = findBlocks(method);
        handlers = new int[size()][];
        Arrays.fill(handlers, NONE);
        for (TryCatchBlockNode block : method.tryCatchBlocks) {
            int end = blockAt(block.end);
            for (int covered = blockAt(block.start); covered < end; covered++) {
                handlers[covered] = with(handlers[covered], blockAt(block.handler));
            }
        }
        successors = new int[size()][];
        for (int block = 0; block < size(); block++) {
            successors[block] = successorsOf(block);
        }
    }

    /** The number of blocks. */
    int size() {
        return starts.length - 1;
    }

    int blockAt(AbstractInsnNode insn) {
        return blocks[code.indexOf(insn)];
    }

    /** The index of a block's first instruction. */
    int start(int block) {
        return starts[block];
    }

    /** The index behind a block's last instruction. */
    int end(int block) {
        return starts[block + 1];
    }

    /** The blocks that may come after one, its handlers among them. */
    int[] successors(int block) {
        return successors[block];
    }

    /** The blocks that catch the failures of one. */
    int[] handlers(int block) {
        return handlers[block];
    }

    /** The indices of the instructions that may come after one. */
    List<Integer> next(AbstractInsnNode insn) {
        int index = code.indexOf(insn);
        int block = blocks[index];
        boolean isLast = index + 1 == end(block);
        List<Integer> next = new ArrayList<>();
        for (int successor : isLast ? successors[block] : handlers[block]) {
            next.add(start(successor));
        }
        if (!isLast) {
            next.add(index + 1);
        }
        return next;
    }

    private int[] findBlocks(MethodNode method) {
        boolean[] startsHere = new boolean[blocks.length + 1];
        startsHere[0] = true;
        startsHere[blocks.length] = true;
        int index = 0;
        for (AbstractInsnNode insn = code.getFirst(); insn != null; insn = insn.getNext()) {
            index++;
            if (insn.getOpcode() >= Opcodes.IFEQ && leaves(insn)) {
                startsHere[index] = true;
                for (LabelNode target : targets(insn)) {
                    startsHere[code.indexOf(target)] = true;
                }
            }
        }
        for (TryCatchBlockNode block : method.tryCatchBlocks) {
            startsHere[code.indexOf(block.start)] = true;
            startsHere[code.indexOf(block.end)] = true;
            startsHere[code.indexOf(block.handler)] = true;
        }
        int[] found = new int[startsHere.length];
        int count = 0;
        for (int i = 0; i < startsHere.length; i++) {
            if (startsHere[i]) {
                found[count++] = i;
            }
            if (i < blocks.length) {
                blocks[i] = count - 1;
            }
        }
        return Arrays.copyOf(found, count);
    }

    private int[] successorsOf(int block) {
        AbstractInsnNode last = code.get(end(block) - 1);
        int[] next = handlers[block];
        for (LabelNode target : targets(last)) {
            next = with(next, blockAt(target));
        }
        return fallsThrough(last.getOpcode()) && block + 1 < size() ? with(next, block + 1) : next;
    }

    /** An array with one element more. */
    static int[] with(int[] some, int another) {
        int[] more = Arrays.copyOf(some, some.length + 1);
        more[some.length] = another;
        return more;
    }

    private static boolean leaves(AbstractInsnNode insn) {
        return insn instanceof JumpInsnNode || !fallsThrough(insn.getOpcode());
    }

    /** Where a jump or a switch goes. */
    private static List<LabelNode> targets(AbstractInsnNode insn) {
        if (insn instanceof JumpInsnNode jump) {
            return List.of(jump.label);
        } else if (insn instanceof TableSwitchInsnNode table) {
            return with(table.labels, table.dflt);
        } else if (insn instanceof LookupSwitchInsnNode lookup) {
            return with(lookup.labels, lookup.dflt);
        }
        return List.of();
    }

    private static List<LabelNode> with(List<LabelNode> labels, LabelNode another) {
        List<LabelNode> all = new ArrayList<>(labels);
        all.add(another);
        return all;
    }

    /** Whether the next instruction may be the next one to run. */
    static boolean fallsThrough(int opcode) {
        return opcode != Opcodes.GOTO
                && opcode != Opcodes.ATHROW
                && opcode != Opcodes.TABLESWITCH
                && opcode != Opcodes.LOOKUPSWITCH
                && !(opcode >= Opcodes.IRETURN && opcode <= Opcodes.RETURN);
    }
}

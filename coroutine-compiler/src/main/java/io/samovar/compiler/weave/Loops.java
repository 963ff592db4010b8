package io.samovar.compiler.weave;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.FrameNode;
import org.objectweb.asm.tree.LabelNode;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.tree.TryCatchBlockNode;

/**
 * The natural loops of a method, with the head at which each is entered.
 *
 * <p>A coroutine must come back into a loop through its head. A jump into the middle would make the loop irreducible, and
 * HotSpot's compiler gives up most of its work on everything inside such a loop: a computation there took up to 15 times as long.
 */
final class Loops {
    private static final int NONE = -1;
    private static final int[] NO_BLOCKS = {};

    private final Flow flow;
    private final int[][] predecessors;
    /** Blocks in reverse post-order: each before its successors, but for the ways back in loops. */
    private int[] order = {};

    private final int[] position;
    private final int[] dominator;
    /** The blocks of each loop, by the block of its head. */
    private final @Nullable BitSet[] bodies;
    /** The outer ones first. */
    private final List<Loop> loops = new ArrayList<>(2);

    private record Loop(LabelNode head, BitSet blocks, int size) {}

    Loops(MethodNode method, Flow flow) {
        this.flow = flow;
        int size = hasWayBack() ? flow.size() : 0;
        predecessors = new int[size][];
        position = new int[size];
        dominator = new int[size];
        bodies = new BitSet[size];
        if (size > 0) {
            Arrays.fill(predecessors, NO_BLOCKS);
            Arrays.fill(position, NONE);
            Arrays.fill(dominator, NONE);
            findOrder();
            findDominators();
            findBodies();
            findEnterable(method);
        }
    }

    /** The heads of the loops around an instruction, outermost first, as far as code can come in there from elsewhere. */
    List<LabelNode> around(AbstractInsnNode insn) {
        if (loops.isEmpty()) {
            return List.of();
        }
        int block = flow.blockAt(insn);
        List<LabelNode> heads = new ArrayList<>(loops.size());
        for (Loop loop : loops) {
            if (loop.blocks().get(block)) {
                heads.add(loop.head());
            }
        }
        return heads;
    }

    private boolean hasWayBack() {
        for (int block = 0; block < flow.size(); block++) {
            for (int successor : flow.successors(block)) {
                if (successor <= block) {
                    return true;
                }
            }
        }
        return false;
    }

    private void findEnterable(MethodNode method) {
        for (TryCatchBlockNode block : method.tryCatchBlocks) {
            bodies[flow.blockAt(block.handler)] = null;
        }
        for (int block = 0; block < bodies.length; block++) {
            BitSet body = bodies[block];
            if (body != null
                    && method.instructions.get(flow.start(block)) instanceof LabelNode head
                    && isEnterable(Code.frameAt(head))) {
                add(new Loop(head, body, body.cardinality()));
            }
        }
    }

    /** Behind those that are as large or larger. */
    private void add(Loop loop) {
        int at = loops.size();
        while (at > 0 && loops.get(at - 1).size() < loop.size()) {
            at--;
        }
        loops.add(at, loop);
    }

    /** Values on the stack and half-made objects would have to be there: rare enough to leave such a loop as it is. */
    private static boolean isEnterable(@Nullable FrameNode frame) {
        return frame != null && frame.stack.isEmpty() && !Code.hasUninitialised(frame.local);
    }

    private void findOrder() {
        int size = predecessors.length;
        int[] postOrder = new int[size];
        int found = 0;
        boolean[] seen = new boolean[size];
        int[] path = new int[size];
        int[] visited = new int[size]; // how many successors, of each block on the path
        int depth = 1;
        seen[0] = true;
        while (depth > 0) {
            int block = path[depth - 1];
            int[] next = flow.successors(block);
            if (visited[depth - 1] == next.length) {
                postOrder[found++] = block;
                depth--;
                continue;
            }
            int successor = next[visited[depth - 1]++];
            predecessors[successor] = Flow.with(predecessors[successor], block);
            if (!seen[successor]) {
                seen[successor] = true;
                path[depth] = successor;
                visited[depth] = 0;
                depth++;
            }
        }
        order = new int[found];
        for (int i = 0; i < found; i++) {
            order[i] = postOrder[found - 1 - i];
            position[order[i]] = i;
        }
    }

    /** Cooper, Harvey, Kennedy: A Simple, Fast Dominance Algorithm. */
    private void findDominators() {
        dominator[0] = 0;
        for (boolean changed = true; changed; ) {
            changed = false;
            for (int i = 1; i < order.length; i++) {
                int block = order[i];
                int common = NONE;
                for (int predecessor : predecessors[block]) {
                    if (dominator[predecessor] != NONE) {
                        common = common == NONE ? predecessor : commonDominator(common, predecessor);
                    }
                }
                if (dominator[block] != common) {
                    dominator[block] = common;
                    changed = true;
                }
            }
        }
    }

    private int commonDominator(int one, int other) {
        int a = one;
        int b = other;
        while (a != b) {
            while (position[a] > position[b]) {
                a = dominator[a];
            }
            while (position[b] > position[a]) {
                b = dominator[b];
            }
        }
        return a;
    }

    private boolean dominates(int head, int block) {
        int above = block;
        while (position[above] > position[head]) {
            above = dominator[above];
        }
        return above == head;
    }

    private void findBodies() {
        for (int block : order) {
            for (int successor : flow.successors(block)) {
                if (dominates(successor, block)) {
                    addLoop(successor, block);
                }
            }
        }
    }

    private void addLoop(int head, int end) {
        BitSet body = bodies[head] == null ? new BitSet(bodies.length) : bodies[head];
        bodies[head] = body;
        body.set(head);
        int[] open = {end};
        int count = 1;
        while (count > 0) {
            int block = open[--count];
            if (!body.get(block)) {
                body.set(block);
                int[] more = predecessors[block];
                open = Arrays.copyOf(open, Math.max(open.length, count + more.length));
                System.arraycopy(more, 0, open, count, more.length);
                count += more.length;
            }
        }
    }
}

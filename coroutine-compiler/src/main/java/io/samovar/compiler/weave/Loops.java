package io.samovar.compiler.weave;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.FrameNode;
import org.objectweb.asm.tree.LabelNode;
import org.objectweb.asm.tree.MethodNode;

/**
 * The natural loops of a method, with the head at which each is entered.
 *
 * <p>A coroutine must come back into a loop through its head. A jump into the middle would make the loop irreducible, and
 * HotSpot's compiler gives up most of its work on everything inside such a loop: a computation there took up to 15 times as long.
 */
final class Loops {
    private static final int NONE = -1;

    private final Flow flow;
    private final List<List<Integer>> predecessors = new ArrayList<>();
    /** Blocks in reverse post-order: each before its successors, but for the ways back in loops. */
    private int[] order = {};

    private final int[] position;
    private final int[] dominator;
    /** The blocks of each loop, by the block of its head. */
    private final Map<Integer, BitSet> bodies = new TreeMap<>();
    /** The outer ones first. */
    private final List<Loop> loops = new ArrayList<>();

    private record Loop(LabelNode head, BitSet blocks) {}

    Loops(MethodNode method, Flow flow) {
        this.flow = flow;
        int size = hasWayBack() ? flow.size() : 0;
        for (int i = 0; i < size; i++) {
            predecessors.add(new ArrayList<>(2));
        }
        position = new int[size];
        dominator = new int[size];
        Arrays.fill(position, NONE);
        Arrays.fill(dominator, NONE);
        if (size > 0) {
            findOrder();
            findDominators();
            findBodies();
            method.tryCatchBlocks.forEach(block -> bodies.remove(flow.blockAt(block.handler)));
            bodies.forEach((block, body) -> {
                AbstractInsnNode head = method.instructions.get(flow.start(block));
                if (head instanceof LabelNode label && isEnterable(Code.frameAt(label))) {
                    loops.add(new Loop(label, body));
                }
            });
            loops.sort(Comparator.comparingInt(loop -> -loop.blocks().cardinality()));
        }
    }

    /** The heads of the loops around an instruction, outermost first, as far as code can come in there from elsewhere. */
    List<LabelNode> around(AbstractInsnNode insn) {
        int block = flow.blockAt(insn);
        List<LabelNode> heads = new ArrayList<>();
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

    /** Values on the stack and half-made objects would have to be there: rare enough to leave such a loop as it is. */
    private static boolean isEnterable(@Nullable FrameNode frame) {
        return frame != null && frame.stack.isEmpty() && !Code.hasUninitialised(frame.local);
    }

    private void findOrder() {
        int[] postOrder = new int[flow.size()];
        int found = 0;
        BitSet seen = new BitSet();
        Deque<int[]> path = new ArrayDeque<>(); // a block, and how many of its successors have been visited
        path.push(new int[] {0, 0});
        seen.set(0);
        while (!path.isEmpty()) {
            int[] top = path.peek();
            int[] next = flow.successors(top[0]);
            if (top[1] == next.length) {
                postOrder[found++] = top[0];
                path.pop();
                continue;
            }
            int successor = next[top[1]++];
            predecessors.get(successor).add(top[0]);
            if (!seen.get(successor)) {
                seen.set(successor);
                path.push(new int[] {successor, 0});
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
                for (int predecessor : predecessors.get(block)) {
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
        BitSet body = bodies.computeIfAbsent(head, unused -> new BitSet());
        body.set(head);
        Deque<Integer> open = new ArrayDeque<>(List.of(end));
        while (!open.isEmpty()) {
            int block = open.pop();
            if (!body.get(block)) {
                body.set(block);
                open.addAll(predecessors.get(block));
            }
        }
    }
}

package io.samovar.compiler.weave;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collections;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.FrameNode;
import org.objectweb.asm.tree.InsnList;
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

    private final InsnList code;
    private final Liveness flow;
    private final List<List<Integer>> predecessors = new ArrayList<>();
    /** Instructions in reverse post-order: each before its successors, but for the ways back in loops. */
    private final List<Integer> order = new ArrayList<>();

    private final int[] position;
    private final int[] dominator;
    /** The instructions of each loop, by the head's index. */
    private final Map<Integer, BitSet> bodies = new TreeMap<>();

    Loops(MethodNode method, Liveness flow) {
        this.flow = flow;
        code = method.instructions;
        boolean mayLoop = hasWayBack();
        int size = mayLoop ? code.size() : 0;
        for (int i = 0; i < size; i++) {
            predecessors.add(new ArrayList<>(2));
        }
        position = new int[size];
        dominator = new int[size];
        Arrays.fill(position, NONE);
        Arrays.fill(dominator, NONE);
        if (mayLoop) {
            findOrder();
            findDominators();
            findLoops();
            method.tryCatchBlocks.forEach(block -> bodies.remove(code.indexOf(block.handler)));
        }
    }

    private boolean hasWayBack() {
        for (int i = 0; i < code.size(); i++) {
            for (int successor : flow.next(i)) {
                if (successor <= i) {
                    return true;
                }
            }
        }
        return false;
    }

    /** The heads of the loops around an instruction, outermost first, as far as code can come in there from elsewhere. */
    List<LabelNode> around(AbstractInsnNode insn) {
        int index = code.indexOf(insn);
        return bodies.entrySet().stream()
                .filter(loop -> loop.getValue().get(index))
                .sorted(Comparator.comparingInt(loop -> -loop.getValue().cardinality()))
                .map(loop -> code.get(loop.getKey()))
                .filter(head -> head instanceof LabelNode && isEnterable(Code.frameAt(head)))
                .map(LabelNode.class::cast)
                .toList();
    }

    /** Values on the stack and half-made objects would have to be there: rare enough to leave such a loop as it is. */
    private static boolean isEnterable(@Nullable FrameNode frame) {
        return frame != null && frame.stack.isEmpty() && frame.local.stream().noneMatch(LabelNode.class::isInstance);
    }

    private void findOrder() {
        BitSet seen = new BitSet();
        Deque<int[]> path = new ArrayDeque<>(); // an instruction, and how many of its successors have been visited
        path.push(new int[] {0, 0});
        seen.set(0);
        while (!path.isEmpty()) {
            int[] top = path.peek();
            int[] next = flow.next(top[0]);
            if (top[1] == next.length) {
                order.add(top[0]);
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
        Collections.reverse(order);
        for (int i = 0; i < order.size(); i++) {
            position[order.get(i)] = i;
        }
    }

    /** Cooper, Harvey, Kennedy: A Simple, Fast Dominance Algorithm. */
    private void findDominators() {
        dominator[0] = 0;
        for (boolean changed = true; changed; ) {
            changed = false;
            for (int insn : order.subList(1, order.size())) {
                int common = NONE;
                for (int predecessor : predecessors.get(insn)) {
                    if (dominator[predecessor] != NONE) {
                        common = common == NONE ? predecessor : commonDominator(common, predecessor);
                    }
                }
                if (dominator[insn] != common) {
                    dominator[insn] = common;
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

    private boolean dominates(int head, int insn) {
        int above = insn;
        while (position[above] > position[head]) {
            above = dominator[above];
        }
        return above == head;
    }

    private void findLoops() {
        for (int insn : order) {
            for (int successor : flow.next(insn)) {
                if (dominates(successor, insn)) {
                    addLoop(successor, insn);
                }
            }
        }
    }

    private void addLoop(int head, int end) {
        BitSet body = bodies.computeIfAbsent(head, unused -> new BitSet());
        body.set(head);
        Deque<Integer> open = new ArrayDeque<>(List.of(end));
        while (!open.isEmpty()) {
            int insn = open.pop();
            if (!body.get(insn)) {
                body.set(insn);
                open.addAll(predecessors.get(insn));
            }
        }
    }
}

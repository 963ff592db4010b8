package io.samovar.tests.coroutine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.tree.analysis.Analyzer;
import org.objectweb.asm.tree.analysis.BasicInterpreter;
import org.objectweb.asm.tree.analysis.BasicValue;

/**
 * Woven loops are entered at their heads only. HotSpot compiles what is inside an irreducible loop badly; that the shape is kept
 * is exact, where a timing would be noise.
 */
@Timeout(60)
class LoopShapeTest {
    @Test
    void everyWovenLoopIsEnteredAtItsHead() throws Exception {
        ClassNode cases = new ClassNode();
        try (InputStream in = Objects.requireNonNull(
                HardCases.class.getResourceAsStream(HardCases.class.getSimpleName() + ".class"))) {
            new ClassReader(in).accept(cases, 0);
        }
        List<String> looping = new ArrayList<>();
        for (MethodNode method : cases.methods) {
            // A loop with operands waiting below it is left as it is: they would have to be put there again at its
            // head.
            if (method.desc.contains("Lio/samovar/Task;I)") && !method.name.equals("loopUnderOperands$")) {
                Map<Integer, Set<Integer>> graph = graphOf(cases.name, method);
                assertThat(isReducible(graph)).as(method.name).isTrue();
                if (hasLoop(graph)) {
                    looping.add(method.name);
                }
            }
        }
        assertThat(looping).contains("loops$", "loopsInsideLoops$", "loopAfterAnAwait$");
    }

    /** The successors of each instruction, those in handlers included. */
    private static Map<Integer, Set<Integer>> graphOf(String owner, MethodNode method) throws Exception {
        Map<Integer, Set<Integer>> graph = new HashMap<>();
        new Analyzer<BasicValue>(new BasicInterpreter()) {
            @Override
            protected void newControlFlowEdge(int from, int to) {
                graph.computeIfAbsent(from, unused -> new HashSet<>()).add(to);
                graph.computeIfAbsent(to, unused -> new HashSet<>());
            }

            @Override
            protected boolean newControlFlowExceptionEdge(int from, int to) {
                newControlFlowEdge(from, to);
                return true;
            }
        }.analyze(owner, method);
        return graph;
    }

    private static boolean hasLoop(Map<Integer, Set<Integer>> graph) {
        return graph.entrySet().stream()
                .anyMatch(node -> node.getValue().stream().anyMatch(to -> to < node.getKey()));
    }

    /** Hecht and Ullman: drops ways from a node to itself and merges nodes with one predecessor, until only one is left. */
    private static boolean isReducible(Map<Integer, Set<Integer>> successors) {
        Map<Integer, Set<Integer>> graph = new HashMap<>();
        Map<Integer, Set<Integer>> predecessors = new HashMap<>();
        successors.forEach((node, next) -> graph.put(node, new HashSet<>(next)));
        graph.forEach((node, next) -> next.forEach(to ->
                predecessors.computeIfAbsent(to, unused -> new HashSet<>()).add(node)));
        for (boolean changed = true; changed; ) {
            changed = false;
            for (int node : List.copyOf(graph.keySet())) {
                Set<Integer> before = predecessors.computeIfAbsent(node, unused -> new HashSet<>());
                if (Objects.requireNonNull(graph.get(node)).remove(node)) {
                    before.remove(node);
                }
                if (node != 0 && before.size() == 1) {
                    int into = before.iterator().next();
                    Set<Integer> next = Objects.requireNonNull(graph.remove(node));
                    Objects.requireNonNull(graph.get(into)).remove(node);
                    Objects.requireNonNull(graph.get(into)).addAll(next);
                    next.forEach(to -> {
                        Objects.requireNonNull(predecessors.get(to)).remove(node);
                        Objects.requireNonNull(predecessors.get(to)).add(into);
                    });
                    changed = true;
                }
            }
        }
        return graph.size() == 1;
    }
}

package io.samovar.tests.coroutine.fuzz;

import io.samovar.tests.coroutine.fuzz.Node.Form;
import io.samovar.tests.coroutine.fuzz.Node.Kind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Makes a program smaller as long as its forms still differ: leaves statements out, puts a block in place of the statement around
 * it, and a part or a constant in place of an expression.
 */
final class Shrinker {
    private static final Node NOTHING = Node.fixed(";");

    private final Runner.Difference first;
    private Program smallest;
    private Runner.Difference difference;

    Shrinker(Runner.Difference first) {
        this.first = first;
        this.smallest = first.program();
        this.difference = first;
    }

    Runner.Difference shrink(long untilNanos) {
        for (boolean smaller = true; smaller; ) {
            smaller = false;
            for (Node node : nodes(smallest)) {
                if (System.nanoTime() - untilNanos > 0) {
                    return difference;
                }
                smaller |= tryAll(node);
            }
        }
        return difference;
    }

    /** From the outside in, so that large parts go first. */
    private static List<Node> nodes(Program program) {
        List<Node> found = new ArrayList<>();
        collect(program.root(), program.edits(), found);
        return found;
    }

    private static void collect(Node node, Map<Node, Node> edits, List<Node> found) {
        Node now = edits.getOrDefault(node, node);
        if (now != node) {
            collect(now, edits, found);
            return;
        }
        found.add(node);
        for (Object part : node.parts()) {
            if (part instanceof Node child) {
                collect(child, edits, found);
            }
        }
    }

    private boolean tryAll(Node node) {
        if (smallest.edits().containsKey(node)) {
            return false; // it is gone with a part that went before
        }
        if (node.kind() == Kind.STATEMENT || (node.kind() == Kind.FIXED && isMethod(node))) {
            if (attempt(node, NOTHING)) {
                return true;
            }
        }
        if (node.kind() == Kind.STATEMENT) {
            for (Node inside : inside(node, Kind.BLOCK, null)) {
                if (attempt(node, inside)) {
                    return true;
                }
            }
        }
        if (node.kind() == Kind.EXPRESSION && node.type() != null) {
            Node constant = constant(node.type());
            if (constant != null && length(node) > length(constant) && attempt(node, constant)) {
                return true;
            }
            for (Node inside : inside(node, Kind.EXPRESSION, node.type())) {
                if (attempt(node, inside)) {
                    return true;
                }
            }
        }
        return false;
    }

    private static boolean isMethod(Node node) {
        return !node.parts().isEmpty() && node.parts().get(0) instanceof Node.Forms;
    }

    private static @Nullable Node constant(Ty type) {
        if (type.isCoroutine()) {
            return null;
        }
        String text = switch (type.name()) {
            case "int", "long", "double", "float", "char", "byte", "short" -> "(" + type.name() + ") 1";
            case "boolean" -> "true";
            case "String" -> "\"\"";
            default -> null;
        };
        return text == null ? null : Node.expression(type, text);
    }

    private int length(Node node) {
        StringBuilder text = new StringBuilder();
        node.print(text, Form.WOVEN, smallest.edits(), "");
        return text.length();
    }

    /** The nodes below that are of a kind and a type, nearest first. */
    private List<Node> inside(Node node, Kind kind, @Nullable Ty type) {
        List<Node> found = new ArrayList<>();
        List<Node> all = new ArrayList<>();
        collect(node, smallest.edits(), all);
        for (Node candidate : all) {
            if (candidate != node && candidate.kind() == kind && (type == null || type.equals(candidate.type()))) {
                found.add(candidate);
            }
        }
        return found;
    }

    private boolean attempt(Node node, Node instead) {
        Map<Node, Node> edits = new HashMap<>(smallest.edits());
        edits.put(node, instead);
        Program candidate = new Program(smallest.seed(), smallest.root(), edits, smallest.oneLine());
        List<Runner.Difference> differences = Runner.run(List.of(candidate), first.options());
        for (Runner.Difference found : differences) {
            if (isTheSame(found)) {
                smallest = candidate;
                difference = found;
                return true;
            }
        }
        return false;
    }

    /** A smaller program that javac rejects, or that fails in another way, is not what is looked for. */
    private boolean isTheSame(Runner.Difference found) {
        return found.weaver() && kind(found.what()).equals(kind(first.what()));
    }

    private static String kind(String what) {
        if (what.contains(Runner.REFUSED)) {
            String refused = what.substring(what.indexOf(Runner.REFUSED))
                    .lines()
                    .findFirst()
                    .orElse("");
            return refused.substring(refused.lastIndexOf(": "));
        }
        if (!what.startsWith("awaits wait")) {
            return what.contains("is not sound") ? "unsound" : "compiler";
        }
        return what.contains("VerifyError") ? "VerifyError" : "differs";
    }
}

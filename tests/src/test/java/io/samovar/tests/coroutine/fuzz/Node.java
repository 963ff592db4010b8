package io.samovar.tests.coroutine.fuzz;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A piece of a generated program.
 *
 * @param kind what may be done to it to make the program smaller
 * @param type of an expression
 * @param completes whether a statement can complete normally, as javac sees it
 * @param parts text, {@link Forms} and nodes, in order
 */
record Node(Kind kind, @Nullable Ty type, boolean completes, List<Object> parts) {
    /** What a node is, to the shrinker. */
    enum Kind {
        STATEMENT,
        BLOCK,
        EXPRESSION,
        FIXED
    }

    /** Which of the two forms is printed. */
    enum Form {
        PLAIN,
        WOVEN
    }

    /** Text that differs between the two forms. */
    record Forms(String plain, String woven) {}

    static Node statement(Object... parts) {
        return new Node(Kind.STATEMENT, null, true, List.of(parts));
    }

    static Node jump(Object... parts) {
        return new Node(Kind.STATEMENT, null, false, List.of(parts));
    }

    static Node expression(Ty type, Object... parts) {
        return new Node(Kind.EXPRESSION, type, true, List.of(parts));
    }

    static Node fixed(Object... parts) {
        return new Node(Kind.FIXED, null, true, List.of(parts));
    }

    static Node block(List<Node> statements, boolean completes) {
        return new Node(Kind.BLOCK, null, completes, List.copyOf(statements));
    }

    Node completing(boolean does) {
        return new Node(kind, type, does, parts);
    }

    /** Two nodes are never the same one, even if they look the same. */
    @Override
    public boolean equals(@Nullable Object other) {
        return this == other;
    }

    @Override
    public int hashCode() {
        return System.identityHashCode(this);
    }

    /**
     * Prints the source text.
     *
     * @param edits what is printed instead of a node
     * @param newline between statements
     */
    void print(StringBuilder out, Form form, Map<Node, Node> edits, String newline) {
        Node instead = edits.get(this);
        if (instead != null) {
            instead.print(out, form, edits, newline);
            return;
        }
        if (kind == Kind.BLOCK) {
            out.append('{');
            for (Object part : parts) {
                out.append(newline.isEmpty() ? " " : newline + "    ");
                ((Node) part).print(out, form, edits, newline.isEmpty() ? "" : newline + "    ");
            }
            out.append(newline.isEmpty() ? " " : newline).append('}');
            return;
        }
        for (Object part : parts) {
            if (part instanceof Node node) {
                node.print(out, form, edits, newline);
            } else if (part instanceof Forms forms) {
                out.append(form == Form.PLAIN ? forms.plain : forms.woven);
            } else {
                out.append(part);
            }
        }
    }
}

package io.samovar.tests.coroutine.fuzz;

import static io.samovar.tests.coroutine.fuzz.Node.fixed;

import io.samovar.tests.coroutine.fuzz.Scope.Target;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Makes switches: statements and expressions, over numbers, strings, enums and patterns. */
@SuppressWarnings("StatementSwitchToExpressionSwitch") // an arm has several returns, or none
final class Switches {
    private final Choice choice;
    /** Whether javac knows patterns in switches. */
    private final boolean patterns;

    private @Nullable Expressions expressions;
    private @Nullable Statements statements;

    Switches(Choice choice, boolean patterns) {
        this.choice = choice;
        this.patterns = patterns;
    }

    void use(Expressions theExpressions, Statements theStatements) {
        expressions = theExpressions;
        statements = theStatements;
    }

    /** The label of one case, and what it binds. */
    private record Label(String text, List<Object> guard, Scope scope) {}

    private record Selector(Node node, List<Label> labels, boolean exhaustive, boolean pattern) {}

    @Nullable
    Node expression(Ty type, Scope scope, int depth) {
        Selector selector = selector(scope, depth);
        boolean result = false;
        Node otherwise = fixed("default -> ", expressions.any(type, scope.switchExpression(type), depth), ";");
        List<Object> parts = new ArrayList<>();
        parts.add("(switch (");
        parts.add(selector.node);
        parts.add(") { ");
        for (Label label : selector.labels) {
            Scope arm = label.scope.switchExpression(type);
            parts.add("case " + label.text);
            parts.addAll(label.guard);
            parts.add(" -> ");
            int way = choice.below(6);
            result |= way > 2 || choice.spent() || scope.constructing >= 2;
            if (way == 0) {
                parts.add("throw new Boom(\"arm\");");
            } else if (way <= 2 && !choice.spent() && scope.constructing < 2) {
                // javac itself crashes on new A(.., new B(switch { try .. })), so no block stands that deep.
                arm.constructing = 0;
                parts.add(yielding(statements.block(arm, depth, 2), arm, depth));
            } else {
                parts.add(expressions.any(type, arm, depth));
                parts.add(";");
            }
            parts.add(" ");
        }
        if (!selector.exhaustive) {
            parts.add(otherwise);
        } else if (!result) {
            return expressions.any(type, scope, 0); // no arm is sure to give a value, which javac does not take
        }
        parts.add(" })");
        return Node.expression(type, parts.toArray());
    }

    private Node yielding(Node block, Scope arm, int depth) {
        if (!block.completes()) {
            return block;
        }
        List<Node> all = new ArrayList<>();
        block.parts().forEach(part -> all.add((Node) part));
        all.add(expressions.yielding(arm, depth));
        return Node.block(all, false);
    }

    Node statement(Scope scope, int depth) {
        Selector selector = selector(scope, depth);
        boolean arrows = selector.pattern || choice.one(2);
        String name = choice.one(4) ? choice.name("sw") : null;
        Target target = new Target(name, Scope.Kind.SWITCH);
        List<Object> parts = new ArrayList<>();
        parts.add((name == null ? "" : name + ": ") + "switch (");
        parts.add(selector.node);
        parts.add(") { ");
        boolean completes = false;
        boolean last = true;
        for (Label label : selector.labels) {
            parts.add("case " + label.text);
            parts.addAll(label.guard);
            Node block = arm(label.scope, target, depth);
            parts.add(arrows ? " -> " : ": ");
            parts.add(block);
            parts.add(" ");
            completes |= arrows && block.completes();
            last = block.completes();
        }
        if (selector.pattern ? !selector.exhaustive : !choice.one(3)) {
            Node block = arm(scope, target, depth);
            parts.add(arrows ? "default -> " : "default: ");
            parts.add(block);
            completes |= arrows && block.completes();
            last = block.completes();
        } else if (!selector.pattern) {
            completes = true;
        }
        parts.add(" }");
        return Node.statement(parts.toArray()).completing(completes || target.broken || (!arrows && last));
    }

    private Node arm(Scope scope, Target target, int depth) {
        Scope arm = scope.child();
        arm.targets.add(target);
        return statements.block(arm, depth - 1, 2);
    }

    private Selector selector(Scope scope, int depth) {
        int kinds = patterns ? 6 : 4;
        switch (choice.below(kinds)) {
            case 0:
                return new Selector(
                        fixed(expressions.cast(Ty.INT, scope, depth), " & 7"),
                        labels(scope, "0", "1, 2", "3", "5"),
                        false,
                        false);
            case 1:
                return new Selector(
                        expressions.any(Ty.STRING, scope, depth),
                        labels(scope, "\"Aa\"", "\"BB\", \"a\"", "\"\""),
                        false,
                        false);
            case 2:
                return new Selector(
                        expressions.any(Ty.COLOR, scope, depth), labels(scope, "RED", "GREEN", "BLUE"), true, false);
            case 3:
                return new Selector(expressions.any(Ty.CHAR, scope, depth), labels(scope, "'a'", "'b'"), false, false);
            case 4: {
                List<Label> labels = new ArrayList<>();
                addPattern(labels, scope, depth, "Integer", Ty.INTEGER);
                addPattern(labels, scope, depth, "String", Ty.STRING);
                if (choice.one(2)) {
                    String a = choice.name("b");
                    String b = choice.name("b");
                    Scope bound = scope.child();
                    bound.add(a, Ty.INT, false, true);
                    bound.add(b, Ty.STRING, false, true);
                    labels.add(new Label("Pair(int " + a + ", String " + b + ")", guard(bound, depth), bound));
                }
                addPattern(labels, scope, depth, "Pair", Ty.PAIR);
                if (choice.one(2)) {
                    labels.add(new Label("null", List.of(), scope));
                }
                Node object = fixed("(Object) ", expressions.any(Ty.OBJECT, scope, depth));
                return new Selector(object, labels, false, true);
            }
            default: {
                List<Label> labels = new ArrayList<>();
                String a = choice.name("b");
                Scope bound = scope.child();
                bound.add(a, Ty.INT, false, true);
                labels.add(new Label("Circle(var " + a + ")", List.of(), bound));
                String b = choice.name("b");
                String c = choice.name("b");
                bound = scope.child();
                bound.add(b, Ty.LONG, false, true);
                bound.add(c, Ty.OBJECT, false, true);
                labels.add(new Label(
                        "Nest(Square(long " + b + ", var " + c + "), Integer i" + c + ")", guard(bound, depth), bound));
                String d = choice.name("b");
                bound = scope.child();
                bound.add(d, Ty.INT, false, true);
                labels.add(new Label("Nest(Circle(int " + d + "), var i" + d + ")", guard(bound, depth), bound));
                labels.add(new Label("Nest n" + d, List.of(), scope));
                String e = choice.name("b");
                bound = scope.child();
                bound.add(e, Ty.LONG, false, true);
                labels.add(new Label("Square(long " + e + ", Object o" + e + ")", List.of(), bound));
                Node shape = fixed("(Shape) ", expressions.any(Ty.SHAPE, scope, depth));
                return new Selector(shape, labels, true, true);
            }
        }
    }

    private void addPattern(List<Label> labels, Scope scope, int depth, String type, Ty ty) {
        String name = choice.name("b");
        Scope bound = scope.child();
        bound.add(name, ty, false, true);
        List<Object> guard = guard(bound, depth);
        labels.add(new Label(type + " " + name, guard, bound));
        if (!guard.isEmpty() && !type.equals("Pair")) {
            String second = choice.name("b");
            Scope other = scope.child();
            other.add(second, ty, false, true);
            labels.add(new Label(type + " " + second, List.of(), other));
        }
    }

    private List<Object> guard(Scope bound, int depth) {
        if (choice.one(3)) {
            return List.of();
        }
        Scope guard = bound.body(null);
        guard.awaits = bound.awaits;
        guard.inMonitor = bound.inMonitor;
        guard.constructing = bound.constructing;
        return List.of(" when t.more(" + choice.place() + ") || ", expressions.any(Ty.BOOLEAN, guard, depth - 1));
    }

    private static List<Label> labels(Scope scope, String... texts) {
        List<Label> labels = new ArrayList<>();
        for (String text : texts) {
            labels.add(new Label(text, List.of(), scope));
        }
        return labels;
    }
}
